import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { accepted, done, said } from "../support/events.ts";
import { type ChatStage, failure, type Scenarios } from "./chat-stage.ts";
import { closedOrigin } from "./foreign-servers.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const WITH_FILES = { composer: { attachments: { enabled: true } } };
const CHIP = ".tray [part~=attachment]";

/** Picks a file of this content by the element's own input. */
async function pick({ page }: ChatStage, name: string, content: Uint8Array): Promise<AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "waybill-pick-"));
  const path = join(folder, name);
  await writeFile(path, content);
  await page.see("[part=attach]");
  await page.setFiles("#chat input[type=file], input[type=file]", path);
  return { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

const stored = (stage: ChatStage, name: string) => ({
  id: "atc_1",
  name,
  mime_type: "image/png",
  type: "image" as const,
  preview_url: `${stage.chat.origin}/picture.svg`,
});

/** Files on their way to the server. */
export const uploads: Scenarios = {
  "uploads a picked file, shows it, and sends it by its id": async (stage) => {
    const { page, chat } = stage;
    await stage.open(WITH_FILES);
    await using _file = await pick(stage, "headland.png", PNG);
    const upload = await chat.nextUpload();
    await stage.attribute(CHIP, "data-state", "uploading");
    upload.read();
    expect(await upload.body).toContain('filename="headland.png"');
    upload.store(stored(stage, "headland.png"));
    await stage.attribute(CHIP, "data-state", "ready");
    await page.until(() => {
      const [image] = window.tools.all(".tray img");
      return image instanceof HTMLImageElement && image.naturalWidth === 1;
    });
    await stage.write("What is this?");
    await page.press("Enter");
    const turn = await chat.nextTurn();
    expect(turn.request.params["input"]).toMatchObject({ attachments: ["atc_1"] });
    turn.send(...accepted(said("What is this?")), done("A headland"));
    turn.end();
    await page.read("[part~=assistant-message]", "A headland");
    expect(await stage.count(CHIP)).toBe(0);
  },

  "shows how far a large file is, and ends its upload": async (stage) => {
    const { page, chat } = stage;
    await stage.open(WITH_FILES);
    await using _file = await pick(stage, "film.mp4", Buffer.alloc(24 * 1024 ** 2));
    const upload = await chat.nextUpload(); // and is not read: it fills the buffers and waits
    await page.until(() => {
      const [bar] = window.tools.all("[role=progressbar]");
      const percent = Number(bar?.getAttribute("aria-valuenow"));
      return percent > 0 && percent < 100;
    });
    expect(await page.see(CHIP)).toMatch(/[\d.]+ [KM]B of 24 MB/);
    await page.click({ css: "button", name: "Cancel film.mp4" });
    upload.read();
    await upload.closed;
    await page.gone(CHIP);
    await page.hasFocus("Message");
  },

  "removes an uploaded file, by keys and from the server": async (stage) => {
    const { page, chat } = stage;
    await stage.open(WITH_FILES);
    await using _file = await pick(stage, "headland.png", PNG);
    const upload = await chat.nextUpload();
    upload.read();
    upload.store(stored(stage, "headland.png"));
    await stage.attribute(CHIP, "data-state", "ready");
    await page.click("[part=field]");
    await page.press("Backspace", "Delete");
    await page.gone(CHIP);
    await page.hasFocus("Message");
    expect(chat.questions.map(({ type }) => type)).toEqual(["attachments.delete"]);
  },

  "says why an upload failed, in words": async (stage) => {
    const { page, chat } = stage;
    await stage.open(WITH_FILES);
    await using _file = await pick(stage, "headland.png", PNG);
    const upload = await chat.nextUpload();
    upload.read();
    await upload.body;
    upload.refuse(413, failure("attachment_too_large", "The limit is 20 bytes."));
    await stage.attribute(CHIP, "data-state", "failed");
    expect(await page.see(CHIP)).toContain("The limit is 20 bytes");
    await page.click({ css: "button", name: "Remove headland.png" });
    await page.gone(CHIP);
    const uploadStrategy = { type: "direct", uploadUrl: `${await closedOrigin()}/files` };
    await stage.setOptions({ ...WITH_FILES, api: { url: "/chatkit", uploadStrategy } });
    await using _again = await pick(stage, "headland.png", PNG);
    await stage.attribute(CHIP, "data-state", "failed");
    expect(await page.see(CHIP)).toContain("The server could not be reached");
    await page.see({ css: "button", name: "Upload headland.png again" });
  },

  "takes files that are dropped, and files and text that are pasted": async (stage) => {
    const { page, chat } = stage;
    await stage.open(WITH_FILES);
    await page.drop("#chat", { name: "pier.png", type: "image/png", text: "x" });
    (await chat.nextUpload()).read();
    await page.read(CHIP, "pier");
    await page.paste("[part=field]", [{ name: "shot.png", type: "image/png", text: "x" }]);
    (await chat.nextUpload()).read();
    await page.read(CHIP, "shot");
    await page.paste("[part=field]", "plain\nwords");
    await page.read("[part=field]", "plain\nwords");
  },
};
