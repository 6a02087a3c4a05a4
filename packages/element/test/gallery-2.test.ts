import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import type { ChatPage } from "./support/chat-page.ts";
import { answered, said, threadOf } from "./support/events.ts";
import { useChat } from "./support/fixture.ts";
import { changeOptions, rememberOptions } from "./support/gallery-settings.ts";
import { galleryStates2, softTheme } from "./support/gallery-states-2.ts";

const fixture = useChat();
/** Git does not see it: pictures to be laid beside the reference. */
const folder = fileURLToPath(new URL("../screenshots/", import.meta.url));

beforeAll(() => mkdir(folder, { recursive: true }));

const history = (page: ChatPage) => page.part("history");

/** What a person would notice of each state: its roles and its words. */
const noticed: Readonly<Record<string, (page: ChatPage) => Promise<void>>> = {
  "menus-tools": async ({ page }) => {
    const items = page.getByRole("menu", { name: "Tools" }).getByRole("menuitemradio");
    expect(await items.allInnerTexts()).toEqual(["Search the web", "Study the archive", "Draw"]);
    expect(await items.first().getAttribute("aria-checked")).toBe("true");
  },
  "menus-models": async ({ page }) => {
    const options = page.getByRole("listbox", { name: "Model" }).getByRole("option");
    expect(await options.last().getAttribute("aria-disabled")).toBe("true");
    expect(await options.last().innerText()).toBe("Field 2 long\nNot in your plan");
  },
  "menus-entities": async ({ page }) => {
    const places = page.getByRole("group", { name: "Places" });
    expect(await places.getByRole("option").allInnerTexts()).toEqual([
      "Holm Point\nLight, 24 m",
      "Hogsty Rock\nBeacon",
    ]);
    expect(await page.locator("#chat mark").allInnerTexts()).toEqual(["Ho", "Ho", "Ho"]);
  },
  questions: async (page) => {
    expect(await page.part("structured-input").nth(1).innerText()).toContain("Not answered");
    expect(await page.page.locator("#chat .ask .hint").allInnerTexts()).toEqual([
      "Choose any number.",
      "Optional. One or two sentences are enough.",
    ]);
    await page.seen("You skipped 3 questions.").waitFor();
  },
  history: async (page) => {
    expect(await history(page).getByRole("heading", { level: 3 }).allInnerTexts()).toEqual([
      "Today",
      "Yesterday",
    ]);
    expect(await history(page).getByRole("menuitem").allInnerTexts()).toEqual(["Rename", "Delete"]);
    const { inlineSize } = await history(page).evaluate((panel) => getComputedStyle(panel));
    expect(inlineSize).toBe("300px");
  },
  "history-rename": (page) => history(page).getByRole("textbox", { name: "New title" }).waitFor(),
  "history-delete": (page) => history(page).getByRole("group", { name: "Delete “Old pier”?" }).waitFor(),
  "history-empty": (page) => history(page).getByText("No conversations yet").waitFor(),
  "history-nomatch": (page) => history(page).getByText("Nothing found for “anchor”").waitFor(),
  "history-loading": (page) =>
    history(page).getByRole("status").getByText("Loading conversations").waitFor({ state: "attached" }),
  "thread-loading": ({ page }) =>
    page.getByRole("status").getByText("Opening the conversation").waitFor({ state: "attached" }),
  stress: async ({ page }) => {
    expect(await page.locator("#chat .file .name span:last-child").allInnerTexts()).toEqual([
      "t-edit.pdf",
      "456789",
      "الشمال.docx",
    ]);
  },
  rtl: async (page) => {
    expect(await page.part("root").getAttribute("dir")).toBe("rtl");
    expect(await page.page.locator("#chat .file .meta").innerText()).toBe("مستند PDF");
  },
  theme: async (page) => {
    const { borderRadius, paddingInlineStart } = await page.page
      .locator("#chat .slip")
      .evaluate((slip) => getComputedStyle(slip));
    expect([borderRadius, paddingInlineStart]).toEqual(["8px", "12px"]);
  },
};

test.each(galleryStates2)("$name", async (state) => {
  const { name, width = 720, height = 720 } = state;
  const page = await fixture.open("", { viewport: { width, height } });
  await rememberOptions(page);
  await state.open(page, fixture.chat);
  for (const scheme of ["light", "dark"] as const) {
    await changeOptions(page, { theme: name === "theme" ? softTheme(scheme) : scheme });
    await page.page.screenshot({ path: `${folder}${name}-${scheme}.png`, animations: "disabled" });
  }
  await noticed[name]?.(page);
});

test("what is shown of a source stays within a narrow conversation", async () => {
  const text = "The tower was raised in 1898 and still stands there.";
  const source = {
    type: "url" as const,
    title: "List of Lights, northern section",
    url: "https://a.example/",
  };
  const item = answered(text);
  const content = [
    { type: "output_text" as const, text, annotations: [{ type: "annotation" as const, index: 28, source }] },
  ];
  fixture.chat.threads.set("thr_1", threadOf("thr_1", [said("When?"), { ...item, content }]));
  const page = await fixture.open("", { viewport: { width: 360, height: 600 } });
  await page.setOptions({ initialThread: "thr_1" });
  await page.part("citation").hover();
  const peek = page.page.locator("#chat .peek");
  await peek.waitFor();
  const box = await peek.boundingBox();
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(352);
  expect(await page.part("transcript").evaluate((log) => log.scrollWidth - log.clientWidth)).toBe(0);
});
