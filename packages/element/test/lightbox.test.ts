import { expect, test } from "vitest";
import type { ChatPage } from "./support/chat-page.ts";
import { answered, said, threadOf } from "./support/events.ts";
import { useChat } from "./support/fixture.ts";

const fixture = useChat();

async function openImages(names: readonly string[], query = "") {
  const { chat } = fixture;
  const attachments = names.map((name) => ({
    id: name,
    name,
    mime_type: "image/png",
    type: "image" as const,
    preview_url: name === "lost.png" ? `${chat.origin}/no-such` : `${chat.origin}/picture.svg?${name}`,
  }));
  chat.threads.set("thr_1", threadOf("thr_1", [said("Look", { attachments }), answered("Fine")]));
  const page = await fixture.open(query);
  await page.setOptions({ initialThread: "thr_1" });
  await page.part("attachment").first().waitFor();
  return page;
}

const shown = (page: ChatPage) => page.part("lightbox").getByRole("heading").innerText();
const thumb = (page: ChatPage, name: string) =>
  page.page.getByRole("button", { name: `Open image: ${name}` });

test("opens an image in the page, moves by arrows, and returns to the thumbnail", async () => {
  const page = await openImages(["a.png", "b.png", "c.png"]);
  await thumb(page, "b.png").click();
  expect(await shown(page)).toBe("b.png");
  expect(await page.part("lightbox").getByText("2 of 3").count()).toBe(1);
  expect(await page.page.locator("#chat .split").getAttribute("inert")).not.toBeNull();
  await page.page.keyboard.press("ArrowRight");
  expect(await shown(page)).toBe("c.png");
  await page.page.keyboard.press("ArrowRight");
  expect(await shown(page)).toBe("c.png");
  await page.page.keyboard.press("ArrowLeft");
  await page.page.keyboard.press("ArrowLeft");
  expect(await shown(page)).toBe("a.png");
  await page.page.keyboard.press("Escape");
  expect(await page.part("lightbox").count()).toBe(0);
  expect(await thumb(page, "b.png").evaluate((button) => button.matches(":focus"))).toBe(true);
  expect(page.page.context().pages()).toHaveLength(1);
});

test("keeps the focus inside, in both directions", async () => {
  const page = await openImages(["a.png", "b.png"]);
  await thumb(page, "a.png").click();
  const inside = () =>
    page.page.evaluate(() => Boolean(window.chat.shadowRoot?.activeElement?.closest(".light")));
  for (const key of [
    "Tab",
    "Tab",
    "Tab",
    "Tab",
    "Tab",
    "Shift+Tab",
    "Shift+Tab",
    "Shift+Tab",
    "Shift+Tab",
    "Shift+Tab",
  ]) {
    await page.page.keyboard.press(key);
    expect(await inside()).toBe(true);
  }
});

test("mirrors the arrows where the page reads from right to left", async () => {
  const page = await openImages(["a.png", "b.png"], "?dir=rtl");
  await thumb(page, "a.png").click();
  await page.page.keyboard.press("ArrowLeft");
  expect(await shown(page)).toBe("b.png");
});

test("says that an image cannot be shown", async () => {
  const page = await openImages(["lost.png", "b.png"]);
  await thumb(page, "b.png").click();
  await page.page.keyboard.press("ArrowLeft");
  await page.part("lightbox").getByText("lost.png cannot be shown").waitFor();
  await page.part("lightbox").getByRole("button", { name: "Close image" }).click();
  expect(await page.part("lightbox").count()).toBe(0);
});
