import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Thread, ThreadItem, ThreadStreamEvent } from "@waybill/protocol";
import type { ChatPage } from "./chat-page.ts";
import { answered, begun, done, said, threadOf, words } from "./events.ts";
import { base, conversation, loaded, pictures, steps } from "./gallery-items.ts";
import type { ScriptedChat, ScriptedTurn } from "./scripted-chat.ts";

/** One state of the element as the design's reference shows it. */
export interface GalleryState {
  /** The reference's name, and after a hyphen the part of its sheet. */
  readonly name: string;
  /** What the page sets besides theme and locale; the same with other values changes no conversation. */
  readonly options: object;
  /** CSS pixels of the reference; the height shows all of it. @default 720 */
  readonly width?: number;
  /** @default 720 */
  readonly height?: number;
  /**
   * Brings a fresh page into the state, with these options over its own; resolves when it is seen.
   * `setOptions({ ...options, ...settings })` afterwards changes theme or language in place.
   */
  open(page: ChatPage, chat: ScriptedChat, settings?: object): Promise<void>;
}

/** The composer that every state has. */
export const composer = {
  placeholder: "Ask about the survey",
  attachments: { enabled: true },
  dictation: { enabled: true },
  tools: [
    { id: "web", label: "Search the web", icon: "globe", pinned: true },
    { id: "archive", label: "Study the archive", icon: "book-open" },
  ],
  models: [
    { id: "two", label: "Field 2", description: "For most work", default: true },
    { id: "mini", label: "Field 2 mini", description: "Quick, for short questions" },
  ],
};

/** Options of every state. */
export const common = {
  composer,
  threadItemActions: { feedback: true, retry: true },
  disclaimer: { text: "Answers can be wrong. Check what matters. [Privacy](https://example.com/privacy)" },
};

const inThread = { ...common, initialThread: "thr_1" };
const quote = "The lantern is lit while the sun is still up, so the light probably runs day and night.";

/** Opens a thread called "Lighthouse survey" with these items. */
export async function openThread(
  page: ChatPage,
  chat: ScriptedChat,
  items: readonly ThreadItem[],
  options: object,
  more: Partial<Thread> = {},
): Promise<void> {
  chat.threads.set("thr_1", threadOf("thr_1", items, { title: "Lighthouse survey", ...more }));
  await page.setOptions(options);
  await page.part("transcript").waitFor();
  if (items.length > 0) await page.part("user-message").first().waitFor();
}

/** Sends a message in the open thread; the answer has begun with these events and goes on. */
export async function stream(
  page: ChatPage,
  chat: ScriptedChat,
  message: ThreadItem,
  ...events: readonly ThreadStreamEvent[]
): Promise<ScriptedTurn> {
  await page.send({ text: "…" });
  const turn = await chat.nextTurn();
  turn.send(
    { type: "thread.item.done", item: message },
    { type: "stream_options", stream_options: { allow_cancel: true } },
    ...events,
  );
  return turn;
}

/** A state of the conversation "Lighthouse survey". */
function inConversation(
  name: string,
  act: (page: ChatPage, chat: ScriptedChat, settings: object) => Promise<unknown>,
  { height = 720, ...options }: { height?: number } & Record<string, unknown> = {},
): GalleryState {
  const all = { ...inThread, ...options };
  return {
    name,
    options: all,
    height,
    open: async (page, chat, settings = {}) => {
      await act(page, chat, { ...all, ...settings });
    },
  };
}

/** A state of the composer of a new conversation. */
function ofComposer(
  name: string,
  act: (page: ChatPage, chat: ScriptedChat) => Promise<unknown>,
  options: object = {},
): GalleryState {
  const all = { ...common, ...options };
  return {
    name,
    options: all,
    height: 420,
    open: async (page, chat, settings = {}) => {
      await page.setOptions({ ...all, ...settings });
      await page.part("composer").waitFor();
      await act(page, chat);
    },
  };
}

const failure = (code: string, message: string, details = {}) => ({
  error: { code, message, request_id: "req_8f2c41d09be7", details },
  message,
});

/** A server on another origin, which lets no page read its answers; gone with the page. */
async function silentServer(page: ChatPage): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(500).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  page.page.once("close", () => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/chatkit`;
}

const changed = said("Which lights changed since the 2023 list?");
const workflow = (id: string, value: (ThreadItem & { type: "workflow" })["workflow"]): ThreadItem => ({
  ...base,
  type: "workflow",
  id,
  workflow: value,
});
const thought = workflow("wf_1", {
  type: "reasoning",
  tasks: steps.slice(1, 2),
  summary: { duration: 12 },
  expanded: false,
});
const comparing = workflow("wf_2", {
  type: "custom",
  tasks: steps,
  summary: { title: "Comparing two lists" },
  expanded: true,
});
const file = (name: string, mimeType: string, size = 12) => ({
  name,
  mimeType,
  buffer: Buffer.alloc(size, 1),
});

const pick = (page: ChatPage, ...files: readonly ReturnType<typeof file>[]) =>
  page.page.locator("#chat input[type=file]").setInputFiles([...files]);

/** States 01 to 06 of the reference, its header variants and its lightbox. */
export const galleryStates: readonly GalleryState[] = [
  {
    name: "start",
    options: {
      ...common,
      startScreen: {
        greeting: "What can I help you find?",
        prompts: [
          { label: "Describe a photo from the coast", prompt: "Describe", icon: "lucide:camera" },
          { label: "Plan a three-day route along the northern lights", prompt: "Plan", icon: "map-pin" },
          { label: "Compare two inspection reports", prompt: "Compare", icon: "document" },
          { label: "Explain how a Fresnel lens works", prompt: "Explain", icon: "book-open" },
        ],
      },
    },
    open: async (page, _chat, settings = {}) => {
      await page.setOptions({ ...galleryStates[0]?.options, ...settings });
      await page.part("prompt").first().waitFor();
      await page.part("prompt").nth(1).hover();
    },
  },
  inConversation(
    "conversation",
    async (page, chat, options) => {
      await openThread(page, chat, conversation(chat.origin), options);
      await page.part("actions").waitFor();
    },
    { height: 1390 },
  ),
  inConversation(
    "files",
    async (page, chat, options) => {
      await openThread(page, chat, [], options);
      const text =
        "Not quite. The inspection of 14 May 2024 records the lamp as *“switched by photocell, off in daylight”*, and gives the replacement date of that cell as open. The readings agree until August; from then on the current never falls to zero";
      await stream(page, chat, loaded(chat.origin), ...begun(), words(text));
      await page.seen("falls to zero").waitFor();
    },
    { height: 760 },
  ),
  inConversation("workflow", async (page, chat, options) => {
    await openThread(page, chat, [], options);
    await stream(
      page,
      chat,
      changed,
      { type: "thread.item.done", item: thought },
      { type: "thread.item.added", item: comparing },
    );
    await page.part("workflow").getByText("3 of 5").waitFor();
  }),
  inConversation(
    "workflow-image",
    async (page, chat, options) => {
      const image = { id: "i", url: `${chat.origin}/picture.svg` };
      await openThread(page, chat, [changed, { ...base, type: "generated_image", id: "g0", image }], options);
      await stream(
        page,
        chat,
        said("Draw the three that moved, as a simple plate.", { id: "msg_2" }),
        { type: "thread.item.added", item: { ...base, type: "generated_image", id: "g" } },
        {
          type: "thread.item.updated",
          item_id: "g",
          update: { type: "generated_image.updated", image: { id: "", url: "" }, progress: 0.6 },
        },
      );
      await page.part("generated-image").getByText("Drawing, 60 %").waitFor();
    },
    { height: 1020 },
  ),
  inConversation("notices", async (page, chat, options) => {
    await openThread(page, chat, [], options);
    const turn = await stream(
      page,
      chat,
      changed,
      { type: "notice", level: "info", message: "This conversation now uses the 2024 list." },
      {
        type: "notice",
        level: "warning",
        title: "Two readings are missing.",
        message: "March and April are estimated from the neighbours.",
      },
      {
        type: "notice",
        level: "danger",
        title: "The export failed.",
        message: "No file was written. Free some space and export again.",
      },
      ...begun(),
      done("Three of the lights have new characters."),
    );
    turn.end();
    await page.part("actions").waitFor();
  }),
  inConversation("notices-offline", async (page, chat, options) => {
    await openThread(page, chat, [changed, answered("Three of them.")], options);
    await page.page.context().setOffline(true);
    await page.part("connection").getByText("You are offline.").waitFor();
  }),
  ...(["stopped", "interrupted"] as const).map((state) =>
    inConversation(`notices-${state}`, async (page, chat, options) => {
      chat.runs.set("thr_1", { id: "run_1", thread_id: "thr_1", state });
      const text = "The tower was raised in 1898 and lit with paraffin until";
      await openThread(page, chat, [changed, answered(text)], options);
      await page.seen("raised in 1898").waitFor();
      await page.page.locator("#chat .ended").waitFor();
    }),
  ),
  inConversation(
    "notices-latest",
    async (page, chat, options) => {
      const long = Array.from({ length: 8 }, (_, index) =>
        said(`Reading ${index + 1}`, { id: `msg_${index}` }),
      );
      await openThread(page, chat, long, options);
      await stream(page, chat, changed, ...begun(), words("The readings agree until August."));
      await page.seen("agree until August").waitFor();
      await page.part("transcript").evaluate((log) => log.scrollTo(0, 0));
      await page.part("latest").waitFor();
    },
    { height: 480 },
  ),
  inConversation(
    "notices-waiting",
    async (page, chat, options) => {
      await openThread(page, chat, [], options);
      await stream(page, chat, changed);
      await page.page.locator("#chat .caret.wait").waitFor();
    },
    { height: 420 },
  ),
  inConversation(
    "notices-progress",
    async (page, chat, options) => {
      const call = {
        ...base,
        type: "client_tool_call",
        id: "c",
        call_id: "c",
        name: "show_region",
        arguments: {},
      } as const;
      await openThread(page, chat, [], options);
      await stream(
        page,
        chat,
        changed,
        { type: "thread.item.done", item: { ...call, status: "completed" } },
        { type: "progress_update", text: "Reading page 12 of 40" },
      );
      await page.seen("Reading page 12 of 40").waitFor();
    },
    { height: 420 },
  ),
  inConversation(
    "error",
    async (page, chat, options) => {
      const url = await silentServer(page);
      await page.setOptions({ ...options, api: { url }, initialThread: null });
      await page.send({
        text: "What is this a picture of?",
        attachments: pictures(chat.origin, "headland.png").map((image) => ({ ...image, type: "image" })),
      });
      await page.part("error-card").locator("summary").click();
    },
    { height: 1240 },
  ),
  inConversation("errors-certain", async (page, chat, options) => {
    const message = "The file is too large.";
    const details = { size_bytes: 775_946_240, max_bytes: 512 * 1024 ** 2 };
    chat.refuseFiles = { status: 413, body: failure("attachment_too_large", message, details) };
    await openThread(page, chat, [], options);
    await page.send({
      text: "What does the film show?",
      attachments: [
        {
          id: "film",
          name: "survey-film.mp4",
          mime_type: "video/mp4",
          type: "file",
          preview_url: `${chat.origin}/film.mp4`,
        },
      ],
    });
    await page.part("error-card").waitFor();
  }),
  inConversation("errors-possible", async (page, _chat, options) => {
    await page.setOptions({ ...options, api: { url: "http://127.0.0.1:9/chatkit" }, initialThread: null });
    await page.send({ text: "What is this a picture of?" });
    await page.part("error-card").waitFor();
  }),
  ofComposer("errors-setup", async (page) => page.part("error-card").waitFor(), { api: {} }),
  ofComposer("composer-empty", async () => undefined),
  ofComposer("composer-typing", async (page) => {
    await page.page.evaluate(() =>
      window.chat.setComposerValue({
        content: [
          { type: "input_text", text: "Does that agree with the last inspection at " },
          { type: "input_tag", id: "holm", text: "Holm Point", interactive: true },
          { type: "input_text", text: "?" },
        ],
        selectedToolId: "web",
      }),
    );
    await page.field.focus();
  }),
  ofComposer("composer-reply", async (page) => {
    const text =
      "Compare it with these three:\n1. the reading of 14 May\n2. the keeper’s own log\n3. what Ingrid saw from the boat";
    await page.page.evaluate((value) => window.chat.setComposerValue(value), { text, reply: quote });
    await page.seen(quote).waitFor();
  }),
  ofComposer("composer-attachments", async (page, chat) => {
    const names = ["headland.png", "inspection-2024.pdf", "survey-film.mp4", "keeper-interview.m4a"] as const;
    const types = ["image/png", "application/pdf", "video/mp4", "audio/mp4"] as const;
    const sizes = [2_400_000, 900_000, 24 * 1024 ** 2, 9_000_000] as const;
    await pick(page, ...names.map((name, index) => file(name, types[index] ?? "", sizes[index])));
    const [first, second] = [await chat.nextUpload(), await chat.nextUpload()];
    first.read();
    second.read();
    first.store({ id: "atc_1", name: names[0], mime_type: types[0], type: "file" });
    second.refuse(503, failure("shutting_down", "The server is being restarted."));
    await page.page.locator("#chat .tray [data-state=failed]").waitFor();
    await page.page.locator("#chat .tray [role=progressbar]").first().waitFor();
    await page.field.fill("What changed between these?");
  }),
  ofComposer("composer-refused", async (page, chat) => {
    chat.policy = { ...chat.policy, accept: ["image/*", "application/x-iso"], max_bytes: { "*/*": 5_000 } };
    await pick(
      page,
      file("site-backup.iso", "application/x-iso", 9_000),
      file("macro.docm", "application/x"),
    );
    await page.seen("2 files were not added.").waitFor();
  }),
  ofComposer(
    "composer-drop",
    async (page) => {
      await page.page.evaluate(() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(["x"], "pier.png", { type: "image/png" }));
        const init = { dataTransfer, bubbles: true, cancelable: true };
        window.chat.dispatchEvent(new DragEvent("dragenter", init));
      });
      await page.seen("Drop to attach").waitFor();
    },
    {
      composer: {
        ...composer,
        attachments: { enabled: true, accept: { "image/*": [".png"], "application/pdf": [".pdf"] } },
      },
    },
  ),
  ofComposer("composer-dictation", async (page) => {
    await page.part("dictate").click();
    await page.page.getByRole("timer", { name: "Recorded" }).waitFor();
  }),
  ...(["locked", "closed"] as const).map((type) =>
    inConversation(
      `composer-${type}`,
      async (page, chat, options) => {
        const reason =
          "This conversation is locked while a colleague checks it. You can read it, and write again when it is open.";
        const status = type === "locked" ? { type, reason } : { type };
        await openThread(page, chat, [changed, answered("Three of them.")], options, { status });
        await page.page.locator("#chat .shut").waitFor();
      },
      { height: 420 },
    ),
  ),
  ofComposer("headers-long", async (page) => page.part("title").waitFor(), {
    header: {
      title: {
        text: "Photocell readings that never fall to zero, and what that says about the relay at Holm Point since August",
      },
    },
  }),
  ofComposer("headers-actions", async (page) => page.part("title").waitFor(), {
    history: { enabled: false },
    header: {
      title: { text: "Harbour desk" },
      leftAction: { icon: "home" },
      rightAction: { icon: "settings-cog" },
    },
  }),
  inConversation("lightbox", async (page, chat, options) => {
    const attachments = pictures(chat.origin, "headland.png", "pier.png", "sectors.png");
    await openThread(page, chat, [said("What is this a picture of?", { attachments })], options);
    await page.part("attachment").first().click();
    await page.part("lightbox").locator("img").waitFor();
  }),
];
