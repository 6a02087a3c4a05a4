import { expect, test } from "vitest";
import { useChat } from "./support/fixture.ts";

const fixture = useChat();
const composer = {
  tools: [
    { id: "web", label: "Search the web", shortLabel: "Web", icon: "globe", pinned: true },
    { id: "archive", label: "Study the archive", icon: "book-open", placeholderOverride: "Ask the archive" },
    { id: "draw", label: "Draw", icon: "square-image", persistent: true },
  ],
  models: [
    { id: "mini", label: "Field 2 mini", description: "Quick, for short questions" },
    { id: "two", label: "Field 2", description: "For most work", default: true },
    { id: "long", label: "Field 2 long", description: "Not in your plan", disabled: true },
  ],
};

async function openReady() {
  const page = await fixture.open();
  await page.setOptions({ composer });
  await page.field.waitFor();
  const chat = page.page.locator("#chat");
  return {
    page,
    chat,
    key: (key: string) => page.page.keyboard.press(key),
    active: async () => {
      const list = chat.locator(":focus");
      const id = await list.getAttribute("aria-activedescendant");
      return chat.locator(`#${id}`).innerText();
    },
    toolChanges: async () => (await page.heard("tool.change")).map(({ detail }) => detail),
  };
}

test("the menu of tools is opened, walked and left by keys", async () => {
  const { page, chat, key, active, toolChanges } = await openReady();
  const button = page.part("tool-menu");
  await button.focus();
  await key("ArrowDown");
  await chat.getByRole("menu", { name: "Tools" }).waitFor();
  expect(await button.getAttribute("aria-expanded")).toBe("true");
  expect(await active()).toBe("Search the web");
  await key("ArrowUp");
  expect(await active()).toBe("Draw");
  await key("Home");
  await key("s");
  await key("t");
  expect(await active()).toBe("Study the archive");
  await key("Escape");
  await expect.poll(() => chat.getByRole("menu").count()).toBe(0);
  expect(await button.evaluate((element) => element.matches(":focus"))).toBe(true);
  await key("Enter");
  await key("End");
  await key("Enter");
  await expect.poll(() => chat.getByRole("menu").count()).toBe(0);
  expect(await button.evaluate((element) => element.matches(":focus"))).toBe(true);
  expect(await toolChanges()).toEqual([{ toolId: "draw" }]);
  await button.click();
  expect(await chat.getByRole("menuitemradio", { name: "Draw" }).getAttribute("aria-checked")).toBe("true");
});

test("a press elsewhere closes a menu and keeps the focus there", async () => {
  const { page, chat } = await openReady();
  await page.part("tool-menu").click();
  await chat.getByRole("menu").waitFor();
  await page.field.click();
  await expect.poll(() => chat.getByRole("menu").count()).toBe(0);
  expect(await page.field.evaluate((field) => field.matches(":focus"))).toBe(true);
});

test("a pinned tool is a toggle button; what is on goes with one message, unless it persists", async () => {
  const { page, chat, toolChanges } = await openReady();
  const web = chat.getByRole("button", { name: "Search the web" });
  expect(await web.getAttribute("aria-pressed")).toBe("false");
  await web.click();
  const on = chat.getByRole("button", { name: "Web", exact: true });
  expect(await on.getAttribute("aria-pressed")).toBe("true");
  await page.field.fill("One");
  await page.field.press("Enter");
  const turn = await fixture.chat.nextTurn();
  expect(turn.request.params["input"]).toMatchObject({
    inference_options: { tool_choice: { id: "web" }, model: "two" },
  });
  await expect.poll(() => web.getAttribute("aria-pressed")).toBe("false");
  await page.part("tool-menu").click();
  await chat.getByRole("menuitemradio", { name: "Draw" }).click();
  expect(await chat.getByRole("button", { name: "Draw" }).getAttribute("aria-pressed")).toBe("true");
  expect(await toolChanges()).toEqual([{ toolId: "web" }, { toolId: null }, { toolId: "draw" }]);
});

test("a tool may say what to write", async () => {
  const { page, chat } = await openReady();
  await page.part("tool-menu").click();
  await chat.getByRole("menuitemradio", { name: "Study the archive" }).click();
  await expect.poll(() => page.field.getAttribute("aria-placeholder")).toBe("Ask the archive");
});

test("a disabled model is reached and not chosen; another is, and is sent", async () => {
  const { page, chat, key, active } = await openReady();
  const button = page.part("model");
  expect(await button.getAttribute("aria-label")).toBe("Model: Field 2");
  await button.click();
  expect(await active()).toContain("Field 2\nFor most work");
  await key("End");
  expect(await active()).toContain("Field 2 long");
  await key("Enter");
  await page.page
    .locator("[aria-live=polite]")
    .getByText("Field 2 long cannot be chosen. Not in your plan")
    .waitFor();
  expect(await chat.getByRole("listbox").count()).toBe(1);
  await key("Home");
  await key("Enter");
  await expect.poll(() => button.getAttribute("aria-label")).toBe("Model: Field 2 mini");
  await page.field.fill("One");
  await page.field.press("Enter");
  const turn = await fixture.chat.nextTurn();
  expect(turn.request.params["input"]).toMatchObject({ inference_options: { model: "mini" } });
});

test("a menu fits into a low element and scrolls", async () => {
  const { page, chat } = await openReady();
  await page.page.evaluate(() => {
    window.chat.style.blockSize = "320px";
  });
  await page.part("model").click();
  const { top, frame } = await chat.locator(".menu").evaluate((menu) => ({
    top: menu.getBoundingClientRect().top,
    frame: window.chat.getBoundingClientRect().top,
  }));
  expect(top).toBeGreaterThanOrEqual(frame);
});
