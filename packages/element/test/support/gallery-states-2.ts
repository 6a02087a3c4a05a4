import type {
  Attachment,
  StructuredInputItem,
  StructuredInputQuestion,
  Thread,
  ThreadItem,
} from "@waybill/protocol";
import type { ChatPage } from "./chat-page.ts";
import { answered, begun, said, threadOf, words } from "./events.ts";
import { base, cited, loaded, pictures } from "./gallery-items.ts";
import { common, composer, type GalleryState, openThread, stream } from "./gallery-states.ts";
import { addLocale } from "./locale.ts";
import type { ScriptedChat } from "./scripted-chat.ts";

type Act = (page: ChatPage, chat: ScriptedChat, options: object) => Promise<unknown>;

/** A state that is reached with these options. */
function state(
  name: string,
  act: Act,
  options: object = common,
  size: { readonly width?: number; readonly height?: number } = {},
): GalleryState {
  return {
    name,
    options,
    ...size,
    open: async (page, chat, settings = {}) => {
      await act(page, chat, { ...options, ...settings });
    },
  };
}

// ---- menus

const tools = [
  { id: "web", label: "Search the web", icon: "globe", pinned: true },
  { id: "archive", label: "Study the archive", icon: "book-open" },
  { id: "draw", label: "Draw", icon: "square-image" },
];
const models = [
  { id: "mini", label: "Field 2 mini", description: "Quick, for short questions" },
  { id: "two", label: "Field 2", description: "For most work", default: true },
  { id: "long", label: "Field 2 long", description: "Not in your plan", disabled: true },
];
const withMenus = { composer: { ...composer, tools, models } };
const low = { height: 420 };

/** Sets options with functions, which cannot be handed over as data. */
async function setEntities(page: ChatPage, options: object): Promise<void> {
  await page.page.evaluate((given) => {
    const all = [
      {
        id: "1",
        title: "Holm Point",
        icon: "map-pin",
        group: "Places",
        data: { description: "Light, 24 m" },
      },
      { id: "2", title: "Hogsty Rock", icon: "map-pin", group: "Places", data: { description: "Beacon" } },
      {
        id: "3",
        title: "Dag Holter",
        icon: "user",
        group: "People",
        data: { description: "Keeper until 2019" },
      },
    ];
    window.chat.setOptions({
      api: { url: "/chatkit" },
      ...given,
      entities: {
        onTagSearch: async (query: string) =>
          all.filter(({ title }) => title.toLowerCase().includes(query.toLowerCase())),
      },
    });
  }, options);
  await page.field.pressSequentially("Who kept the light at @Ho");
  await page.page.locator("#chat [role=option]").nth(2).waitFor();
}

const menus: readonly GalleryState[] = [
  state(
    "menus-tools",
    async (page, _chat, options) => {
      await page.setOptions(options);
      await page.part("tool").click();
      await page.part("tool-menu").click();
      await page.part("menu").waitFor();
    },
    withMenus,
    low,
  ),
  state(
    "menus-models",
    async (page, _chat, options) => {
      await page.setOptions(options);
      await page.part("model").click();
      await page.part("menu").waitFor();
    },
    withMenus,
    low,
  ),
  state("menus-entities", (page, _chat, options) => setEntities(page, options), withMenus, low),
];

// ---- questions

const period: StructuredInputQuestion = {
  type: "multiple_choice",
  id: "period",
  question: "Which period should the report cover?",
  multiple: false,
  options: ["This year", "The last twelve months", "Since the last inspection"].map((value) => ({ value })),
};
const sections: StructuredInputQuestion = {
  type: "multiple_choice",
  id: "sections",
  question: "Which sections do you need?",
  multiple: true,
  options: ["Structure", "Lantern and power", "Access and safety"].map((value) => ({ value })),
};
const free: StructuredInputQuestion = {
  type: "freeform",
  id: "free",
  question: "Anything the reader should know?",
  description: "Optional. One or two sentences are enough.",
};
const asked = (
  id: string,
  status: StructuredInputItem["status"],
  inputs: readonly StructuredInputQuestion[] = [period, sections, free],
): ThreadItem => ({ ...base, type: "structured_input", id, status, inputs });
const given = (...values: readonly string[]) => ({ values, skipped: values.length === 0 });

const questions = state(
  "questions",
  async (page, chat, options) => {
    const items = [
      said("Write the report."),
      asked("pending", "pending"),
      asked("answered", "answered", [
        { ...period, answer: given("Since the last inspection") },
        { ...sections, answer: given("Structure", "Lantern and power") },
        { ...free, answer: given() },
      ]),
      asked("skipped", "skipped"),
    ];
    await openThread(page, chat, items, options);
    for (const label of ["Since the last inspection", "Structure", "Lantern and power"])
      await page.part("structured-input").first().getByLabel(label).check();
    await page.page.locator("#chat .ask input:focus").blur();
  },
  { ...common, initialThread: "thr_1" },
  { height: 1360 },
);

// ---- history

const DAY_MS = 86_400_000;
const titles = [
  ["Lighthouse survey", 0],
  ["Which lights changed since the 2023 list?", 0],
  ["Keeper interview", 1],
  ["Old pier", 1],
  ["Route for the spring visit", 1],
  ["Photocell readings that never fall to zero, and what that says about the relay", 1],
] as const;

/** The conversations of the reference: two of today, four of yesterday. */
function threads(): readonly Thread[] {
  return titles.map(([title, daysAgo], index) => ({
    ...threadOf(`thr_${index + 1}`, [], { title }),
    created_at: new Date(Date.now() - daysAgo * DAY_MS).toISOString(),
  }));
}

const open = { ...common, initialThread: "thr_1", disclaimer: null };
const wide = { width: 960 };

function history(name: string, act: (page: ChatPage) => Promise<unknown>): GalleryState {
  return state(
    name,
    async (page, chat, options) => {
      chat.answers.set("threads.list", () => ({ data: threads(), has_more: false }));
      const attachments = pictures(chat.origin, "headland.png");
      const answer = answered(
        "It is a **lighthouse on a low headland**, photographed from the water at low sun. The white tower carries two red bands.",
      );
      await openThread(page, chat, [said("What is this a picture of?", { attachments }), answer], options);
      await page.page.evaluate(() => window.chat.showHistory());
      await page.part("history-search").waitFor();
      await act(page);
    },
    open,
    wide,
  );
}

const row = (page: ChatPage, index: number) => page.page.locator("#chat .threads .open").nth(index);

const histories: readonly GalleryState[] = [
  history("history", async (page) => {
    await row(page, 1).hover();
    await page.page.locator("#chat .th .ib").nth(1).click();
    await page.page.locator("#chat [role=menuitem]").first().waitFor();
  }),
  history("history-rename", async (page) => {
    await row(page, 2).press("F2");
    const title = page.page.locator("#chat .th .input");
    await title.waitFor();
    await title.fill("Keeper interview, notes");
  }),
  history("history-delete", async (page) => {
    await row(page, 3).press("Delete");
    await page.page.locator("#chat .ask-del").waitFor();
  }),
  state(
    "history-empty",
    async (page, chat, options) => {
      chat.answers.set("threads.list", () => ({ data: [], has_more: false }));
      await page.setOptions(options);
      await page.page.evaluate(() => window.chat.showHistory());
      await page.part("history").locator(".void").waitFor();
    },
    common,
    wide,
  ),
  history("history-nomatch", async (page) => {
    await row(page, 0).waitFor();
    await page.part("history-search").fill("anchor");
    await page.part("history").locator(".void").waitFor();
  }),
  state(
    "history-loading",
    async (page, chat, options) => {
      await openThread(page, chat, [said("What is this a picture of?")], options);
      await page.page.route("**/chatkit", (route) => {
        if (!route.request().postData()?.includes("threads.list")) return route.fallback();
      });
      await page.page.evaluate(() => window.chat.showHistory());
      await page.page.locator("#chat .bones .sk").first().waitFor();
    },
    open,
    wide,
  ),
];

const threadLoading = state(
  "thread-loading",
  async (page, _chat, options) => {
    await page.page.route("**/chatkit", () => undefined);
    await page.setOptions(options);
    await page.page.locator("#chat .log .late").waitFor();
  },
  open,
  low,
);

// ---- long names, right to left, and a theme of its own

const file = (name: string, mimeType: string): Attachment => ({
  id: `atc_${name}`,
  name,
  mime_type: mimeType,
  type: "file",
});

const stress = state(
  "stress",
  async (page, chat, options) => {
    const attachments = [
      file(
        "2024-05-14_northern-section_inspection-report_final_FINAL_v7_reviewed-by-everybody_do-not-edit.pdf",
        "application/pdf",
      ),
      file("noextensionandnospacesatallbutaverylongnameindeed0123456789", "application/octet-stream"),
      file(
        "نسخة-من-تقرير-طويل-جدا-عن-منارات-الشمال.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      ),
    ];
    const question = said(
      "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft und https://archive.example/a/very/long/path/that/never/ends/0123456789abcdef0123456789abcdef0123456789abcdef.html?with=query&and=more",
      { attachments },
    );
    const answer =
      answered(`A path such as \`/srv/data/attachments/2024/05/14/northern-section/inspection-report-final-v7.pdf\` breaks inside its own box, and a word like Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz wraps at the edge.

| Light | Character | Daymark | Sector | Range | Height | Position | Remarks |
|---|---|---|---|---|---|---|---|
| Holm Point | Fl(2) W 10 s | White, two red bands | 012° to 148° | 14 M | 24 m | 65° 12.4′ N 11° 58.9′ E | Photocell to be replaced |

\`\`\`sh
waybill doctor --origin https://app.example https://api.example/chatkit --through https://proxy.example --timeout-ms 5000
\`\`\``);
    chat.threads.set(
      "thr_1",
      threadOf("thr_1", [question, answer], {
        title: "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihungsurkunde",
      }),
    );
    await page.setOptions(options);
    await page.part("code").waitFor();
    await page.field.fill("Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz");
    await page.field.blur();
  },
  { ...common, initialThread: "thr_1" },
  { width: 360, height: 1160 },
);

const arabic = [
  { id: "web", label: "ابحث في الويب", icon: "globe", pinned: true },
  ...composer.tools.slice(1),
];

const rtl = state(
  "rtl",
  async (page, chat, options) => {
    const question = said("ما الذي يظهر في هذه الصورة؟", {
      attachments: [
        ...pictures(chat.origin, "headland.png"),
        file("تقرير-التفتيش-2024.pdf", "application/pdf"),
      ],
    });
    const thought: ThreadItem = {
      ...base,
      type: "workflow",
      id: "wf_1",
      workflow: {
        type: "reasoning",
        tasks: [{ type: "thought", status_indicator: "complete", title: "قرّر", content: "علامة جديدة." }],
        summary: { duration: 12 },
        expanded: false,
      },
    };
    const answer =
      cited(`هذه **منارة على رأس بحري منخفض**، التُقطت صورتها من الماء والشمس قريبة من الأفق. البرج أبيض وعليه شريطان أحمران.{1}

## ما يلفت النظر

- المصباح مضاء قبل الغروب.
- الشريطان علامة نهارية تميّز هذا البرج من جيرانه.

| المنارة | الارتفاع | التطابق |
|---|---:|---:|
| هولم | 24 م | 91% |
| ساندفيك | 19 م | 64% |

\`\`\`ts
const tall = lights.filter((l) => l.heightM >= 20);
\`\`\``);
    await addLocale(page, "ar");
    chat.threads.set("thr_1", threadOf("thr_1", [question, thought, answer], { title: "مسح المنارات" }));
    await page.setOptions(options);
    await page.part("code").waitFor();
  },
  {
    ...common,
    initialThread: "thr_1",
    locale: "ar",
    composer: { ...composer, tools: arabic, placeholder: "اسأل عن المسح" },
    disclaimer: { text: "قد تكون الأجوبة خاطئة. تحقّق من المهم." },
  },
  { height: 1120 },
);

/** The theme of the reference's last picture; `scheme` is its `colorScheme`. */
export const softTheme = (scheme: "light" | "dark") => ({
  colorScheme: scheme,
  radius: "soft",
  density: "compact",
  typography: { baseSize: 15 },
  color: { grayscale: { hue: 80, tint: 7, shade: -1 }, accent: { primary: "#8a3210", level: 2 } },
});

const themed = state(
  "theme",
  async (page, chat, options) => {
    await openThread(page, chat, [], options);
    const text =
      "Not quite. The inspection of 14 May 2024 records the lamp as *“switched by photocell, off in daylight”*, and gives the replacement date of that cell as open. The readings agree until August; from then on the current never falls to zero";
    await stream(page, chat, loaded(chat.origin), ...begun(), words(text));
    await page.seen("falls to zero").waitFor();
  },
  { ...common, initialThread: "thr_1", theme: softTheme("light") },
);

/** States 07 to 14 of the reference, its empty lists and its waits; widgets aside. */
export const galleryStates2: readonly GalleryState[] = [
  ...menus,
  questions,
  ...histories,
  threadLoading,
  stress,
  rtl,
  themed,
];
