import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import type { ChatPage } from "./support/chat-page.ts";
import { useChat } from "./support/fixture.ts";
import type { ScriptedChat } from "./support/scripted-chat.ts";

const fixture = useChat();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const composer = {
  placeholder: "Ask about the survey",
  attachments: { enabled: true },
  dictation: { enabled: true },
  tools: [
    { id: "web", label: "Search the web", icon: "globe", pinned: true },
    { id: "archive", label: "Study the archive", icon: "book-open" },
    { id: "draw", label: "Draw", icon: "square-image" },
  ],
  models: [
    { id: "mini", label: "Field 2 mini", description: "Quick, for short questions" },
    { id: "two", label: "Field 2", description: "For most work", default: true },
    { id: "long", label: "Field 2 long", description: "Not in your plan", disabled: true },
  ],
};
const png = readFileSync(new URL("../../../node_modules/axe-core/package.json", import.meta.url));

async function fill(page: ChatPage, chat: ScriptedChat): Promise<void> {
  await page.page.locator("#chat input[type=file]").setInputFiles([
    { name: "headland.png", mimeType: "image/png", buffer: png },
    { name: "inspection-2024.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(9_000) },
    { name: "survey-film.mp4", mimeType: "video/mp4", buffer: Buffer.alloc(16 * 1024 ** 2) },
  ]);
  const [first, second] = [await chat.nextUpload(), await chat.nextUpload()];
  const uploads = [first, second, await chat.nextUpload()];
  for (const upload of uploads.slice(0, 2)) upload.read();
  first.store({ id: "atc_1", name: "headland.png", mime_type: "image/png", type: "file" });
  second.refuse(413, {
    error: { code: "attachment_too_large", message: "It is too large.", request_id: "req_1" },
    message: "It is too large.",
  });
  const states = page.page.locator("#chat .tray li");
  await expect
    .poll(() => states.evaluateAll((rows) => rows.map((row) => row.getAttribute("data-state")).join()))
    .toContain("failed");
}

/** Brings the composer into a state, by name. */
const STATES: Readonly<Record<string, (page: ChatPage, chat: ScriptedChat) => Promise<unknown>>> = {
  typing: async (page) => {
    await page.page.evaluate(() =>
      window.chat.setComposerValue({
        content: [
          { type: "input_text", text: "Does that agree with " },
          { type: "input_tag", id: "1", text: "Holm Point", interactive: true },
          { type: "input_text", text: "?" },
        ],
        reply: "The lantern is lit while the sun is still up, so the light probably runs day and night.",
        selectedToolId: "web",
      }),
    );
    await page.field.focus();
  },
  files: fill,
  refused: async (page, chat) => {
    chat.policy = { ...chat.policy, accept: ["image/*"] };
    await page.page
      .locator("#chat input[type=file]")
      .setInputFiles({ name: "macro.docm", mimeType: "application/x-docm", buffer: Buffer.from("x") });
    await page.seen("1 file was not added.").waitFor();
  },
  drop: async (page) => {
    await page.page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["x"], "pier.png", { type: "image/png" }));
      window.chat.dispatchEvent(
        new DragEvent("dragenter", { dataTransfer, bubbles: true, cancelable: true }),
      );
    });
    await page.seen("Drop to attach").waitFor();
  },
  tools: (page) => page.part("tool-menu").click(),
  models: (page) => page.part("model").click(),
  names: async (page) => {
    await page.field.pressSequentially("Who kept the light at @Ho");
    await page.page.locator("#chat [role=option]").first().waitFor();
  },
  dictation: async (page) => {
    await page.page.getByRole("button", { name: "Dictate" }).click();
    await page.page.getByRole("timer").waitFor();
  },
};

async function show(state: string, scheme: "light" | "dark", options = {}): Promise<ChatPage> {
  const page = await fixture.open("", options);
  await page.page.evaluate(
    ([composer, theme]) => {
      window.chat.setOptions({
        api: { url: "/chatkit" },
        theme,
        composer,
        entities: {
          showComposerMenu: true,
          onTagSearch: async () => [
            {
              id: "1",
              title: "Holm Point",
              icon: "map-pin",
              group: "Places",
              data: { description: "Light" },
            },
            { id: "2", title: "Dag Holter", icon: "user", group: "People" },
          ],
        },
      });
    },
    [composer, scheme] as const,
  );
  await page.field.waitFor();
  await STATES[state]?.(page, fixture.chat);
  return page;
}

describe.each(["light", "dark"] as const)("axe finds nothing, and nothing overflows (%s)", (scheme) => {
  test.each(Object.keys(STATES))("%s", async (state) => {
    const page = await show(state, scheme);
    await page.page.evaluate(axe);
    const violations = await page.page.evaluate(async () => {
      const { axe: run } = window as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const result = await run.run();
      return result.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }));
    });
    expect(violations).toEqual([]);
  });
});

test.each(Object.keys(STATES))("%s fits into a narrow element, for a finger", async (state) => {
  const viewport = { width: 320, height: 640 };
  const page = await show(state, "dark", { viewport, hasTouch: true, isMobile: true });
  const wide = await page.page.locator("#chat .dock").evaluate((dock) =>
    [...dock.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 0.5)
      .filter((element) => element.closest(".vh, .wave, .cut") === null)
      .map((element) => element.outerHTML.slice(0, 120)),
  );
  expect(wide).toEqual([]);
});
