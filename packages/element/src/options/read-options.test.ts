import { expect, test } from "vitest";
import { readMessageContent } from "./message-content.ts";
import { readOptions, remarkOptions } from "./read-options.ts";

test("reads what a page sets", () => {
  expect(
    readOptions({
      api: { url: "/chatkit", domainKey: "x" },
      locale: "de",
      frameTitle: "Help",
      initialThread: "thr_1",
      header: { title: { text: "Desk" } },
      startScreen: {
        greeting: "Hello",
        prompts: [{ label: "One", prompt: "First", icon: "bolt" }, { label: 7 }],
      },
      composer: { placeholder: "Ask" },
      disclaimer: { text: "Check.", highContrast: true },
      thread: { autoScroll: false },
    }),
  ).toMatchObject({
    url: "/chatkit",
    issue: null,
    locale: "de",
    frameTitle: "Help",
    initialThread: "thr_1",
    header: { enabled: true, titleEnabled: true, titleText: "Desk" },
    greeting: "Hello",
    prompts: [{ label: "One", content: [{ type: "input_text", text: "First" }], icon: "bolt" }],
    placeholder: "Ask",
    disclaimer: { text: "Check.", highContrast: true },
    autoScroll: false,
    announcements: "blocks",
  });
});

test.each([
  [{ api: {} }, "url_missing"],
  [{ api: { getClientSecret: async () => "x" } }, "hosted_api"],
  [null, "url_missing"],
  ["nonsense", "url_missing"],
])("says what is missing in %j", (raw, issue) => expect(readOptions(raw).issue).toBe(issue));

test("names options that have no effect, and whether they will", () => {
  expect(
    remarkOptions({
      api: { url: "x", uploadStrategy: { type: "two_phase" } },
      composer: { placeholder: "x", models: [], dictation: { enabled: false }, voice: true },
      commands: { enabled: true },
      widgets: undefined,
      theme: { anything: true },
      colour: "red",
    }),
  ).toEqual([
    { name: "option.unknown", option: "composer.voice" },
    { name: "option.not_offered", option: "commands" },
    { name: "option.unknown", option: "colour" },
  ]);
});

test("fills in what a page may leave out of a tag, and drops what is no part of a message", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  expect(
    readMessageContent([
      { type: "input_tag", id: "1", text: "Holm", data: { n: 1, f: () => 1 } },
      { type: "input_tag", id: "2", text: "Loop", data: cyclic, interactive: true },
      { type: "input_image", text: "?" },
      null,
    ]),
  ).toEqual([
    { type: "input_tag", id: "1", text: "Holm", data: { n: 1 }, interactive: false },
    { type: "input_tag", id: "2", text: "Loop", data: {}, interactive: true },
  ]);
});
