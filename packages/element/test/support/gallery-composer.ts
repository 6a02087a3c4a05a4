import type { ChatPage } from "./chat-page.ts";
import { answered, said } from "./events.ts";
import {
  composer,
  failure,
  type GalleryState,
  inConversation,
  ofComposer,
  openThread,
} from "./gallery-state.ts";

const quote = "The lantern is lit while the sun is still up, so the light probably runs day and night.";
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const file = (name: string, mimeType: string, size = 12) => ({
  name,
  mimeType,
  size,
  start: Buffer.alloc(0),
});

/** Picks files; they are made in the page, since large ones take long to be sent there. */
const pick = (page: ChatPage, ...files: readonly ReturnType<typeof file>[]) =>
  page.page.locator("#chat input[type=file]").evaluate(
    (input: HTMLInputElement, given) => {
      const transfer = new DataTransfer();
      for (const { name, mimeType, size, start } of given)
        transfer.items.add(new File([new Uint8Array(start), new Uint8Array(size)], name, { type: mimeType }));
      input.files = transfer.files;
      input.dispatchEvent(new Event("change"));
    },
    files.map(({ start, ...rest }) => ({ ...rest, start: [...start] })),
  );

/** The composer by itself, as sheet 06 of the reference shows it. */
export const composerStates: readonly GalleryState[] = [
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
    const sizes = [2_400_000, 900_000, 12 * 1024 ** 2, 9_000_000] as const;
    const files = names.map((name, index) => file(name, types[index] ?? "", sizes[index]));
    // What follows the picture's end is not read.
    await pick(page, ...files.map((one, index) => (index === 0 ? { ...one, start: png } : one)));
    for (const upload of [await chat.nextUpload(), await chat.nextUpload()]) {
      upload.read();
      if ((await upload.body).includes(names[0]))
        upload.store({ id: "atc_1", name: names[0], mime_type: types[0], type: "file" });
      else upload.refuse(503, failure("shutting_down", "The server is being restarted."));
    }
    await page.page.locator("#chat .tray [data-state=failed]").waitFor();
    await page.page.locator("#chat .tray [data-state=uploading] .meta:has-text(' of ')").first().waitFor();
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
        await openThread(
          page,
          chat,
          [said("Which lights changed since the 2023 list?"), answered("Three of them.")],
          options,
          { status },
        );
        await page.page.locator("#chat .shut").waitFor();
      },
      { height: 420 },
    ),
  ),
];
