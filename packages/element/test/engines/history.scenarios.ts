import type { Thread } from "@waybill/protocol";
import { expect } from "vitest";
import { answered, said, threadOf } from "../support/events.ts";
import type { ChatStage, Scenarios } from "./chat-stage.ts";

const listed = (id: string, title: string): Thread => threadOf(id, [], { title });

/** Gives the server three conversations. */
export function fillHistory({ chat }: ChatStage): void {
  const threads = ["Lighthouse survey", "Old pier", "Spring visit"].map((title, index) =>
    listed(`thr_${index + 1}`, title),
  );
  for (const thread of threads)
    chat.threads.set(thread.id, {
      ...thread,
      items: { data: [said("?"), answered(`About ${thread.title}`)], has_more: false },
    });
  chat.answers.set("threads.list", () => ({ data: threads, has_more: false }));
  chat.answers.set("threads.update", ({ thread_id: id, title }) => listed(String(id), String(title)));
  chat.answers.set("threads.delete", () => ({}));
}

async function openHistory(stage: ChatStage): Promise<void> {
  const { page } = stage;
  fillHistory(stage);
  await page.driver.resize(960, 720);
  await stage.open({ initialThread: "thr_1" });
  await page.read("[part~=prose]", "About Lighthouse survey");
  await page.click({ css: "[part~=header-action]", name: "Conversations" });
  await page.hasFocus("Search conversations");
  await page.read("[part~=history-item]", "Old pier");
}

const titles = ({ page }: ChatStage) =>
  page.evaluate(() => window.tools.all("[part~=history-item] .open").map((row) => row.innerText.trim()));

/** The list of conversations. */
export const history: Scenarios = {
  "finds a conversation, opens it by keys, and gives the focus back": async (stage) => {
    const { page } = stage;
    await openHistory(stage);
    await page.type("pier");
    await page.until(() => window.tools.all("[part~=history-item]").length === 1);
    expect(await titles(stage)).toEqual(["Old pier"]);
    await page.press("ArrowDown", "Enter");
    await page.read("[part~=prose]", "About Old pier");
    expect(await page.see("[part~=title]")).toBe("Old pier");
    await page.hasFocus("Old pier");
    await page.press("Escape");
    await page.gone("[part~=history]");
    await page.hasFocus("Conversations");
  },

  "renames a conversation in place; Escape ends only that": async (stage) => {
    const { page } = stage;
    await openHistory(stage);
    await page.focus({ css: "[part~=history-item] .open", name: "Lighthouse survey" });
    await page.press("F2");
    await page.hasFocus("New title");
    await page.press("Escape");
    await page.hasFocus("Lighthouse survey");
    await page.press("F2");
    await page.hasFocus("New title");
    await page.type("Harbour");
    await page.press("Enter");
    await page.hasFocus("Harbour");
    expect(await titles(stage)).toEqual(["Harbour", "Old pier", "Spring visit"]);
  },

  "asks before it deletes a conversation, and goes on with its neighbour": async (stage) => {
    const { page } = stage;
    await openHistory(stage);
    await page.focus({ css: "[part~=history-item] .open", name: "Old pier" });
    await page.press("Delete");
    await page.hasFocus("Keep");
    await page.press("Enter");
    await page.hasFocus("Old pier");
    await page.click({ css: "button", name: "More for Old pier" });
    await page.hasFocus("Rename");
    await page.press("ArrowDown");
    await page.hasFocus("Delete");
    await page.press("Enter");
    await page.hasFocus("Keep");
    await page.click({ css: ".ask-del button", name: "Delete" });
    await page.hasFocus("Spring visit");
    expect(await titles(stage)).toEqual(["Lighthouse survey", "Spring visit"]);
  },
};
