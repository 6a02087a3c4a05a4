import type { Thread } from "@waybill/protocol";
import { expect, test } from "vitest";
import type { ChatPage } from "./support/chat-page.ts";
import { accepted, answered, begun, done, said, threadOf, words } from "./support/events.ts";
import { useChat } from "./support/fixture.ts";

const fixture = useChat();
const composer = {
  tools: [
    { id: "web", label: "Search the web", icon: "globe" },
    { id: "draw", label: "Draw", icon: "square-image" },
  ],
  models: [
    { id: "mini", label: "Mini" },
    { id: "two", label: "Two", default: true },
    { id: "tall", label: "Tall" },
  ],
};

/** Name or text of what has the focus inside the element; null for nothing. */
const focused = (page: ChatPage) =>
  page.page.evaluate(() => {
    const active = window.chat.shadowRoot?.activeElement;
    return active?.getAttribute("aria-label") ?? active?.textContent?.trim() ?? null;
  });

/** Keeps everything that a live region says from now on. */
async function listen({ page }: ChatPage): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const said: string[] = [];
    for (const region of window.chat.shadowRoot?.querySelectorAll(
      ".kb ~ [aria-live], [aria-live]:not(.log)",
    ) ?? [])
      new MutationObserver(() => {
        const text = region.textContent?.trim();
        if (text) said.push(`${region.getAttribute("aria-live")}: ${text}`);
      }).observe(region, { childList: true, characterData: true, subtree: true });
    Object.assign(window, { spoken: said });
  });
  return () => page.evaluate(() => (window as unknown as { spoken: readonly string[] }).spoken);
}

function list(...titles: readonly string[]): void {
  const { chat } = fixture;
  const threads: Thread[] = titles.map((title, index) => threadOf(`thr_${index + 1}`, [], { title }));
  for (const thread of threads)
    chat.threads.set(thread.id, { ...thread, items: { data: [said("?"), answered("!")], has_more: false } });
  chat.answers.set("threads.list", () => ({ data: threads, has_more: false }));
  chat.answers.set("threads.delete", () => ({}));
}

async function openHistory(): Promise<ChatPage> {
  const page = await fixture.open("", { viewport: { width: 960, height: 720 } });
  await page.setOptions({ initialThread: "thr_1", composer });
  await page.part("prose").waitFor();
  await page.part("header").getByRole("button", { name: "Conversations" }).click();
  await page.part("history-item").first().waitFor();
  return page;
}

test("the list of models is opened, walked by arrows and letters, and left by keys", async () => {
  const page = await fixture.open();
  await page.setOptions({ composer });
  const active = async () => {
    const options = page.page.locator("#chat").getByRole("listbox", { name: "Model" });
    const id = await options.getAttribute("aria-activedescendant");
    return page.page.locator(`#chat #${id}`).innerText();
  };
  await page.part("model").focus();
  await page.page.keyboard.press("ArrowDown");
  expect(await active()).toBe("Two");
  await page.page.keyboard.press("ArrowDown");
  expect(await active()).toBe("Tall");
  await page.page.keyboard.press("m");
  expect(await active()).toBe("Mini");
  await page.page.keyboard.press("End");
  expect(await active()).toBe("Tall");
  await page.page.keyboard.press("Escape");
  expect(await focused(page)).toBe("Model: Two");
  await page.page.keyboard.press("ArrowUp");
  await page.page.keyboard.press("t");
  await page.page.keyboard.press("Enter");
  expect(await focused(page)).toBe("Model: Tall");
});

test("Escape closes the topmost layer alone, and is the page's when none is open", async () => {
  list("Lighthouse survey", "Old pier");
  const page = await openHistory();
  await page.page.evaluate(() => {
    window.outcome = "";
    window.addEventListener("keydown", ({ key }) => {
      window.outcome += `${key} `;
    });
  });
  await page.part("history").getByRole("button", { name: "More for Old pier" }).click();
  await page.page.keyboard.press("Escape");
  expect(await page.part("history").getByRole("menu").count()).toBe(0);
  expect(await focused(page)).toBe("More for Old pier");
  await page.page.keyboard.press("Escape");
  expect(await page.part("history").count()).toBe(0);
  expect(await focused(page)).toBe("Conversations");
  expect(await page.outcome()).toBe("");
  await page.page.keyboard.press("Escape");
  expect(await page.outcome()).toBe("Escape ");
});

test("the menu of a conversation goes by arrows, Home and End", async () => {
  list("Lighthouse survey", "Old pier");
  const page = await openHistory();
  await page.part("history").getByRole("button", { name: "More for Old pier" }).press("Enter");
  const steps = ["ArrowDown", "ArrowUp", "End", "Home"];
  const seen: (string | null)[] = [await focused(page)];
  for (const key of steps) {
    await page.page.keyboard.press(key);
    seen.push(await focused(page));
  }
  expect(seen).toEqual(["Rename", "Delete", "Rename", "Delete", "Rename"]);
});

test("a deleted row gives the focus to the next, the last one to the one before, the only one to the search", async () => {
  list("Lighthouse survey", "Old pier");
  const page = await openHistory();
  const rows = page.page.locator("#chat .threads .open");
  const remove = async () => {
    await page.page.keyboard.press("Delete");
    await page.page.keyboard.press("Shift+Tab");
    await page.page.keyboard.press("Enter");
  };
  await rows.nth(1).focus();
  await remove();
  await expect.poll(() => rows.count()).toBe(1);
  await expect.poll(() => focused(page)).toBe("Lighthouse survey");
  await remove();
  await expect.poll(() => rows.count()).toBe(0);
  await expect.poll(() => focused(page)).toBe("Search conversations");
});

test("questions are answered by keys alone, and the focus goes on to the field", async () => {
  const item = {
    thread_id: "thr_1",
    created_at: "2026-01-01T00:00:00Z",
    type: "structured_input" as const,
    id: "ask",
    status: "pending" as const,
    inputs: [
      {
        type: "multiple_choice" as const,
        id: "period",
        question: "Which period?",
        multiple: false,
        options: [{ value: "This year" }, { value: "All" }],
      },
      {
        type: "multiple_choice" as const,
        id: "sections",
        question: "Which sections?",
        multiple: true,
        options: [{ value: "Structure" }, { value: "Power" }],
      },
    ],
  };
  fixture.chat.threads.set("thr_1", threadOf("thr_1", [said("Write."), item]));
  const page = await fixture.open();
  await page.setOptions({ initialThread: "thr_1" });
  const form = page.part("structured-input");
  await form.getByRole("radio", { name: "This year" }).focus();
  for (const key of ["Space", "ArrowDown", "Tab", "Tab", "Space", "Enter"])
    await page.page.keyboard.press(key);
  const turn = await fixture.chat.nextTurn();
  expect(turn.request.params["input"]).toMatchObject({
    answers: { period: { values: ["All"] }, sections: { values: ["Power"] } },
  });
  turn.send({ type: "thread.item.replaced", item: { ...item, status: "skipped" } });
  turn.end();
  await page.seen("You skipped 2 questions.").waitFor();
  await expect.poll(() => focused(page)).toBe("Message");
});

test("Alt and an arrow goes from turn to turn", async () => {
  const items = Array.from({ length: 6 }, (_, index) => [
    said(`Question ${index}`, { id: `q${index}` }),
    answered("One.\n\n".repeat(12), `a${index}`),
  ]).flat();
  fixture.chat.threads.set("thr_1", threadOf("thr_1", items));
  const page = await fixture.open();
  await page.setOptions({ initialThread: "thr_1" });
  const log = page.part("transcript");
  await log.focus();
  await log.evaluate((element) => element.scrollTo(0, 0));
  /** Text of the turn whose top is at the top of the transcript. */
  const atTop = () =>
    log.evaluate((element) => {
      const top = element.getBoundingClientRect().top;
      const turn = [...element.querySelectorAll(".turn")].find(
        (candidate) => Math.abs(candidate.getBoundingClientRect().top - top) < 2,
      );
      return turn?.textContent?.trim().slice(0, 18);
    });
  await page.page.keyboard.press("Alt+ArrowDown");
  await expect.poll(atTop).toContain("Question 0");
  await page.page.keyboard.press("Alt+ArrowDown");
  await page.page.keyboard.press("Alt+ArrowDown");
  await expect.poll(atTop).toContain("Question 1");
  await page.page.keyboard.press("Alt+ArrowUp");
  await page.page.keyboard.press("Alt+ArrowUp");
  await expect.poll(atTop).toContain("Question 0");
});

test("a new conversation has the focus in its field", async () => {
  fixture.chat.threads.set("thr_1", threadOf("thr_1", [said("?"), answered("!")]));
  const page = await fixture.open();
  await page.setOptions({ initialThread: "thr_1" });
  await page.part("prose").waitFor();
  await page.part("header").getByRole("button", { name: "New conversation" }).click();
  await expect.poll(() => focused(page)).toBe("Message");
});

test("a conversation that is merely loaded is not announced", async () => {
  fixture.chat.threads.set("thr_1", threadOf("thr_1", [said("?"), answered("Long ago.")]));
  const page = await fixture.open();
  await page.setOptions();
  const spoken = await listen(page);
  await page.page.evaluate(() => window.chat.setThreadId("thr_1"));
  await page.part("prose").waitFor();
  expect(await spoken()).toEqual([]);
});

test("sending, the answer, its end, and a grave notice are announced, each with its urgency", async () => {
  const page = await fixture.open();
  await page.setOptions();
  const spoken = await listen(page);
  await page.send({ text: "Hello" });
  const turn = await fixture.chat.nextTurn();
  turn.send(
    ...accepted(said("Hello")),
    { type: "notice", level: "danger", title: "The export failed", message: "No file was written." },
    ...begun(),
    done("Good day."),
  );
  turn.end();
  await expect.poll(spoken).toContain("polite: Answer complete.");
  expect(await spoken()).toEqual([
    "polite: Sent.",
    "assertive: The export failed. No file was written.",
    "polite: Good day.",
    "polite: Answer complete.",
  ]);
});

test("an answer that is stopped, and the loss and return of the network, are announced", async () => {
  const page = await fixture.open();
  await page.setOptions();
  const spoken = await listen(page);
  await page.send({ text: "Hello" });
  const turn = await fixture.chat.nextTurn();
  turn.send(...accepted(said("Hello")), ...begun(), words("Good"));
  await page.seen("Good").waitFor();
  await page.field.press("Control+.");
  await expect.poll(spoken).toContain("polite: You stopped this answer.");
  await page.page.context().setOffline(true);
  await expect.poll(spoken).toContain("assertive: You are offline. What you write is kept here.");
  await page.page.context().setOffline(false);
  await expect.poll(spoken).toContain("polite: Connected.");
});
