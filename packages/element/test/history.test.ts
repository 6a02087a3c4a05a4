import type { Thread } from "@waybill/protocol";
import { beforeEach, expect, test } from "vitest";
import type { ChatPage } from "./support/chat-page.ts";
import { answered, said, threadOf } from "./support/events.ts";
import { useChat } from "./support/fixture.ts";
import { Refusal } from "./support/scripted-chat.ts";

const fixture = useChat();
const listed = (id: string, title: string): Thread => threadOf(id, [], { title });
const PAGE = 30;

let threads: Thread[] = [];

beforeEach(() => {
  threads = [
    listed("thr_1", "Lighthouse survey"),
    listed("thr_2", "Old pier"),
    listed("thr_3", "Spring visit"),
  ];
  const { chat } = fixture;
  for (const thread of threads)
    chat.threads.set(thread.id, { ...thread, items: { data: [said("?"), answered("!")], has_more: false } });
  chat.answers.set("threads.list", ({ after }) => {
    const start = typeof after === "string" ? threads.findIndex((thread) => thread.id === after) + 1 : 0;
    const data = threads.slice(start, start + PAGE);
    return { data, has_more: start + PAGE < threads.length, after: data.at(-1)?.id };
  });
  chat.answers.set("threads.update", ({ thread_id: id, title }) => listed(String(id), String(title)));
  chat.answers.set("threads.delete", () => ({}));
});

async function openHistory(options: object = {}, width = 960) {
  const page = await fixture.open("", { viewport: { width, height: 720 } });
  await page.setOptions({ initialThread: "thr_1", ...options });
  await page.part("prose").waitFor();
  await page.part("header").getByRole("button", { name: "Conversations" }).click();
  await page.part("history-item").first().waitFor();
  return page;
}

const titles = (page: ChatPage) => page.part("history-item").allInnerTexts();
const row = (page: ChatPage, name: string) => page.part("history").getByRole("button", { name, exact: true });
const focused = (page: ChatPage) =>
  page.page.evaluate(() => {
    const active = window.chat.shadowRoot?.activeElement;
    return active?.getAttribute("aria-label") ?? active?.textContent?.trim() ?? null;
  });

test("opens beside the conversation with the focus in the search, and gives it back", async () => {
  const page = await openHistory();
  expect(await focused(page)).toBe("Search conversations");
  expect(await titles(page)).toEqual(["Lighthouse survey", "Old pier", "Spring visit"]);
  expect(await row(page, "Lighthouse survey").getAttribute("aria-current")).toBe("page");
  expect(await page.part("field").isVisible()).toBe(true);
  expect(await page.page.locator("#chat .main").getAttribute("inert")).toBeNull();
  await page.page.keyboard.press("Escape");
  expect(await page.part("history").count()).toBe(0);
  expect(await focused(page)).toBe("Conversations");
  expect((await page.heard()).map(({ name }) => name)).toEqual(
    expect.arrayContaining(["chatkit.history.open", "chatkit.history.close"]),
  );
});

test("opens a conversation by keyboard and leaves the focus in its row", async () => {
  const page = await openHistory();
  await page.page.keyboard.press("ArrowDown");
  await page.page.keyboard.press("ArrowDown");
  await page.page.keyboard.press("Enter");
  await expect.poll(() => row(page, "Old pier").getAttribute("aria-current")).toBe("page");
  expect(await focused(page)).toBe("Old pier");
  expect(await page.part("title").innerText()).toBe("Old pier");
});

test("a conversation that is being opened is not called a new one: its title stands as soon as it is known", async () => {
  const page = await fixture.open("", { viewport: { width: 960, height: 720 } });
  const gate = Promise.withResolvers<void>();
  await page.page.route("**/chatkit", async (route) => {
    if (route.request().postData()?.includes("threads.get_by_id")) await gate.promise;
    await route.continue();
  });
  await page.setOptions({ initialThread: "thr_1" });
  const title = page.part("title");
  await page.seen("Opening the conversation").waitFor();
  expect(await title.isVisible()).toBe(false);
  await page.part("header").getByRole("button", { name: "Conversations" }).click();
  await expect.poll(() => title.innerText()).toBe("Lighthouse survey");
  expect(await title.isVisible()).toBe(true);
  await row(page, "Old pier").click();
  await expect.poll(() => title.innerText()).toBe("Old pier");
  await page.page.evaluate(() => void window.chat.setThreadId(null));
  await expect.poll(() => title.innerText()).toBe("New conversation");
  gate.resolve();
});

test("renames in place with F2; Esc cancels that, and only then closes", async () => {
  const page = await openHistory();
  await row(page, "Lighthouse survey").focus();
  await page.page.keyboard.press("F2");
  await page.page.keyboard.press("Escape");
  expect(await focused(page)).toBe("Lighthouse survey");
  await page.page.keyboard.press("F2");
  await page.page.keyboard.type("Harbour");
  await page.page.keyboard.press("Enter");
  await expect.poll(() => page.part("title").innerText()).toBe("Harbour");
  expect(await titles(page)).toEqual(["Harbour", "Old pier", "Spring visit"]);
  expect(await focused(page)).toBe("Harbour");
});

test("says that a title was not taken, and shows the old one", async () => {
  fixture.chat.answers.set("threads.update", () => new Refusal(403));
  const page = await openHistory();
  await row(page, "Old pier").focus();
  await page.page.keyboard.press("F2");
  await page.page.keyboard.type("New");
  await page.page.keyboard.press("Enter");
  await page.part("history").getByRole("alert").getByText("It could not be renamed.").waitFor();
  expect(await titles(page)).toEqual(["Lighthouse survey", "Old pier", "Spring visit"]);
});

test("asks before it deletes, and moves the focus to the next row", async () => {
  const page = await openHistory();
  await row(page, "Old pier").focus();
  await page.page.keyboard.press("Delete");
  expect(await focused(page)).toBe("Keep");
  await page.page.keyboard.press("Enter");
  expect(await focused(page)).toBe("Old pier");
  await page.page.keyboard.press("Delete");
  await page.part("history").getByRole("button", { name: "Delete", exact: true }).click();
  await expect.poll(() => titles(page)).toEqual(["Lighthouse survey", "Spring visit"]);
  await expect.poll(() => focused(page)).toBe("Spring visit");
});

test("begins a new conversation when the open one is deleted", async () => {
  const page = await openHistory();
  await page.part("history").getByRole("button", { name: "More for Lighthouse survey" }).click();
  expect(await focused(page)).toBe("Rename");
  await page.page.keyboard.press("ArrowDown");
  await page.page.keyboard.press("Enter");
  await page.part("history").getByRole("button", { name: "Delete", exact: true }).click();
  await page.part("greeting").waitFor();
  expect((await page.heard("thread.change")).at(-1)?.detail).toEqual({ threadId: null });
});

test("offers only what the options allow", async () => {
  const page = await openHistory({ history: { showDelete: false } });
  await page.part("history").getByRole("button", { name: "More for Old pier" }).click();
  expect(await page.part("history").getByRole("menuitem").allInnerTexts()).toEqual(["Rename"]);
  await page.setOptions({ initialThread: "thr_1", history: { enabled: false } });
  expect(await page.part("header").getByRole("button", { name: "Conversations" }).count()).toBe(0);
});

test("loads more by scrolling and by button, and reads on for a search", async () => {
  threads = Array.from({ length: 95 }, (_, index) => listed(`thr_${index + 1}`, `Number ${index + 1}`));
  const page = await openHistory();
  await expect.poll(() => page.part("history-item").count()).toBe(30);
  await page.part("history").getByRole("button", { name: "Show more" }).click();
  await expect.poll(async () => (await page.part("history-item").count()) >= 60).toBe(true);
  await page.part("history-search").fill("number 95");
  await expect.poll(() => titles(page)).toEqual(["Number 95"]);
  await page.page.locator("[aria-live=polite]").getByText("1 found").waitFor({ state: "attached" });
  await page.part("history-search").fill("anchor");
  await page.part("history").getByText("Nothing found for “anchor”").waitFor();
});

test("says that there are none, and that they could not be loaded", async () => {
  threads = [];
  const page = await fixture.open();
  await page.setOptions();
  await page.page.evaluate(() => window.chat.showHistory());
  await page.part("history").getByText("No conversations yet").waitFor();
  await page.page.evaluate(() => window.chat.hideHistory());
  expect(await page.part("history").count()).toBe(0);
  const other = await fixture.open();
  fixture.chat.answers.set("threads.list", () => new Refusal(403));
  await other.setOptions();
  await other.page.evaluate(() => window.chat.showHistory());
  await other.part("history").getByText("The conversations could not be loaded.").waitFor();
  fixture.chat.answers.set("threads.list", () => ({ data: [listed("thr_9", "Back")], has_more: false }));
  await other.part("history").getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => titles(other)).toEqual(["Back"]);
});

test("covers a narrow conversation, which is out of reach until a choice is made", async () => {
  const page = await openHistory({}, 400);
  expect(await page.part("history").getAttribute("aria-modal")).toBe("true");
  expect(await page.page.locator("#chat .main").getAttribute("inert")).not.toBeNull();
  await row(page, "Old pier").click();
  await expect.poll(() => page.part("title").innerText()).toBe("Old pier");
  expect(await page.part("history").count()).toBe(0);
  await page.part("header").getByRole("button", { name: "Conversations" }).click();
  await page.part("history").waitFor();
  await page.page.setViewportSize({ width: 900, height: 720 });
  await expect.poll(() => page.page.locator("#chat .main").getAttribute("inert")).toBeNull();
});

test("shows the page's own actions in the header under a name", async () => {
  const page = await fixture.open();
  await page.page.evaluate(() => {
    window.outcome = "";
    const act = (side: string) => () => {
      window.outcome += side;
    };
    window.chat.setOptions({
      api: { url: "/chatkit" },
      header: {
        leftAction: { icon: "home", onClick: act("left") },
        rightAction: { icon: "settings-cog", label: "Desk settings", onClick: act("right") },
      },
    });
  });
  await page.part("header").getByRole("button", { name: "Home" }).click();
  await page.part("header").getByRole("button", { name: "Desk settings" }).click();
  expect(await page.outcome()).toBe("leftright");
  expect(await page.part("header-action").locator("svg").count()).toBe(4);
});
