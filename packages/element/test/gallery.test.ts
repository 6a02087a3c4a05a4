import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import type { ChatPage } from "./support/chat-page.ts";
import { useChat } from "./support/fixture.ts";
import { galleryStates } from "./support/gallery-states.ts";

const fixture = useChat();
/** Git does not see it: pictures to be laid beside the reference. */
const folder = fileURLToPath(new URL("../screenshots/", import.meta.url));

beforeAll(() => mkdir(folder, { recursive: true }));

const text = async (page: ChatPage, part: string) =>
  (await page.part(part).allInnerTexts()).map((words) => words.replaceAll(/\s+/g, " ").trim());
const names = (page: ChatPage, selector: string) =>
  page.page
    .locator(`#chat ${selector}`)
    .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? one.textContent?.trim()));
/** A card's title, how sure it is, and its buttons. */
const card = async (page: ChatPage) => ({
  title: await page.part("error-card").getByRole("heading").innerText(),
  sure: (await page.part("error-card").locator(".sure").innerText()).replace(/\s+/g, " "),
  bars: await page.part("error-card").locator(".sure s.on").count(),
  buttons: await names(page, "[part~=error-card] .top .btn .idle, [part~=error-card] .top .btn:not(.again)"),
  primary: await names(page, "[part~=error-card] .btn.primary"),
});
const composerButtons = (page: ChatPage) => names(page, ".tools button");
const ALL_TOOLS = ["Attach files", "Tools", "Search the web", "Model: Field 2", "Dictate"];

/** What a person would notice of each state. */
const noticed: Readonly<Record<string, (page: ChatPage) => Promise<void>>> = {
  start: async (page) => {
    expect(await text(page, "greeting")).toEqual(["What can I help you find?"]);
    expect(await text(page, "prompt")).toHaveLength(4);
    expect(await text(page, "title")).toEqual(["New conversation"]);
    expect(await text(page, "disclaimer")).toEqual(["Answers can be wrong. Check what matters. Privacy"]);
    expect(await composerButtons(page)).toEqual([...ALL_TOOLS, "Send: write a message first"]);
    expect(await page.part("send").getAttribute("aria-disabled")).toBe("true");
    const marks = page.part("prompt").locator(".go-mark");
    await expect
      .poll(() => marks.evaluateAll((all) => all.map((mark) => getComputedStyle(mark).opacity)))
      .toEqual(["0", "1", "0", "0"]);
  },
  conversation: async (page) => {
    expect(await text(page, "citation")).toEqual([expect.stringMatching(/^1/), expect.stringMatching(/^2/)]);
    expect(await names(page, "[part~=sources] .sources li > :nth-child(3)")).toEqual([
      "coastal-registry.example",
      "harbourlight.example",
      "File",
    ]);
    expect(await names(page, "[part~=prose] h4")).toEqual(["What stands out", "Likely candidates"]);
    expect(await names(page, "[part~=actions] .ib")).toEqual([
      "Copy answer",
      "Good answer",
      "Poor answer",
      "Answer again",
    ]);
    // One edge: all text begins on one vertical line, the person's picture too.
    const edges = await page.page
      .locator("#chat :is(.shot, .slip > p, .prose > p, .prose h4, td:first-child, pre code, .foot)")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
    expect(new Set(edges.map(Math.round))).toEqual(new Set([24]));
  },
  files: async (page) => {
    expect(await text(page, "quote")).toHaveLength(1);
    expect(await text(page, "tag")).toEqual(["Holm Point", "Ingrid Solheim"]);
    expect(await names(page, ".shots > .shot:not(.beyond)")).toEqual([
      "Open image: headland.png",
      "Open image: pier.png",
      "Open image: sectors.png",
      "Show 4 more images",
    ]);
    expect(await names(page, ".files .meta")).toEqual(["PDF document", "Spreadsheet", "Audio", "Archive"]);
    const ends = await names(page, ".files .name span + span");
    expect(ends[1]).toBe("-final.xlsx");
    expect(await page.part("assistant-message").getAttribute("aria-busy")).toBe("true");
    expect(await page.page.locator("#chat .caret:not(.wait)").count()).toBe(1);
    expect(await names(page, ".tools .stop")).toEqual(["Stop answering"]);
    // What is cited at the end of a line is shown within the element, and widens nothing.
    const preview = await page.page.locator("#chat .peek").boundingBox();
    expect((preview?.x ?? 720) + (preview?.width ?? 720)).toBeLessThanOrEqual(720 - 8);
    expect(await page.part("transcript").evaluate((log) => log.scrollWidth - log.clientWidth)).toBe(0);
  },
  workflow: async (page) => {
    expect(await text(page, "workflow")).toEqual([
      "Thought for 12 s",
      expect.stringContaining("Comparing two lists 3 of 5"),
    ]);
    const steps = await names(page, "[part~=workflow][open] .name");
    expect(steps[0]).toBe("Searched the web");
    expect(steps[3]).toContain("(running)");
    expect(await page.part("workflow").locator(".spin").count()).toBe(1);
    expect(await page.page.locator("#chat .caret").count()).toBe(0);
    const more = page.part("workflow").getByRole("button", { name: "Show 6 more sources" });
    const chips = page.part("workflow").locator(".chips li").filter({ hasText: "pilot" });
    expect(await chips.first().isVisible()).toBe(false);
    await more.click();
    expect(
      await chips
        .first()
        .locator(".src")
        .evaluate((link) => link.matches(":focus")),
    ).toBe(true);
    expect(await more.count()).toBe(0);
  },
  "workflow-image": async (page) => {
    const bar = page.page.getByRole("progressbar", { name: "Drawing" });
    expect(await bar.getAttribute("aria-valuenow")).toBe("60");
    expect(await names(page, "[aria-label='About this image'] .ib")).toEqual([
      "Download image",
      "Copy image",
    ]);
    expect(await page.page.locator("#chat .caret").count()).toBe(0);
  },
  notices: async (page) => {
    expect(await text(page, "notice")).toEqual([
      "This conversation now uses the 2024 list.",
      "Two readings are missing. March and April are estimated from the neighbours.",
      "The export failed. No file was written. Free some space and export again.",
    ]);
    const boxes = await page
      .part("notice")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON() as DOMRect));
    expect(boxes.slice(1).map((box, index) => box.top - (boxes[index]?.bottom ?? 0))).toEqual([8, 8]);
    expect(boxes.map(({ left }) => left)).toEqual([8, 8, 8]);
  },
  "notices-offline": async (page) =>
    expect(await text(page, "connection")).toEqual(["You are offline. What you write is kept here."]),
  "notices-stopped": async (page) => {
    await page.seen("You stopped this answer.").waitFor();
    expect(await names(page, ".turn.bot button")).toEqual(["Answer again"]);
  },
  "notices-interrupted": async (page) => {
    await page.seen("The server stopped before the answer was complete.").waitFor();
    expect(await names(page, ".turn.bot button")).toEqual(["Answer again"]);
  },
  "notices-latest": async (page) => {
    expect(await text(page, "latest")).toEqual(["Latest"]);
    const [button, box] = await Promise.all([
      page.part("latest").boundingBox(),
      page.part("composer").boundingBox(),
    ]);
    expect(Math.round((box?.y ?? 0) - (button?.y ?? 0) - (button?.height ?? 0))).toBe(10);
    expect(Math.round((button?.x ?? 0) + (button?.width ?? 0) / 2)).toBe(360);
  },
  "notices-waiting": async (page) =>
    expect(
      await page.page
        .locator("#chat .caret.wait")
        .evaluate((caret) => getComputedStyle(caret).animationDuration),
    ).toBe("1.2s"),
  "notices-progress": async (page) => {
    expect(await text(page, "tool-call")).toEqual(["Used a tool of this page: show_region"]);
    expect(await page.page.locator("#chat .doing .spin").count()).toBe(1);
  },
  error: async (page) => {
    expect(await card(page)).toEqual({
      title: "The server answered, but this page may not read the answer",
      sure: "How sure: Likely",
      bars: 2,
      buttons: ["Edit the message"],
      primary: ["Edit the message"],
    });
    const terms = await page.part("error-card").locator("dt").allInnerTexts();
    expect(terms).toEqual(["Cause", "Request", "From", "Seen", "Retry"]);
    await page.part("error-card").getByRole("button", { name: "Copy all details" }).waitFor();
    await page.part("error-card").getByRole("button", { name: "Copy the command" }).waitFor();
  },
  "errors-certain": async (page) => {
    expect(await card(page)).toEqual({
      title: "This file is too large for the server",
      sure: "How sure: Certain",
      bars: 3,
      buttons: ["Edit the message"],
      primary: ["Edit the message"],
    });
    await page
      .part("error-card")
      .getByText("survey-film.mp4 is 740 MB; the limit is 512 MB. Nothing was sent.")
      .waitFor();
  },
  "errors-possible": async (page) =>
    expect(await card(page)).toMatchObject({
      title: "The server could not be reached",
      sure: "How sure: Possible",
      bars: 1,
      primary: ["Try again"],
    }),
  "errors-setup": async (page) =>
    expect(await card(page)).toMatchObject({
      title: "This chat is not set up yet",
      sure: "How sure: Certain",
      buttons: ["Copy details"],
    }),
  "composer-empty": async (page) => {
    const box = await page.part("composer").locator(".box").boundingBox();
    expect(box).toMatchObject({ x: 8, width: 704 });
    expect(await page.field.getAttribute("aria-placeholder")).toBe("Ask about the survey");
  },
  "composer-typing": async (page) => {
    expect(await page.written()).toBe("Does that agree with the last inspection at Holm Point?");
    expect(await page.part("tool").getAttribute("aria-pressed")).toBe("true");
    expect(await page.part("send").getAttribute("aria-disabled")).not.toBe("true");
  },
  "composer-reply": async (page) => {
    await page.page.getByRole("button", { name: "Do not reply to this passage" }).waitFor();
    expect((await page.written()).split("\n")).toHaveLength(4);
  },
  "composer-attachments": async (page) => {
    const states = page.part("composer").locator(".tray li");
    expect(await states.evaluateAll((all) => all.map((one) => one.getAttribute("data-state")))).toEqual([
      "ready",
      "failed",
      "uploading",
      "uploading",
    ]);
    await page.seen("1 of 4 ready").waitFor();
    expect(await page.part("send").getAttribute("aria-disabled")).toBe("true");
  },
  "composer-refused": async (page) =>
    expect(await page.part("composer").getByRole("note").innerText()).toBe(
      "2 files were not added. site-backup.iso is 9 KB; the limit is 5 KB. macro.docm is not a type that this chat accepts.",
    ),
  "composer-drop": async (page) => {
    const [over, box] = await Promise.all([
      page.page.locator("#chat .drop").boundingBox(),
      page.page.locator("#chat .box").boundingBox(),
    ]);
    expect([over?.width, over?.height]).toEqual([box?.width, box?.height]);
  },
  "composer-dictation": async (page) => {
    expect(await page.field.getAttribute("aria-placeholder")).toBe("Listening");
    expect(await composerButtons(page)).toEqual(["Discard the recording", "Finish and insert the text"]);
  },
  "composer-locked": async (page) => {
    await page.seen(/^This conversation is locked while a colleague checks it\./).waitFor();
    expect(await page.field.count()).toBe(0);
  },
  "composer-closed": async (page) => {
    await page.seen("This conversation is closed.").waitFor();
    await page.part("composer").getByRole("button", { name: "New conversation" }).waitFor();
  },
  "headers-long": async (page) => {
    const title = page.part("title");
    expect(await title.getAttribute("title")).toBe(await title.innerText());
    expect((await title.boundingBox())?.height).toBeLessThan(24);
  },
  "headers-actions": async (page) =>
    expect(await names(page, "[part~=header] button")).toEqual(["Home", "Settings", "New conversation"]),
  lightbox: async (page) => {
    expect(await page.part("lightbox").getByText("1 of 3").count()).toBe(1);
    expect(await names(page, "[part~=lightbox] :is(button, a)")).toEqual(
      expect.arrayContaining(["Close image", "Next image"]),
    );
  },
};

test.each(galleryStates)("$name", async (state) => {
  const { name, width = 720, height = 720 } = state;
  const page = await fixture.open("", { viewport: { width, height } });
  await state.open(page, fixture.chat, { theme: "auto" });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.page.emulateMedia({ colorScheme });
    await page.page.screenshot({ path: `${folder}${name}-${colorScheme}.png`, animations: "disabled" });
  }
  const notice = noticed[name];
  if (notice === undefined) throw new Error(`Nothing is said of what is noticed of ${name}.`);
  await notice(page);
});
