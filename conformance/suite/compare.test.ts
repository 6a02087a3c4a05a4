import { describe, expect, test } from "vitest";
import { Bindings, compareReply } from "./compare.ts";
import type { Reply } from "./exchange.ts";
import { frameCount, splitFrames } from "./frames.ts";
import { judge } from "./replay.ts";
import { type Expectation, loadScenarios, type Step } from "./scenario.ts";

type Frame = Record<string, unknown>;

/** Recorded frames with ids in the place of placeholders. */
function recorded(id: string): { readonly expected: Expectation; readonly frames: Frame[] } {
  const step = loadScenarios().find((scenario) => scenario.id === id)?.steps[0];
  if (step?.expect.frames === undefined) throw new Error(`${id} has no frames.`);
  const text = JSON.stringify(step.expect.frames)
    .replace(/<(thr|msg|tc|wf|tsk|atc|shcx):(\d+)>/g, "$1_id$2")
    .replaceAll("<time>", "2025-01-31T09:15:02.123456");
  return { expected: step.expect, frames: JSON.parse(text) };
}

const ANSWER = {
  status: 200,
  contentType: "text/event-stream",
  headers: {},
  rawHeaders: [],
  broken: false,
  bytes: Buffer.alloc(0),
  json: null,
  text: null,
};

const pathsOf = (expected: Expectation, reply: Partial<Reply>) =>
  compareReply(expected, { ...ANSWER, frames: null, ...reply }, new Bindings()).map(({ path }) => path);

describe("a recorded answer", () => {
  test("fits itself, whichever it is", () => {
    for (const { id, steps } of loadScenarios()) {
      if (steps[0]?.expect.frames === undefined) continue;
      const { expected, frames } = recorded(id);
      expect([id, pathsOf(expected, { frames, broken: expected.transport === "broken" })]).toEqual([id, []]);
    }
  });

  const item = (frames: Frame[], index: number) => frames[index]?.["item"] as Frame;
  const mutations: readonly [string, (frames: Frame[]) => void, string][] = [
    ["a key is missing", (frames) => delete item(frames, 1)["thread_id"], "frames/1/item/thread_id"],
    ["a key is one too many", (frames) => (item(frames, 1)["extra"] = 1), "frames/1/item/extra"],
    [
      "a null is there instead of nothing",
      (frames) => (item(frames, 1)["quoted_text"] = null),
      "frames/1/item/quoted_text",
    ],
    [
      "two frames are swapped",
      (frames) => frames.splice(1, 2, ...frames.slice(1, 3).reverse()),
      "frames/1/type",
    ],
    ["the last frame is missing", (frames) => frames.pop(), "frames/length"],
    ["a frame is there twice", (frames) => frames.push(frames[0] ?? {}), "frames/length"],
    ["one id is used for two items", (frames) => (item(frames, 3)["id"] = "msg_id1"), "frames/3/item/id"],
    ["one item has two ids", (frames) => ((frames[4] ??= {})["item_id"] = "msg_id9"), "frames/4/item_id"],
    ["an id has another prefix", (frames) => (item(frames, 1)["id"] = "tc_id1"), "frames/1/item/id"],
    ["a time is none", (frames) => (item(frames, 1)["created_at"] = "today"), "frames/1/item/created_at"],
    ["a list is an object", (frames) => (item(frames, 1)["content"] = {}), "frames/1/item/content"],
    [
      "an empty list is left out",
      (frames) => delete item(frames, 1)["attachments"],
      "frames/1/item/attachments",
    ],
    [
      "true is 1",
      (frames) => (frames[2] = { type: "stream_options", stream_options: { allow_cancel: 1 } }),
      "frames/2/stream_options/allow_cancel",
    ],
  ];
  test.each(mutations)("does not fit when %s", (_, mutate, path) => {
    const { expected, frames } = recorded("create.text");
    mutate(frames);
    expect(pathsOf(expected, { frames })).toContain(path);
  });

  test("does not fit another status, content type or end", () => {
    const { expected, frames } = recorded("create.text");
    const reply = { frames, status: 500, contentType: "text/plain", broken: true };
    expect(pathsOf(expected, reply)).toEqual(["status", "content-type", "transport"]);
    expect(pathsOf({ status: "4xx" }, { status: 404 })).toEqual([]);
    expect(pathsOf({ status: "4xx" }, { status: 500 })).toEqual(["status"]);
  });

  test("an id of an earlier answer is the same in a later one", () => {
    const bindings = new Bindings();
    const listed = (ids: readonly string[]) =>
      compareReply(
        { status: 200, json: ["<msg:1>", "<msg:2>"] },
        { ...ANSWER, frames: null, json: ids },
        bindings,
      );
    expect(listed(["msg_a", "msg_b"])).toEqual([]);
    expect(listed(["msg_a", "msg_b"])).toEqual([]);
    expect(listed(["msg_b", "msg_a"])).toHaveLength(2);
    expect(listed(["msg_c", "msg_c"])).toHaveLength(2);
  });

  test("a key __proto__ is a key like any other", () => {
    const expected = { status: 200, json: JSON.parse('{"__proto__":{"a":1}}') };
    expect(pathsOf(expected, { json: {} })).toEqual(["json/__proto__"]);
    expect(pathsOf(expected, { json: JSON.parse('{"__proto__":{"a":2}}') })).toEqual(["json/__proto__/a"]);
    expect(pathsOf({ status: 200, json: {} }, expected)).toEqual(["json/__proto__"]);
  });
});

describe("a frame", () => {
  test("is one data line", () => {
    expect(splitFrames(Buffer.from('data: {"a":1}\n\ndata: {"b":2}\n\ndata: {'))).toEqual({
      frames: [{ a: 1 }, { b: 2 }],
      rest: "data: {",
    });
    expect(frameCount(Buffer.from("data: 1\n\ndata: 2\n\ndata"))).toBe(2);
  });

  test.each([
    ["a second data line", "data: 1\ndata: 2\n\n"],
    ["an id", "id: 7\ndata: 1\n\n"],
    ["an event's name", "event: x\ndata: 1\n\n"],
    ["a comment", ": ping\n\n"],
    ["a carriage return", "data: 1\r\n\r\ndata: 2\n\n"],
    ["no blank behind the colon", "data:1\n\n"],
    ["a third line end", "data: 1\n\n\ndata: 2\n\n"],
    ["data that is no JSON", "data: one\n\n"],
    ["a byte order mark", "\ufeffdata: 1\n\n"],
  ])("is none with %s", (_, text) => {
    expect(() => splitFrames(Buffer.from(text))).toThrow();
  });

  test("is none in bytes that are not UTF-8", () => {
    expect(() =>
      splitFrames(Buffer.from([...Buffer.from('data: "'), 0xff, ...Buffer.from('"\n\n')])),
    ).toThrow();
  });
});

describe("where a better answer is known", () => {
  const step: Step = {
    request: {},
    expect: { status: 500, text: "Internal Server Error" },
    upstreamBug: "unmapped",
    better: [
      { status: 400, json: { error: { code: "invalid_request" }, detail: "<absent>" } },
      { status: 200 },
    ],
  };
  const json = (status: number, value: unknown) => ({ ...ANSWER, frames: null, status, json: value });
  const upstreams: Reply = { ...ANSWER, frames: null, status: 500, text: "Internal Server Error" };
  const bindings = new Bindings();

  test("it is required, and any of several will do", () => {
    const right = json(400, { error: { code: "invalid_request", more: 1 } });
    expect(judge(step, right, { bindings })).toMatchObject({ as: "better" });
    expect(judge(step, json(200, {}), { bindings })).toMatchObject({ as: "better" });
    expect(judge(step, upstreams, { bindings })).toHaveProperty("differences");
    const stillThere = json(400, { error: { code: "invalid_request" }, detail: 1 });
    expect(judge(step, stillThere, { bindings })).toHaveProperty("differences");
  });

  test("the official server's own answer is taken only when asked for", () => {
    expect(judge(step, upstreams, { bindings, upstream: true })).toMatchObject({ as: "recorded" });
    expect(judge(step, json(404, {}), { bindings, upstream: true })).toHaveProperty("differences");
  });
});
