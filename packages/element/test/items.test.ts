import type { AssistantMessageItem, Source, ThreadItem } from "@waybill/protocol";
import { describe, expect, test } from "vitest";
import { accepted, answered, said, threadOf } from "./support/events.ts";
import { useChat } from "./support/fixture.ts";
import { Refusal } from "./support/scripted-chat.ts";

const fixture = useChat();
const base = { thread_id: "thr_1", created_at: "2026-01-01T00:00:00Z" };

async function openWith(items: readonly ThreadItem[], options: object = {}) {
  fixture.chat.threads.set("thr_1", threadOf("thr_1", [said("?"), ...items]));
  const page = await fixture.open();
  await page.setOptions({ initialThread: "thr_1", ...options });
  await page.part("assistant-message").waitFor();
  return page;
}

async function streaming() {
  const page = await fixture.open();
  await page.setOptions();
  await page.send({ text: "Go" });
  const turn = await fixture.chat.nextTurn();
  turn.send(...accepted(said("Go")));
  return { page, turn };
}

const url = (title: string, host: string): Source => ({ type: "url", title, url: `https://${host}/a` });
const cited = (text: string, ...sources: readonly [number, Source][]): AssistantMessageItem => ({
  ...answered(text),
  content: [
    {
      type: "output_text",
      text,
      annotations: sources.map(([index, source]) => ({ type: "annotation", index, source })),
    },
  ],
});

describe("sources", () => {
  test("numbers each source once, where it is cited, and leads there and back by keyboard", async () => {
    const list = url("List of Lights", "registry.example");
    const text = "A tower. It has two bands, `as here`.";
    const page = await openWith([
      cited(
        text,
        [8, list],
        [25, { type: "file", title: "Inspection", filename: "a.pdf" }],
        [text.length, list],
      ),
    ]);
    expect(
      await page.part("citation").evaluateAll((all) => all.map((one) => one.getAttribute("aria-label"))),
    ).toEqual(["Source 1: List of Lights", "Source 2: Inspection", "Source 1: List of Lights"]);
    expect(await page.part("sources").innerText()).toContain("2 sources");
    expect(await page.part("sources").getAttribute("open")).not.toBeNull();
    expect(await page.part("sources").locator("a").getAttribute("href")).toBe("https://registry.example/a");
    await page.part("citation").nth(1).press("Enter");
    const focused = () =>
      page.page.evaluate(() => window.chat.shadowRoot?.activeElement?.textContent?.replaceAll(/\s+/g, " "));
    expect(await focused()).toContain("Inspection");
    await page.page.keyboard.press("Escape");
    expect(await focused()).toMatch(/^2/);
  });

  test("folds more than three sources, and opens them for a citation", async () => {
    const page = await openWith([
      cited("abcd", ...[0, 1, 2, 3].map((at): [number, Source] => [at + 1, url(`S${at}`, `${at}.example`)])),
    ]);
    expect(await page.part("sources").getAttribute("open")).toBeNull();
    await page.part("citation").last().click();
    expect(await page.part("sources").getAttribute("open")).not.toBeNull();
  });

  test("a Latin title stands beside its number where the page reads from right to left", async () => {
    const page = await fixture.open("?dir=rtl");
    const list = url("List of Lights", "registry.example");
    fixture.chat.threads.set("thr_1", threadOf("thr_1", [said("?"), cited("A tower.", [8, list])]));
    await page.setOptions({ initialThread: "thr_1" });
    const row = page.part("sources").locator("li");
    const edges = () =>
      row.evaluate((item) => {
        const number = item.firstElementChild?.getBoundingClientRect();
        const title = item.querySelector("a")?.getBoundingClientRect();
        return (number?.left ?? 0) - (title?.right ?? 0);
      });
    await row.waitFor();
    expect(await edges()).toBeGreaterThanOrEqual(0);
    expect(await edges()).toBeLessThan(24);
  });

  test("keeps numbers out of links, code and copied text", async () => {
    const source = url("S", "s.example");
    const text = "See [the list](https://a.example/x) and `code`.";
    const page = await openWith([cited(text, [8, source], [25, source], [44, source])]);
    expect(await page.part("prose").locator("a").getAttribute("href")).toBe("https://a.example/x");
    expect(await page.part("prose").locator("a button, code button").count()).toBe(0);
    expect(await page.part("citation").count()).toBe(3);
    expect(await page.part("prose").locator("code").innerText()).toBe("code");
  });
});

test("shows the steps of a workflow as they go, and leaves open what the person opened", async () => {
  const { page, turn } = await streaming();
  const task = { type: "custom" as const, title: "Matching entries", status_indicator: "loading" as const };
  const search = {
    type: "web_search" as const,
    status_indicator: "complete" as const,
    queries: ["list of lights"],
    sources: [url("List", "registry.example")],
  };
  const workflow = { type: "custom" as const, tasks: [search], expanded: false };
  turn.send(
    { type: "thread.item.added", item: { ...base, type: "workflow", id: "wf", workflow } },
    {
      type: "thread.item.updated",
      item_id: "wf",
      update: { type: "workflow.task.added", task_index: 1, task },
    },
  );
  await page.part("workflow").getByText("1 of 2").waitFor();
  expect(await page.part("workflow").getAttribute("open")).toBeNull();
  await page.part("workflow").locator("summary").click();
  expect(await page.part("step").allInnerTexts()).toEqual([
    expect.stringContaining("“list of lights”"),
    expect.stringContaining("Matching entries"),
  ]);
  await page.page.locator("[aria-live=polite]").getByText("Matching entries").waitFor({ state: "attached" });
  turn.send({
    type: "thread.item.done",
    item: {
      ...base,
      type: "workflow",
      id: "wf",
      workflow: { ...workflow, tasks: [search], summary: { duration: 12.4 } },
    },
  });
  turn.end();
  await page.part("workflow").getByText("Worked for 12 s").waitFor();
  expect(await page.part("workflow").getAttribute("open")).not.toBeNull();
});

test("draws an image in its place, says how far it is, and opens it large", async () => {
  const { page, turn } = await streaming();
  const image = { id: "i", url: `${fixture.chat.origin}/picture.svg` };
  turn.send({ type: "thread.item.added", item: { ...base, type: "generated_image", id: "g" } });
  await page.part("generated-image").getByText("Drawing").waitFor();
  const before = await page.part("generated-image").boundingBox();
  expect((before?.width ?? 0) / (before?.height ?? 1)).toBeCloseTo(4 / 3, 1);
  turn.send({
    type: "thread.item.updated",
    item_id: "g",
    update: { type: "generated_image.updated", image, progress: 0.6 },
  });
  await page.part("generated-image").getByText("Drawing, 60 %").waitFor();
  expect((await page.part("generated-image").boundingBox())?.height).toBe(before?.height);
  turn.send({ type: "thread.item.done", item: { ...base, type: "generated_image", id: "g", image } });
  turn.end();
  await page.part("generated-image").getByRole("button", { name: "Open generated image" }).click();
  await page.part("lightbox").waitFor();
});

describe("questions", () => {
  const item: ThreadItem = {
    ...base,
    type: "structured_input",
    id: "ask",
    status: "pending",
    inputs: [
      {
        type: "multiple_choice",
        id: "period",
        question: "Which period?",
        multiple: false,
        options: [{ value: "This year" }, { value: "All" }],
      },
      {
        type: "multiple_choice",
        id: "sections",
        question: "Which sections?",
        multiple: true,
        options: [{ value: "Structure" }, { value: "Power" }],
      },
      { type: "freeform", id: "note", question: "Anything else?" },
    ],
  };

  test("are answered with native controls, and shown with their answers", async () => {
    const page = await openWith([item]);
    const form = page.part("structured-input");
    await form.getByRole("button", { name: "Send answers" }).click();
    await form.getByText("Answer at least one question, or skip them.").waitFor();
    await form.getByLabel("All").check();
    await form.getByLabel("Structure").check();
    await form.getByLabel("Power").check();
    await form.getByRole("button", { name: "Send answers" }).click();
    const turn = await fixture.chat.nextTurn();
    expect(turn.request).toMatchObject({
      type: "threads.add_structured_input",
      params: {
        thread_id: "thr_1",
        item_id: "ask",
        input: {
          status: "answered",
          answers: {
            period: { values: ["All"], skipped: false },
            sections: { values: ["Structure", "Power"], skipped: false },
            note: { values: [], skipped: true },
          },
        },
      },
    });
    await form.getByText("Sending answers").waitFor();
    turn.send({
      type: "thread.item.replaced",
      item: {
        ...item,
        status: "answered",
        inputs: item.inputs.map((input) => ({ ...input, answer: { values: ["All"], skipped: false } })),
      } as ThreadItem,
    });
    turn.end();
    await form.getByRole("definition").first().getByText("All").waitFor();
  });

  test("keep what was chosen if sending fails, and are sent again", async () => {
    const page = await openWith([item]);
    const form = page.part("structured-input");
    await form.getByLabel("All").check();
    await form.getByRole("button", { name: "Send answers" }).click();
    (await fixture.chat.nextTurn()).refuse(500, {});
    await page.part("error-card").waitFor();
    expect(await form.getByLabel("All").isChecked()).toBe(true);
    await form.getByRole("button", { name: "Skip" }).click();
    const turn = await fixture.chat.nextTurn();
    expect(turn.request.params).toMatchObject({ input: { status: "skipped" } });
    turn.send({ type: "thread.item.replaced", item: { ...item, status: "skipped" } as ThreadItem });
    turn.end();
    await page.seen("You skipped 3 questions.").waitFor();
    expect(await page.part("error-card").count()).toBe(0);
  });
});

describe("tools of the page", () => {
  const call: ThreadItem = {
    ...base,
    type: "client_tool_call",
    id: "tool",
    status: "pending",
    call_id: "call_1",
    name: "show_region",
    arguments: { region: "north" },
  };

  test("are carried out, and their result lets the answer go on", async () => {
    const page = await fixture.open();
    await page.page.evaluate(() => {
      window.chat.setOptions({
        api: { url: "/chatkit" },
        onClientTool: async ({ name, params }) => ({ did: `${name} ${String(params["region"])}` }),
      });
    });
    await page.send({ text: "Show" });
    const turn = await fixture.chat.nextTurn();
    turn.send(...accepted(said("Show")), { type: "thread.item.done", item: call });
    turn.end();
    const second = await fixture.chat.nextTurn();
    expect(second.request).toMatchObject({
      type: "threads.add_client_tool_output",
      params: { thread_id: "thr_1", result: { did: "show_region north" } },
    });
    second.send({ type: "thread.item.done", item: answered("Shown.") });
    second.end();
    await page.seen("Shown.").waitFor();
    await page.part("tool-call").getByText("Used a tool of this page:").waitFor();
  });

  test("that the page lacks are a card for the developer, and an error", async () => {
    const { page, turn } = await streaming();
    turn.send({ type: "thread.item.done", item: call });
    turn.end();
    await page.part("error-card").getByText("This page lacks a tool that the answer needs").waitFor();
    expect(await page.heard("error")).toHaveLength(1);
  });

  test("are not carried out because a conversation is merely opened", async () => {
    const page = await openWith([call]);
    await page.part("tool-call").getByText("A tool of this page has not answered:").waitFor();
    expect(fixture.chat.asked.filter((path) => path === "POST /chatkit")).toHaveLength(1);
  });
});

test("sends feedback once, says so, and takes back what could not be sent", async () => {
  fixture.chat.answers.set("items.feedback", () => ({}));
  const page = await openWith([answered("Fine.")], { threadItemActions: { feedback: true, retry: true } });
  const good = page.part("actions").getByRole("button", { name: "Good answer" });
  await good.click();
  await good.click();
  expect(await good.getAttribute("aria-pressed")).toBe("true");
  await page.page
    .locator("[aria-live=polite]")
    .getByText("Your judgement is sent.")
    .waitFor({ state: "attached" });
  fixture.chat.answers.set("items.feedback", () => new Refusal(403));
  await page.part("actions").getByRole("button", { name: "Poor answer" }).click();
  await expect.poll(() => good.getAttribute("aria-pressed")).toBe("true");
  expect(fixture.chat.questions.map(({ params }) => [params["item_ids"], params["kind"]])).toEqual([
    [["msg_answer"], "positive"],
    [["msg_answer"], "negative"],
  ]);
  await page.part("actions").getByRole("button", { name: "Answer again" }).click();
  expect((await fixture.chat.nextTurn()).request.type).toBe("threads.retry_after_item");
});

test("tells the page of a link into it, and sends an action of the page to the server", async () => {
  const page = await openWith([answered("[Open](chatkit-link://order?id=7)")]);
  await page.part("prose").getByRole("button", { name: "Open" }).click();
  expect(await page.heard("deeplink")).toEqual([
    { name: "chatkit.deeplink", detail: { name: "order", data: { id: "7" } } },
  ]);
  await page.page.evaluate(() => {
    window.outcome = "pending";
    void window.chat.sendCustomAction({ type: "refresh", payload: { page: 2 } }).then(() => {
      window.outcome = "resolved";
    });
  });
  const turn = await fixture.chat.nextTurn();
  expect(turn.request).toMatchObject({
    type: "threads.custom_action",
    params: { thread_id: "thr_1", action: { type: "refresh", payload: { page: 2 } } },
  });
  turn.send({ type: "client_effect", name: "refreshed", data: { page: 2 } });
  turn.end();
  await expect.poll(() => page.outcome()).toBe("resolved");
  expect(await page.heard("effect")).toHaveLength(1);
});
