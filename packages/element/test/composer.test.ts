import { expect, test } from "vitest";
import { accepted, begun, done, said, threadOf, words } from "./support/events.ts";
import { useChat } from "./support/fixture.ts";

const fixture = useChat();

async function openReady(query = "", options = {}) {
  const page = await fixture.open(query, options);
  await page.setOptions();
  await page.field.waitFor();
  return page;
}

test("Enter sends, Shift and Enter begins a line, and the field keeps the focus", async () => {
  const page = await openReady();
  await page.field.fill("One");
  await page.field.press("Shift+Enter");
  await page.field.pressSequentially("Two");
  await page.field.press("Enter");
  const turn = await fixture.chat.nextTurn();
  expect(JSON.stringify(turn.request.params)).toContain("One\\nTwo");
  expect(await page.written()).toBe("");
  expect(await page.field.evaluate((field) => field.matches(":focus"))).toBe(true);
});

test("an Enter that ends a composition does not send", async () => {
  const page = await openReady();
  await page.field.fill("にほん");
  await page.field.evaluate((field) => {
    const enter = { key: "Enter", bubbles: true, cancelable: true };
    field.dispatchEvent(new KeyboardEvent("keydown", { ...enter, isComposing: true }));
    field.dispatchEvent(new KeyboardEvent("keydown", { ...enter, keyCode: 229 } as KeyboardEventInit));
  });
  expect(await page.written()).toBe("にほん");
  expect(await page.part("user-message").count()).toBe(0);
});

test("Enter begins a line where there is only a finger to send with", async () => {
  const page = await openReady("", { hasTouch: true, isMobile: true });
  await page.field.fill("One");
  await page.field.press("Enter");
  expect(await page.written()).toBe("One\n");
  await page.part("send").tap();
  expect((await fixture.chat.nextTurn()).request.type).toBe("threads.create");
});

test("Send can be reached while it is off, and says why", async () => {
  const page = await openReady();
  const send = page.part("send");
  expect(await send.getAttribute("aria-disabled")).toBe("true");
  expect(await send.getAttribute("aria-label")).toBe("Send: write a message first");
  await send.focus();
  await send.press("Enter");
  await page.page.locator("[aria-live=polite]").getByText("Send: write a message first.").waitFor();
  await page.field.fill("Now");
  await expect.poll(() => send.getAttribute("aria-label")).toBe("Send");
  expect(await send.getAttribute("aria-disabled")).toBeNull();
});

test("a double press does not stop what it sent, and a later one does", async () => {
  const page = await openReady();
  await page.field.fill("Tell me");
  const button = page.page.locator("#chat .tools .end button");
  await button.dblclick();
  const turn = await fixture.chat.nextTurn();
  turn.send(...accepted(said("Tell me")), ...begun(), words("Once upon"));
  await page.seen("Once upon").waitFor();
  await expect
    .poll(async () => {
      if ((await page.part("stop").count()) > 0) await button.click();
      return page.part("assistant-message").getByText("You stopped this answer.").count();
    })
    .toBe(1);
  await turn.closed;
  await page.seen("Once upon").waitFor();
  expect(await page.heard("error")).toEqual([]);
});

test("Ctrl and a full stop ends an answer from the field; the draft stays", async () => {
  const page = await openReady();
  await page.send({ text: "Tell me" });
  const turn = await fixture.chat.nextTurn();
  turn.send(...accepted(said("Tell me")), ...begun(), words("Once"));
  await page.seen("Once").waitFor();
  await page.field.fill("Next question");
  await page.field.press("Enter"); // an answer is being written, so this sends nothing
  await page.field.press("Control+.");
  await page.part("assistant-message").getByText("You stopped this answer.").waitFor();
  expect(await page.written()).toBe("Next question");
});

test("an answer that may not be stopped says so", async () => {
  const page = await openReady();
  await page.send({ text: "Tell me" });
  const turn = await fixture.chat.nextTurn();
  turn.send(...accepted(said("Tell me"), false), ...begun(), words("Once"));
  await page.seen("Once").waitFor();
  await expect.poll(() => page.part("stop").getAttribute("aria-label")).toBe("This answer cannot be stopped");
  await page.field.press("Control+.");
  turn.send(words(" upon a time"), done("Once upon a time"));
  turn.end();
  await page.seen("Once upon a time").waitFor();
});

test("a message that is stopped before the server has it goes back to the field", async () => {
  const page = await openReady();
  await page.field.fill("Wait");
  await page.field.press("Enter");
  await fixture.chat.nextTurn();
  await page.field.press("Control+.");
  await expect.poll(() => page.written()).toBe("Wait");
  expect(await page.part("user-message").count()).toBe(0);
});

test("a draft survives options on every frame, another thread and a reload", async () => {
  const { chat } = fixture;
  chat.threads.set("thr_1", threadOf("thr_1", [said("Hi")]));
  const page = await openReady();
  await page.field.fill("Unsent");
  await page.page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        let left = 20;
        const frame = () => {
          window.chat.setOptions({ api: { url: "/chatkit", fetch: (input, init) => fetch(input, init) } });
          left -= 1;
          if (left === 0) resolve();
          else requestAnimationFrame(frame);
        };
        frame();
      }),
  );
  expect(await page.written()).toBe("Unsent");
  await page.page.evaluate(() => window.chat.setThreadId("thr_1"));
  await expect.poll(() => page.written()).toBe("");
  await page.field.fill("For the thread");
  await page.part("header-action").last().click();
  await expect.poll(() => page.written()).toBe("Unsent");
  await page.load(`${chat.origin}/`);
  await page.setOptions({ initialThread: "thr_1" });
  await expect.poll(() => page.written()).toBe("For the thread");
});

test("an answer survives options on every frame", async () => {
  const page = await openReady();
  await page.send({ text: "Tell me" });
  const turn = await fixture.chat.nextTurn();
  turn.send(...accepted(said("Tell me")), ...begun(), words("Once"));
  await page.seen("Once").waitFor();
  await page.setOptions({ theme: "dark" });
  await page.setOptions({ theme: { colorScheme: "light", density: "compact" } });
  turn.send(words(" more"), done("Once more"));
  turn.end();
  await page.seen("Once more").waitFor();
  expect(await page.page.locator("#chat").getAttribute("data-density")).toBe("compact");
});

test("the page's own fetch carries every request", async () => {
  const page = await openReady();
  const urls = await page.page.evaluate(async () => {
    const asked: string[] = [];
    window.chat.setOptions({
      api: {
        url: "/chatkit",
        fetch: (input, init) => {
          asked.push(new URL(String(input), location.href).pathname);
          return fetch(input, init);
        },
      },
    });
    window.chat.sendUserMessage({ text: "Hi" }).catch(() => undefined);
    await new Promise<void>((resolve) => {
      const look = () => (asked.includes("/chatkit") ? resolve() : requestAnimationFrame(look));
      look();
    });
    return asked;
  });
  expect(urls).toEqual(["/v1", "/chatkit"]);
});

test("grows with its text up to fourteen lines", async () => {
  const page = await openReady();
  const height = () => page.field.evaluate((field) => field.getBoundingClientRect().height);
  const one = await height();
  await page.field.fill("a\n".repeat(4));
  expect(await height()).toBeGreaterThan(one);
  await page.field.fill("a\n".repeat(40));
  const { tall, lines, scrolls } = await page.field.evaluate((field) => ({
    tall: field.getBoundingClientRect().height,
    lines: field.getBoundingClientRect().height / Number.parseFloat(getComputedStyle(field).lineHeight),
    scrolls: field.scrollHeight > field.clientHeight,
  }));
  expect(tall).toBeGreaterThan(one);
  expect(lines).toBeCloseTo(14, 1);
  expect(scrolls).toBe(true);
});

test.each([
  ["locked", "A colleague checks it.", "A colleague checks it."],
  ["locked", undefined, "This conversation is locked."],
  ["closed", undefined, "This conversation is closed."],
] as const)("a %s thread has a sentence in the place of the field", async (type, reason, sentence) => {
  const { chat } = fixture;
  const status = reason === undefined ? { type } : { type, reason };
  chat.threads.set("thr_1", threadOf("thr_1", [said("Hi")], { status }));
  const page = await fixture.open();
  await page.setOptions({ initialThread: "thr_1" });
  await page.seen(sentence).waitFor();
  expect(await page.field.count()).toBe(0);
});

test("says that the page is offline, and keeps what is written", async () => {
  const page = await openReady();
  await page.page.context().setOffline(true);
  await page.part("connection").getByText("You are offline.").waitFor();
  await page.field.fill("Later");
  await page.field.press("Enter");
  await page.part("error-card").getByText("You are offline").first().waitFor();
  await page.part("user-message").getByText("Later").waitFor();
  await page.page.context().setOffline(false);
  await expect.poll(() => page.part("connection").innerText()).toBe("");
  page.faults.length = 0;
});
