import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EventOutlet } from "./event-outlet.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A target that tells the outlet of its listeners, as the element does. */
function setUp() {
  const target = new EventTarget();
  const outlet = new EventOutlet(target);
  const heard: string[] = [];
  const listen = (type: string, then: () => void = () => undefined) => {
    target.addEventListener(type, () => {
      heard.push(type);
      then();
    });
    outlet.listened(type);
  };
  return { outlet, heard, listen };
}

test("keeps what happens with the options for those who listen right after them, ready first", () => {
  const { outlet, heard, listen } = setUp();
  outlet.emit("chatkit.thread.load.start", { threadId: "thr_1" });
  outlet.settle(true);
  listen("chatkit.thread.load.start");
  listen("chatkit.ready");
  expect(heard).toEqual([]);
  vi.runAllTimers();
  expect(heard).toEqual(["chatkit.ready", "chatkit.thread.load.start"]);
});

test("holds ready, and nothing else, for a first listener that comes late; fires it once", () => {
  const { outlet, heard, listen } = setUp();
  outlet.emit("chatkit.history.open", undefined);
  outlet.settle(true);
  vi.runAllTimers();
  listen("chatkit.history.open");
  listen("chatkit.ready");
  vi.runAllTimers();
  listen("chatkit.ready");
  outlet.settle(true);
  vi.runAllTimers();
  expect(heard).toEqual(["chatkit.ready"]);
});

test("fires an error of the options without being ready, and ready when they are mended", () => {
  const { outlet, heard, listen } = setUp();
  listen("chatkit.ready");
  listen("chatkit.error");
  outlet.emit("chatkit.error", { error: new Error("url_missing") });
  outlet.settle(false);
  vi.runAllTimers();
  expect(heard).toEqual(["chatkit.error"]);
  outlet.settle(true);
  vi.runAllTimers();
  expect(heard).toEqual(["chatkit.error", "chatkit.ready"]);
});

test("keeps the order when a listener causes another event, and fires at once from then on", () => {
  const { outlet, heard, listen } = setUp();
  listen("chatkit.ready", () => outlet.emit("chatkit.history.open", undefined));
  listen("chatkit.history.open");
  listen("chatkit.response.start");
  outlet.emit("chatkit.response.start", undefined);
  outlet.settle(true);
  vi.runAllTimers();
  expect(heard).toEqual(["chatkit.ready", "chatkit.response.start", "chatkit.history.open"]);
  outlet.emit("chatkit.history.open", undefined);
  expect(heard).toHaveLength(4);
});

test("makes the same remark once", () => {
  const { outlet, heard, listen } = setUp();
  listen("chatkit.log");
  for (const option of ["a", "b", "a"]) outlet.remark("option.unknown", { option });
  outlet.settle(true);
  vi.runAllTimers();
  expect(heard).toHaveLength(2);
});
