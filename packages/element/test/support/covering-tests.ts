import type { ChatKitEvents, ChatKitOptions, OpenAIChatKit } from "@openai/chatkit";

type Keys<T> = T extends T ? keyof T : never;
type Member<T, K> = T extends T ? (K extends keyof T ? T[K] : never) : never;
type Parts<T> = T extends readonly (infer Entry)[]
  ? Parts<Entry>
  : T extends Blob | ((...args: never[]) => unknown)
    ? never
    : T extends object
      ? string extends keyof T
        ? never
        : T
      : never;
type Covered<T> = [Parts<T>] extends [never]
  ? string
  : { readonly [K in Keys<Parts<T>>]-?: Covered<Member<Parts<T>, K>> };
type Method = Exclude<keyof OpenAIChatKit, keyof HTMLElement>;
type Parameter<Name extends "sendUserMessage" | "setComposerValue"> = Parameters<OpenAIChatKit[Name]>[0];

const UPLOADS = "uploads: uploads where the page says, in the way it says";
const THEME = "options: theme: every member changes what is seen";
const FONTS = "options: theme: a font of the page is loaded where its family is used";
const HEADER = "options: header: its title can be replaced or hidden, and all of it left out";
const BUTTONS = "history: shows the page's own actions in the header under a name";
const PROMPTS = "options: startScreen: a prompt has a label and an icon, and sends text or tags";
const RATING = "options: threadItemActions: each button stands alone, and none is there unasked";
const LIMITS = "options: composer.attachments: size, count and types are held to";
const MENUS = "menus: a pinned tool is a toggle button; what is on goes with one message, unless it persists";
const MODELS = "menus: a disabled model is reached and not chosen; another is, and is sent";
const SENDS = "conversation: sends on in the same thread, with everything a page can say of a message";
const WRITES = "uploads: setComposerValue sets what it names and leaves the rest";
const SHOWS = "conversation: gets an answer about a picture (%s)";
const PASSED_ON = "options: options that this version does not act on are named to the page";
const TITLED = "entities: the field leads the list: arrows move, Enter takes, and the focus stays";
const message = (name: string) => ({
  type: name,
  text: name,
  id: name,
  group: name,
  data: name,
  interactive: name,
});
const attachment = (name: string) => ({ type: name, id: name, name, mime_type: name, preview_url: name });

const OPTIONS = {
  api: {
    url: SHOWS,
    fetch: "options: api: the page's fetch carries what it adds, and a domain key is taken without a word",
    domainKey:
      "options: api: the page's fetch carries what it adds, and a domain key is taken without a word",
    uploadStrategy: {
      type: "options: api: in two phases, a file is announced and its bytes go where the server says",
      uploadUrl: UPLOADS,
    },
    getClientSecret: "failures: the hosted service is refused in words",
  },
  locale: "locales: speaks a locale as soon as its sentences are registered, and fetches none by itself",
  theme: {
    colorScheme: THEME,
    typography: {
      baseSize: THEME,
      fontSources: {
        family: FONTS,
        src: FONTS,
        weight: FONTS,
        style: FONTS,
        display: FONTS,
        unicodeRange: FONTS,
      },
      fontFamily: THEME,
      fontFamilyMono: THEME,
    },
    radius: THEME,
    density: THEME,
    color: {
      grayscale: { hue: THEME, tint: THEME, shade: THEME },
      accent: { primary: THEME, level: THEME },
      surface: { background: THEME, foreground: THEME },
    },
  },
  frameTitle: "options: frameTitle: names the region, and the heading of a chat without a header",
  initialThread: SENDS,
  onClientTool: "items: are carried out, and their result lets the answer go on",
  header: {
    enabled: HEADER,
    title: { enabled: HEADER, text: HEADER },
    leftAction: { icon: BUTTONS, onClick: BUTTONS },
    rightAction: { icon: BUTTONS, onClick: BUTTONS },
  },
  history: {
    enabled: "history: says that there are none, and that they could not be loaded",
    showDelete: "history: offers only what the options allow",
    showRename: "options: history: renaming can be left out, and all of it",
  },
  startScreen: {
    greeting: "conversation: a prompt of the start screen is sent when it is chosen",
    prompts: { label: PROMPTS, prompt: message(PROMPTS), icon: PROMPTS },
  },
  threadItemActions: { feedback: RATING, retry: RATING },
  composer: {
    placeholder: "options: composer.placeholder: stands in the empty field",
    attachments: { enabled: LIMITS, maxSize: LIMITS, maxCount: LIMITS, accept: LIMITS },
    tools: {
      id: MENUS,
      label: MENUS,
      icon: "options: composer.tools: a tool has its icon in the menu and on its button",
      shortLabel: MENUS,
      placeholderOverride: "menus: a tool may say what to write",
      pinned: MENUS,
      persistent: MENUS,
    },
    models: { id: MODELS, label: MODELS, description: MODELS, disabled: MODELS, default: MODELS },
    dictation: {
      enabled: "dictation: records, shows level and time, and Enter has it written down at the caret",
    },
  },
  disclaimer: {
    text: "options: disclaimer: is Markdown below the field, with more contrast if asked",
    highContrast: "options: disclaimer: is Markdown below the field, with more contrast if asked",
  },
  entities: {
    onTagSearch: TITLED,
    showComposerMenu: "entities: a button begins a search as well",
    onClick:
      "entities: a tag with something behind it can be clicked and is previewed, in the field and in a message",
    onRequestPreview:
      "entities: a tag with something behind it can be clicked and is previewed, in the field and in a message",
  },
  commands: { enabled: PASSED_ON, onSearch: PASSED_ON, onSelect: PASSED_ON },
  widgets: { onAction: PASSED_ON },
  thread: { autoScroll: "reading: follows nothing where the page says so" },
} satisfies Covered<ChatKitOptions>;

const METHODS = {
  setOptions: "options: setOptions: nothing of an earlier set is kept",
  focusComposer: "options: methods: the field is focused, and a conversation opened, begun and left",
  setThreadId: "options: methods: the field is focused, and a conversation opened, begun and left",
  sendCustomAction: "items: tells the page of a link into it, and sends an action of the page to the server",
  sendUserMessage: SENDS,
  setComposerValue: WRITES,
  showHistory: "history: covers a narrow conversation, which is out of reach until a choice is made",
  hideHistory: "history: covers a narrow conversation, which is out of reach until a choice is made",
  fetchUpdates: "conversation: loads older messages on demand, and the thread again when asked to",
} satisfies Record<Method, string>;

const SENT = {
  text: SHOWS,
  content: message(SENDS),
  reply: SENDS,
  attachments: attachment(SHOWS),
  newThread: "options: methods: the field is focused, and a conversation opened, begun and left",
  toolChoice: { id: SENDS },
  model: SENDS,
} satisfies Covered<Parameter<"sendUserMessage">>;

const WRITTEN = {
  text: WRITES,
  content: message(WRITES),
  reply: WRITES,
  attachments: attachment(WRITES),
  files: WRITES,
  selectedToolId: WRITES,
  selectedModelId: WRITES,
} satisfies Covered<Parameter<"setComposerValue">>;

const EVENTS = {
  "chatkit.ready": SHOWS,
  "chatkit.error": "failures: a thread that cannot be loaded is a card, an event and a rejection",
  "chatkit.effect": "conversation: tells the page of effects, and of what it cannot show",
  "chatkit.deeplink":
    "items: tells the page of a link into it, and sends an action of the page to the server",
  "chatkit.response.start": SHOWS,
  "chatkit.response.end": SHOWS,
  "chatkit.history.open":
    "history: opens beside the conversation with the focus in the search, and gives it back",
  "chatkit.history.close":
    "history: opens beside the conversation with the focus in the search, and gives it back",
  "chatkit.thread.change": SHOWS,
  "chatkit.thread.load.start":
    "conversation: loads older messages on demand, and the thread again when asked to",
  "chatkit.thread.load.end":
    "conversation: loads older messages on demand, and the thread again when asked to",
  "chatkit.tool.change": MENUS,
  "chatkit.log": PASSED_ON,
} satisfies Record<keyof ChatKitEvents, string>;

type Names = string | { readonly [key: string]: Names };
const namesIn = (names: Names): readonly string[] =>
  typeof names === "string" ? [names] : Object.values(names).flatMap(namesIn);

/**
 * The tests that look at what each option, method and event does, each once, as `file: name`. Does
 * not compile while upstream's types have one that is not in the tables, or lack one that is.
 *
 * Source: `@openai/chatkit` 1.9, `ChatKitOptions`, `OpenAIChatKit`, `ChatKitEvents`.
 */
export const coveringTests: readonly string[] = [
  ...new Set(namesIn({ OPTIONS, METHODS, SENT, WRITTEN, EVENTS })),
];
