import { threadStateOf } from "@waybill/client";
import { describe, expect, test } from "vitest";
import { answered, said, threadOf } from "../../test/support/events.ts";
import { newChat } from "../chat-snapshot.ts";
import { en } from "../strings/en.ts";
import { AnnouncementQueue } from "./announcer.ts";
import { Narrator } from "./narrator.ts";

/** A clock that a test turns by hand. */
function createClock() {
  let acts: { act: () => void; delayMs: number }[] = [];
  return {
    later: (act: () => void, delayMs: number) => void acts.push({ act, delayMs }),
    delays: () => acts.map(({ delayMs }) => delayMs),
    turn: () => {
      const due = acts;
      acts = [];
      for (const { act } of due) act();
    },
  };
}

describe("AnnouncementQueue", () => {
  test("says one text after the other, with a pause between", () => {
    const clock = createClock();
    const said: string[] = [];
    const queue = new AnnouncementQueue((text) => said.push(text), clock.later);
    queue.say("One");
    queue.say("Two");
    queue.say("  ");
    expect(said).toEqual(["One"]);
    expect(clock.delays()).toEqual([150]);
    clock.turn();
    expect(said).toEqual(["One", "Two"]);
    clock.turn();
    expect(clock.delays()).toEqual([5_000]);
    clock.turn();
    expect(said.at(-1)).toBe("");
  });

  test("changes a text that is said twice, so that it is heard twice", () => {
    const clock = createClock();
    const said: string[] = [];
    const queue = new AnnouncementQueue((text) => said.push(text), clock.later);
    queue.say("Sent.");
    queue.say("Sent.");
    clock.turn();
    expect(said).toEqual(["Sent.", "Sent.\u00a0"]);
  });

  test("does not clear what was said since it fell silent", () => {
    const clock = createClock();
    const said: string[] = [];
    const queue = new AnnouncementQueue((text) => said.push(text), clock.later);
    queue.say("One");
    clock.turn();
    queue.say("Two");
    clock.turn();
    expect(said).toEqual(["One", "Two"]);
  });
});

describe("Narrator", () => {
  const setUp = (waiting = 0) => {
    const clock = createClock();
    const heard: string[] = [];
    const narrator = new Narrator(
      { say: (text) => heard.push(text), waiting: () => waiting, later: clock.later },
      () => en,
    );
    const at = (text: string, growing: boolean) => ({
      ...newChat,
      phase: "answering" as const,
      state: {
        ...threadStateOf(threadOf("thr_1", [answered("Old"), said("?"), answered(text, "msg_2")])),
        streaming: new Set(growing ? ["msg_2"] : []),
      },
    });
    return { clock, heard, narrator, at };
  };

  test("reads each block when it is complete, and nothing of earlier turns", () => {
    const { heard, narrator, at } = setUp();
    narrator.begin("blocks");
    narrator.follow(at("First", true), "blocks");
    narrator.follow(at("First.\n\nSec", true), "blocks");
    narrator.follow(at("First.\n\nSecond.", false), "blocks");
    narrator.end("complete", "blocks");
    expect(heard).toEqual(["Sent.", "First.", "Second.", "Answer complete."]);
  });

  test("drops blocks that come faster than they can be read", () => {
    const { heard, narrator, at } = setUp();
    narrator.begin("blocks");
    narrator.follow(at("a\n\nb\n\nc\n\nd\n\ne", true), "blocks");
    expect(heard).toEqual(["Sent.", "The answer continues."]);
  });

  test("says that work goes on until the first word", () => {
    const { clock, heard, narrator, at } = setUp();
    narrator.begin("blocks");
    expect(clock.delays()).toEqual([1_500]);
    clock.turn();
    expect(clock.delays()).toEqual([15_000]);
    clock.turn();
    narrator.follow(at("Word", true), "blocks");
    clock.turn();
    expect(heard).toEqual(["Sent.", "Still working.", "Still working."]);
    expect(clock.delays()).toEqual([]);
  });

  test("reads a whole answer at its end if asked to, and nothing if told to be quiet", () => {
    const { heard, narrator, at } = setUp();
    narrator.begin("end");
    narrator.follow(at("One.\n\nTwo.", false), "end");
    narrator.end("complete", "end");
    expect(heard).toEqual(["Sent.", "One. Two.", "Answer complete."]);
    heard.length = 0;
    narrator.begin("off");
    narrator.follow(at("One.\n\nTwo.", false), "off");
    narrator.end("stopped", "off");
    expect(heard).toEqual([]);
  });
});
