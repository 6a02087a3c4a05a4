import { expect, test } from "vitest";
import type { ChatPage } from "./support/chat-page.ts";
import { useChat } from "./support/fixture.ts";
import { galleryStates } from "./support/gallery-states.ts";

const fixture = useChat();

async function openState(
  name: string,
  media: Parameters<ChatPage["page"]["emulateMedia"]>[0] = {},
  permissions: string[] = [],
) {
  const state = galleryStates.find((one) => one.name === name);
  if (state === undefined) throw new Error(`There is no state ${name}.`);
  const { width = 720, height = 720 } = state;
  const page = await fixture.open("", { viewport: { width, height }, permissions });
  await page.page.emulateMedia(media);
  await state.open(page, fixture.chat);
  return page;
}

const style = (page: ChatPage, selector: string, property: string) =>
  page.page
    .locator(`#chat ${selector}`)
    .first()
    .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);

test("a judgement that was given is seen as given", async () => {
  fixture.chat.answers.set("items.feedback", () => ({}));
  const page = await openState("conversation");
  const before = await style(page, "[aria-label='Good answer']", "background-color");
  await page.part("actions").getByRole("button", { name: "Good answer" }).click();
  await page.page.mouse.move(0, 0);
  await expect.poll(() => style(page, "[aria-label='Good answer']", "background-color")).not.toBe(before);
  await page.page.emulateMedia({ forcedColors: "active" });
  expect(await style(page, "[aria-label='Good answer']", "outline-style")).toBe("solid");
});

test.each([
  ["notices-waiting", ".caret.wait"],
  ["workflow", ".spin"],
])("nothing moves in %s where a person asked for less motion", async (state, selector) => {
  const page = await openState(state, { reducedMotion: "reduce" });
  expect(await style(page, selector, "animation-name")).toBe("none");
});

test("a ring is drawn around what the keyboard has reached, and not around what was pressed", async () => {
  fixture.chat.answers.set("items.feedback", () => ({}));
  const page = await openState("conversation");
  await page.part("actions").getByRole("button", { name: "Good answer" }).click();
  expect(await style(page, "[aria-label='Good answer']", "outline-style")).toBe("none");
  await page.page.keyboard.press("Tab");
  expect(await style(page, "[aria-label='Poor answer']", "outline-style")).toBe("solid");
  expect(await style(page, "[aria-label='Poor answer']", "outline-width")).toBe("2px");
});

test("filled controls keep an outline of their own where colours are the system's", async () => {
  const page = await openState("composer-empty", { forcedColors: "active" });
  expect(await style(page, "[part~=send]", "outline-style")).toBe("solid");
  const other = await openState("files", { forcedColors: "active" });
  expect(await style(other, ".slip", "border-top-style")).toBe("solid");
});

test("a picture that was made is copied as a picture", async () => {
  const page = await openState("workflow-image", {}, ["clipboard-read", "clipboard-write"]);
  await page.page.getByRole("button", { name: "Copy image" }).click();
  await page.page.locator("[aria-live=polite]").getByText("Copied.").waitFor({ state: "attached" });
  const copied = await page.page.evaluate(async () => (await navigator.clipboard.read())[0]?.types);
  expect(copied).toEqual(["image/png"]);
});
