import { expect, test } from "vitest";
import { accepted, begun, done, said, words } from "./support/events.ts";
import { useChat } from "./support/fixture.ts";

const fixture = useChat();
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const picture = { name: "headland.png", mimeType: "image/png", buffer: PNG };
const report = { name: "inspection-2024.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7") };

async function openReady(composer: object = { attachments: { enabled: true } }) {
  const page = await fixture.open();
  await page.setOptions({ composer });
  await page.field.waitFor();
  const picker = page.page.locator("#chat input[type=file]");
  const chip = (name: string) => page.part("attachment").filter({ hasText: name });
  return { page, picker, chip, send: page.part("send") };
}

const stored = (origin: string) => ({
  id: "atc_1",
  name: picture.name,
  mime_type: picture.mimeType,
  type: "image" as const,
  preview_url: `${origin}/picture.svg`,
});

test("a file that was picked is uploaded, shown, and sent by its id", async () => {
  const { page, picker, chip, send } = await openReady();
  await picker.setInputFiles(picture);
  const upload = await fixture.chat.nextUpload();
  await expect.poll(() => chip("headland").getAttribute("data-state")).toBe("uploading");
  expect(await send.getAttribute("aria-label")).toBe("Send: wait until the file is uploaded");
  upload.read();
  expect(await upload.body).toContain('filename="headland.png"');
  upload.store(stored(fixture.chat.origin));
  await expect.poll(() => chip("headland").getAttribute("data-state")).toBe("ready");
  await page.page.locator("[aria-live=polite]").getByText("headland.png is uploaded.").waitFor();
  expect(await send.getAttribute("aria-label")).toBe("Send");
  expect(await chip("headland").locator("img").getAttribute("src")).toMatch(/^blob:/);
  await page.field.fill("What is this?");
  await page.field.press("Enter");
  const turn = await fixture.chat.nextTurn();
  expect(turn.request.params["input"]).toMatchObject({ attachments: ["atc_1"] });
  turn.send(...accepted(said("What is this?")), ...begun(), words("A headland"), done("A headland"));
  turn.end();
  await page.seen("A headland").waitFor();
  expect(await chip("headland").count()).toBe(0);
});

test("shows how far a large file is, and ends the upload when it is cancelled", async () => {
  const { page, picker, chip } = await openReady();
  await picker.setInputFiles({
    name: "film.mp4",
    mimeType: "video/mp4",
    buffer: Buffer.alloc(24 * 1024 ** 2),
  });
  const upload = await fixture.chat.nextUpload(); // and is not read: it fills the buffers and waits
  const bar = chip("film").getByRole("progressbar");
  await expect.poll(async () => Number(await bar.getAttribute("aria-valuenow"))).toBeGreaterThan(0);
  expect(Number(await bar.getAttribute("aria-valuenow"))).toBeLessThan(100);
  expect(await chip("film").innerText()).toMatch(/[\d.]+ [KM]B of 24 MB/);
  await page.page.getByRole("button", { name: "Cancel film.mp4" }).click();
  upload.read();
  await upload.closed;
  expect(await chip("film").count()).toBe(0);
  expect(await page.field.evaluate((field) => field.matches(":focus"))).toBe(true);
});

test("an upload goes on while the element is moved, and while another conversation is open", async () => {
  const { page, picker, chip } = await openReady();
  await picker.setInputFiles(picture);
  const upload = await fixture.chat.nextUpload();
  upload.read();
  await page.page.evaluate(() => {
    const place = document.createElement("div");
    place.style.blockSize = "600px";
    document.body.prepend(place);
    place.append(window.chat);
    return window.chat.setThreadId("thr_gone").catch(() => undefined);
  });
  expect(await chip("headland").count()).toBe(0);
  upload.store(stored(fixture.chat.origin));
  await page.page.evaluate(() => window.chat.setThreadId(null));
  await expect.poll(() => chip("headland").getAttribute("data-state")).toBe("ready");
});

test("a file that is ready survives a reload with its draft", async () => {
  const { page, picker, chip } = await openReady();
  await page.field.fill("Look");
  await picker.setInputFiles(picture);
  const upload = await fixture.chat.nextUpload();
  upload.read();
  upload.store(stored(fixture.chat.origin));
  await expect.poll(() => chip("headland").getAttribute("data-state")).toBe("ready");
  await page.load(`${fixture.chat.origin}/`);
  await page.setOptions({ composer: { attachments: { enabled: true } } });
  await expect.poll(() => page.written()).toBe("Look");
  expect(await chip("headland").locator("img").getAttribute("src")).toContain("/picture.svg");
  await page.field.press("Enter");
  const turn = await fixture.chat.nextTurn();
  expect(turn.request.params["input"]).toMatchObject({ content: [{ type: "input_text", text: "Look" }] });
});

test("a failed upload says why, keeps Send off, and can be tried again", async () => {
  const { page, picker, chip, send } = await openReady();
  await picker.setInputFiles(report);
  const upload = await fixture.chat.nextUpload();
  upload.read();
  upload.refuse(503, {
    error: { code: "shutting_down", message: "The server is being restarted.", request_id: "req_1" },
  });
  await expect.poll(() => chip("inspection").getAttribute("data-state")).toBe("failed");
  await page.field.fill("Look");
  expect(await send.getAttribute("aria-label")).toBe("Send: upload inspection-2024.pdf again, or remove it");
  await page.page.getByRole("button", { name: "Upload inspection-2024.pdf again", exact: true }).click();
  const again = await fixture.chat.nextUpload();
  again.read();
  again.store({ id: "atc_2", name: report.name, mime_type: report.mimeType, type: "file" });
  await expect.poll(() => send.getAttribute("aria-label")).toBe("Send");
});

test("files that are not taken are named in one note with the reason and the limit", async () => {
  fixture.chat.policy = { ...fixture.chat.policy, accept: ["image/*"], max_bytes: { "*/*": 20 } };
  const { page, picker } = await openReady();
  await picker.setInputFiles([report, picture]);
  const note = page.page.locator("#chat").getByRole("note");
  await note.waitFor();
  expect(await note.innerText()).toContain("2 files were not added.");
  expect(await note.innerText()).toContain("inspection-2024.pdf is not a type that this chat accepts.");
  expect(await note.innerText()).toContain("headland.png is 70 bytes; the limit is 20 bytes.");
  await page.page.getByRole("button", { name: "Dismiss: files not added" }).click();
  expect(await note.count()).toBe(0);
  expect(fixture.chat.asked).not.toContain("POST /v1/files");
});

test("Backspace in an empty field goes to the last file, Delete removes, the neighbour has the focus", async () => {
  const { page, picker, chip } = await openReady();
  await picker.setInputFiles([picture, report]);
  for (const id of ["atc_1", "atc_2"]) {
    const upload = await fixture.chat.nextUpload();
    upload.read();
    upload.store({ ...stored(fixture.chat.origin), id });
  }
  await expect.poll(() => page.page.locator("#chat .tray li[data-state=ready]").count()).toBe(2);
  const focused = (name: string) => chip(name).evaluate((row) => row.matches(":focus"));
  await page.field.press("Backspace");
  expect(await focused("inspection")).toBe(true);
  await page.page.keyboard.press("ArrowLeft");
  expect(await focused("headland")).toBe(true);
  await page.page.keyboard.press("Delete");
  await expect.poll(() => chip("headland").count()).toBe(0);
  expect(await focused("inspection")).toBe(true);
  await page.page.keyboard.press("Delete");
  await expect.poll(() => page.field.evaluate((field) => field.matches(":focus"))).toBe(true);
  await expect
    .poll(() => fixture.chat.questions.map(({ params }) => params["attachment_id"]))
    .toEqual(["atc_1", "atc_2"]);
});

test("takes files that are dropped anywhere on the element, and says what it accepts meanwhile", async () => {
  const { page, chip } = await openReady({
    attachments: { enabled: true, accept: { "image/*": [".png"], "application/pdf": [".pdf"] } },
  });
  const drag = (type: string, kind: "file" | "text") =>
    page.page.evaluate(
      ([type, kind]) => {
        const dataTransfer = new DataTransfer();
        if (kind === "file") dataTransfer.items.add(new File(["x"], "pier.png", { type: "image/png" }));
        else dataTransfer.setData("text/plain", "words");
        const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, composed: true });
        return !window.chat.dispatchEvent(event);
      },
      [type, kind] as const,
    );
  expect(await drag("dragenter", "text")).toBe(false);
  expect(await page.seen("Drop to attach").count()).toBe(0);
  expect(await drag("dragenter", "file")).toBe(true);
  await page.seen("Images, PDF document, up to 512 MB each").waitFor();
  await drag("dragleave", "file");
  await expect.poll(() => page.seen("Drop to attach").count()).toBe(0);
  await drag("dragenter", "file");
  await drag("drop", "file");
  await expect.poll(() => chip("pier").count()).toBe(1);
  expect(await page.seen("Drop to attach").count()).toBe(0);
});

test("pasted files are attached, pasted text is text", async () => {
  const { page, chip } = await openReady();
  const paste = (kind: "file" | "text") =>
    page.field.evaluate((field, kind) => {
      const clipboardData = new DataTransfer();
      if (kind === "file") clipboardData.items.add(new File(["x"], "shot.png", { type: "image/png" }));
      else {
        clipboardData.setData("text/plain", "plain\nwords");
        clipboardData.setData("text/html", "<b>plain</b> words");
      }
      field.focus();
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, kind);
  await paste("text");
  expect(await page.written()).toBe("plain\nwords");
  expect(await page.field.locator("b").count()).toBe(0);
  await paste("file");
  await expect.poll(() => chip("shot").count()).toBe(1);
});

test("a page that offers no attachments has no button and leaves dropped files alone", async () => {
  const { page, picker } = await openReady({});
  expect(await picker.count()).toBe(0);
  expect(await page.part("attach").count()).toBe(0);
  const prevented = await page.page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["x"], "pier.png"));
    return !window.chat.dispatchEvent(
      new DragEvent("dragover", { dataTransfer, bubbles: true, cancelable: true }),
    );
  });
  expect(prevented).toBe(false);
});

test("uploads where the page says, in the way it says", async () => {
  const page = await fixture.open();
  await page.setOptions({
    api: {
      url: "/chatkit",
      uploadStrategy: { type: "direct", uploadUrl: `${fixture.chat.origin}/elsewhere` },
    },
    composer: { attachments: { enabled: true } },
  });
  await page.page.locator("#chat input[type=file]").setInputFiles(report);
  const upload = await fixture.chat.nextUpload();
  upload.read();
  upload.store({ id: "atc_9", name: report.name, mime_type: report.mimeType, type: "file" });
  await expect.poll(() => page.part("attachment").getAttribute("data-state")).toBe("ready");
  expect(fixture.chat.asked).toContain("POST /elsewhere");
});

test("setComposerValue sets what it names and leaves the rest", async () => {
  const { page, chip } = await openReady({
    attachments: { enabled: true },
    tools: [{ id: "web", label: "Search the web", icon: "globe" }],
    models: [
      { id: "a", label: "Field 2" },
      { id: "b", label: "Field 2 mini" },
    ],
  });
  await page.page.evaluate(async () => {
    await window.chat.setComposerValue({
      content: [
        { type: "input_text", text: "Look at " },
        { type: "input_tag", id: "1", text: "Holm Point" },
      ],
      reply: "The lantern is lit.",
      attachments: [{ id: "atc_7", name: "given.pdf", mime_type: "application/pdf", type: "file" }],
      selectedToolId: "web",
      selectedModelId: "b",
    });
    await window.chat.setComposerValue({
      files: [new File(["x"], "more.txt", { type: "text/plain" })],
    });
  });
  const upload = await fixture.chat.nextUpload();
  upload.read();
  upload.store({ id: "atc_8", name: "more.txt", mime_type: "text/plain", type: "file" });
  await expect.poll(() => chip("more").getAttribute("data-state")).toBe("ready");
  expect(await page.written()).toBe("Look at Holm Point");
  expect(await page.seen("The lantern is lit.").count()).toBe(1);
  expect((await page.heard("tool.change")).map(({ detail }) => detail)).toEqual([{ toolId: "web" }]);
  await page.field.press("Enter");
  const turn = await fixture.chat.nextTurn();
  expect(turn.request.params["input"]).toMatchObject({
    content: [
      { type: "input_text", text: "Look at " },
      { type: "input_tag", id: "1", text: "Holm Point", data: {} },
    ],
    quoted_text: "The lantern is lit.",
    inference_options: { tool_choice: { id: "web" }, model: "b" },
  });
  const outcome = await page.page.evaluate(() =>
    window.chat.setComposerValue({ text: "no", selectedToolId: "none" }).catch((error: Error) => error.name),
  );
  expect(outcome).toBe("RangeError");
  expect(await page.written()).toBe("");
});
