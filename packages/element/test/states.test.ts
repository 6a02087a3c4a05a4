import type { ThreadItem } from "@waybill/protocol";
import { describe, expect, test } from "vitest";
import { axeViolations } from "./support/axe.ts";
import { answered, said, threadOf } from "./support/events.ts";
import { useChat } from "./support/fixture.ts";

const fixture = useChat();
const base = { thread_id: "thr_1", created_at: "2026-01-01T00:00:00Z" };
/** A folder for pictures of every state, to be looked at. */
const folder = process.env["WAYBILL_SHOTS"];

function items(origin: string): readonly ThreadItem[] {
  const source = { type: "url" as const, title: "List of Lights", url: "https://registry.example/a" };
  const steps = [
    {
      type: "web_search" as const,
      status_indicator: "complete" as const,
      queries: ["lights 2024"],
      sources: [source],
    },
    {
      type: "thought" as const,
      status_indicator: "complete" as const,
      title: "Decided",
      content: "A **new** character counts.",
    },
    {
      type: "file" as const,
      status_indicator: "complete" as const,
      title: "Read two files",
      sources: [{ type: "file" as const, title: "lights-2023.csv", filename: "lights-2023.csv" }],
    },
    { type: "image" as const, status_indicator: "none" as const },
    { type: "custom" as const, status_indicator: "loading" as const, title: "Matching 412 entries" },
  ];
  const text = "It is a lighthouse on a low headland. The bands are a daymark.";
  return [
    {
      ...base,
      type: "workflow",
      id: "w1",
      workflow: { type: "reasoning", tasks: steps.slice(1, 2), summary: { duration: 12 }, expanded: false },
    },
    {
      ...base,
      type: "workflow",
      id: "w2",
      workflow: { type: "custom", tasks: steps, expanded: true, summary: { title: "Comparing two lists" } },
    },
    {
      ...base,
      type: "task",
      id: "t1",
      task: { type: "custom", title: "Write the summary", status_indicator: "none" },
    },
    { ...base, type: "generated_image", id: "g1", image: { id: "i1", url: `${origin}/picture.svg` } },
    {
      ...base,
      type: "client_tool_call",
      id: "c1",
      call_id: "c1",
      name: "show_region",
      arguments: {},
      status: "completed",
    },
    {
      ...answered(text),
      content: [
        {
          type: "output_text",
          text,
          annotations: [
            { type: "annotation", index: 36, source },
            {
              type: "annotation",
              index: text.length,
              source: { type: "file", title: "Inspection, page 12", filename: "a.pdf" },
            },
          ],
        },
      ],
    },
    {
      ...base,
      type: "structured_input",
      id: "s1",
      status: "pending",
      inputs: [
        {
          type: "multiple_choice",
          id: "a",
          question: "Which period?",
          multiple: false,
          options: [{ value: "This year" }, { value: "All" }],
        },
        {
          type: "multiple_choice",
          id: "b",
          question: "Which sections?",
          multiple: true,
          options: [{ value: "Structure" }, { value: "Power" }],
        },
        { type: "freeform", id: "c", question: "Anything else?" },
      ],
    },
    {
      ...base,
      type: "structured_input",
      id: "s2",
      status: "answered",
      inputs: [
        { type: "freeform", id: "c", question: "Anything else?", answer: { values: [], skipped: true } },
      ],
    },
  ];
}

describe.each([
  ["light", "ltr"],
  ["dark", "ltr"],
  ["light", "rtl"],
] as const)("axe finds nothing, and nothing runs over the side (%s, %s)", (theme, dir) => {
  test.each(["items", "history", "history-menu", "history-ask", "history-narrow", "lightbox"] as const)(
    "%s",
    async (state) => {
      const { chat } = fixture;
      const titles = ["Lighthouse survey", "Which lights changed since the 2023 list?", "Old pier"];
      const attachments = ["a.png", "b.png"].map((name) => ({
        id: name,
        name,
        mime_type: "image/png",
        type: "image" as const,
        preview_url: `${chat.origin}/picture.svg?${name}`,
      }));
      chat.threads.set(
        "thr_0",
        threadOf("thr_0", [said("Look", { attachments }), ...items(chat.origin)], { title: titles[0] ?? "" }),
      );
      chat.answers.set("threads.list", () => ({
        data: titles.map((title, index) => ({
          ...threadOf(`thr_${index}`, [], { title }),
          created_at: index === 0 ? new Date().toISOString() : base.created_at,
        })),
        has_more: true,
      }));
      const width = state === "history-narrow" ? 360 : 960;
      const height = state === "items" ? 2000 : 720;
      const page = await fixture.open(`?dir=${dir}`, { viewport: { width, height } });
      await page.setOptions({
        theme,
        initialThread: "thr_0",
        threadItemActions: { feedback: true, retry: true },
      });
      await page.part("structured-input").first().waitFor();
      if (state.startsWith("history")) {
        await page.part("header").getByRole("button", { name: "Conversations" }).click();
        await page.part("history-item").first().waitFor();
      }
      if (state === "history-menu")
        await page.part("history").getByRole("button", { name: "More for Which" }).click();
      if (state === "history-ask") {
        await page.part("history").getByRole("button", { name: "Old pier", exact: true }).focus();
        await page.page.keyboard.press("Delete");
      }
      if (state === "lightbox") {
        await page.part("attachment").first().click();
        await page.part("lightbox").locator("img").waitFor();
      }
      if (folder !== undefined)
        await page.page.screenshot({ path: `${folder}/${state}-${theme}-${dir}.png` });
      expect(await axeViolations(page)).toEqual([]);
      const over = await page.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect(over).toBe(false);
    },
  );
});
