import { expect, test } from "vitest";
import { axeViolations } from "./support/axe.ts";
import type { ChatPage } from "./support/chat-page.ts";
import { answered, said, threadOf } from "./support/events.ts";
import { useChat } from "./support/fixture.ts";
import { addLocale } from "./support/locale.ts";

const fixture = useChat();

const placeholder = (page: ChatPage) => page.field.getAttribute("aria-label");

test("speaks a locale as soon as its sentences are registered, and fetches none by itself", async () => {
  const page = await fixture.open();
  await page.setOptions({ locale: "de-AT" });
  expect(await placeholder(page)).toBe("Message");
  expect(fixture.chat.asked.some((path) => path.includes("locale"))).toBe(false);
  await addLocale(page, "de");
  await expect.poll(() => placeholder(page)).toBe("Nachricht");
  expect(await page.part("greeting").innerText()).toBe("Womit kann ich heute helfen?");
  expect(await page.part("root").getAttribute("lang")).toBe("de-AT");
});

test("takes the browser's language, and the direction that goes with it", async () => {
  fixture.chat.threads.set(
    "thr_1",
    threadOf("thr_1", [said("؟"), answered("جواب قصير.")], { title: "مسح المنارات" }),
  );
  const page = await fixture.open("", { locale: "ar-EG" });
  await page.setOptions({ initialThread: "thr_1" });
  await page.part("prose").waitFor();
  expect(await page.part("root").getAttribute("dir")).toBeNull();
  await addLocale(page, "ar");
  await expect.poll(() => page.part("root").getAttribute("dir")).toBe("rtl");
  expect(await page.part("root").getAttribute("lang")).toBe("ar-EG");
  expect(await page.part("actions").getByRole("button").first().getAttribute("aria-label")).toBe(
    "انسخ الجواب",
  );
  expect(await axeViolations(page)).toEqual([]);
  const folder = process.env["WAYBILL_SHOTS"];
  if (folder !== undefined) await page.page.screenshot({ path: `${folder}/arabic.png` });
});

test("says a failure in the language of the page, and keeps what was seen for developers", async () => {
  const page = await fixture.open();
  await page.setOptions({ locale: "de" });
  await addLocale(page, "de");
  await page.page.context().setOffline(true);
  await page.send({ text: "Hallo" });
  await page.part("error-card").getByRole("heading", { name: "Sie sind offline" }).waitFor();
  await page
    .part("error-card")
    .getByText("Ihre Nachricht ist erhalten und wurde nicht gesendet.")
    .first()
    .waitFor();
  await page.page.context().setOffline(false);
});

test("lets a page replace single sentences", async () => {
  const page = await fixture.open();
  await page.setOptions();
  await page.page.evaluate(() => {
    const { registerStrings } = window.chat.constructor as typeof import("../src/index.ts").WaybillChat;
    registerStrings("en", { greeting: "Ahoy", headerActions: { home: "Harbour" } });
  });
  await expect.poll(() => page.part("greeting").innerText()).toBe("Ahoy");
  expect(await placeholder(page)).toBe("Message");
});
