import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ThreadItem } from "@waybill/protocol";
import type { ChatPage } from "./chat-page.ts";
import { answered, begun, done, said, words } from "./events.ts";
import { composerStates } from "./gallery-composer.ts";
import { base, citation, conversation, loaded, pictures, steps } from "./gallery-items.ts";
import {
  common,
  failure,
  type GalleryState,
  inConversation,
  ofComposer,
  openThread,
  stream,
} from "./gallery-state.ts";

export { common, composer, type GalleryState, openThread, stream } from "./gallery-state.ts";

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
      const turn = await stream(page, chat, loaded(chat.origin), ...begun(), words(text));
      turn.send(citation(3, text.indexOf(" The readings")));
      await page.part("citation").hover();
      await page.seen("falls to zero").waitFor();
    },
    { height: 760 },
  ),
  inConversation(
    "workflow",
    async (page, chat, options) => {
      await openThread(page, chat, [], options);
      await stream(
        page,
        chat,
        changed,
        { type: "thread.item.done", item: thought },
        { type: "thread.item.added", item: comparing },
      );
      await page.part("workflow").getByText("3 of 5").waitFor();
    },
    { height: 760 },
  ),
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
          update: { type: "generated_image.updated", image, progress: 0.6 },
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
    { height: 1360 },
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
  ofComposer("errors-setup", async (page) => page.part("error-card").waitFor(), { height: 720, api: {} }),
  ...composerStates,
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
