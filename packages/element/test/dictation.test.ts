import { expect, test } from "vitest";
import { useChat } from "./support/fixture.ts";

const fixture = useChat();

async function openReady() {
  const page = await fixture.open();
  await page.setOptions({ composer: { dictation: { enabled: true } } });
  await page.field.waitFor();
  return page;
}

test("records, shows level and time, and Enter has it written down at the caret", async () => {
  fixture.chat.transcript = "the light at Holm Point";
  const page = await openReady();
  await page.field.pressSequentially("Tell me about");
  await page.page.getByRole("button", { name: "Dictate" }).click();
  await page.page.getByRole("timer", { name: "Recorded" }).waitFor();
  expect(await page.field.getAttribute("aria-placeholder")).toBe("Listening");
  // The microphone of the test beeps once a second.
  await expect
    .poll(() =>
      page.page
        .locator("#chat .wave .on")
        .evaluateAll((bars) => Math.max(0, ...bars.map((bar) => Number(bar.getAttribute("height"))))),
    )
    .toBeGreaterThan(6);
  expect(await page.field.evaluate((field) => field.matches(":focus"))).toBe(true);
  await page.page.keyboard.press("Enter");
  await expect.poll(() => page.written()).toBe("Tell me about the light at Holm Point");
  const [question] = fixture.chat.questions;
  expect(question?.params["mime_type"]).toMatch(/^audio\/webm/);
  expect(String(question?.params["audio_base64"]).length).toBeGreaterThan(100);
  await page.page.getByRole("button", { name: "Dictate" }).waitFor();
});

test("Escape discards what was recorded, and the microphone is let go", async () => {
  const page = await openReady();
  await page.page.evaluate(() => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const stream = await ask(wanted);
      Object.assign(window, { stream });
      return stream;
    };
  });
  await page.page.getByRole("button", { name: "Dictate" }).click();
  await page.page.getByRole("timer", { name: "Recorded" }).waitFor();
  await page.page.keyboard.press("Escape");
  await page.page.getByRole("button", { name: "Dictate" }).waitFor();
  await expect
    .poll(() =>
      page.page.evaluate(() => {
        const { stream } = window as unknown as { stream: MediaStream };
        return stream.getTracks().map(({ readyState }) => readyState);
      }),
    )
    .toEqual(["ended"]);
  expect(fixture.chat.questions).toEqual([]);
});

test("says that it writes down, and can be discarded then too", async () => {
  fixture.chat.transcript = null;
  const page = await openReady();
  await page.page.getByRole("button", { name: "Dictate" }).click();
  await page.page.getByRole("button", { name: "Finish and insert the text" }).click();
  await page.page.locator("#chat .tools").getByText("Writing down what was said").waitFor();
  await page.page.getByRole("button", { name: "Discard the recording" }).click();
  await page.page.getByRole("button", { name: "Dictate" }).waitFor();
  expect(await page.written()).toBe("");
});

test.each([
  ["NotAllowedError", "The microphone may not be used."],
  ["NotFoundError", "No microphone was found."],
])("says what is wrong where the browser answers %s", async (name, sentence) => {
  const page = await openReady();
  await page.page.evaluate((name) => {
    navigator.mediaDevices.getUserMedia = async () => {
      throw new DOMException("no", name);
    };
  }, name);
  await page.page.getByRole("button", { name: "Dictate" }).click();
  await page.page.locator("#chat").getByRole("note").getByText(sentence).waitFor();
  await page.page.getByRole("button", { name: "Dismiss: dictation" }).click();
  expect(await page.page.locator("#chat").getByRole("note").count()).toBe(0);
});

test("says that nothing was heard", async () => {
  fixture.chat.transcript = " ";
  const page = await openReady();
  await page.page.getByRole("button", { name: "Dictate" }).click();
  await page.page.getByRole("button", { name: "Finish and insert the text" }).click();
  await page.page.locator("#chat").getByRole("note").getByText("Nothing was heard.").waitFor();
});
