import type { ThreadItem } from "@waybill/protocol";
import { type ComponentNode, type DynamicWidget, dropNulls } from "@waybill/protocol/widgets";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { updateItem } from "../../../client/src/update-item.ts";
import { diffWidget } from "./diff-widget.ts";

const card = (...children: readonly ComponentNode[]): DynamicWidget => ({ type: "Card", children });

/** What a page shows after `before` and the updates. */
function shownAfter(before: DynamicWidget, after: DynamicWidget): unknown {
  const item: ThreadItem = {
    id: "msg_1",
    thread_id: "thr_1",
    created_at: "2026-01-01T00:00:00Z",
    type: "widget",
    widget: dropNulls(before),
  };
  const updates = JSON.parse(JSON.stringify(diffWidget(before, after)));
  const shown = updates.reduce(updateItem, item);
  return shown.widget;
}

type Pair = readonly [before: ComponentNode, after: ComponentNode];

const text = fc.string({ unit: fc.constantFrom("a", "b", "é", "😀", "\ud83d", "\ude00"), maxLength: 4 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const id = maybe(fc.constantFrom("", "a", "b", "c", "d", "e", "f"));
const props = fc.record({
  id,
  type: fc.constantFrom("Text", "Markdown", "Title"),
  streaming: maybe(fc.oneof(fc.boolean(), fc.constant("yes"))),
});

const { pair } = fc.letrec<{ pair: Pair; leaf: Pair; box: Pair }>((tie) => ({
  pair: fc.oneof({ maxDepth: 4 }, tie("leaf"), tie("box")),
  leaf: fc.oneof(
    fc.tuple(props, text, text).map(
      ([own, value, more]): Pair => [
        { ...own, value },
        { ...own, value: value + more },
      ],
    ),
    fc.tuple(props, text, props, text).map(
      ([own, value, other, otherValue]): Pair => [
        { ...own, value },
        { ...other, value: otherValue },
      ],
    ),
  ),
  box: fc
    .tuple(
      fc.array(tie("pair") as fc.Arbitrary<Pair>, { maxLength: 4 }),
      fc.constantFrom("same", "same", "reversed", "shorter", "longer", "alone"),
      id,
    )
    .map(([pairs, change, own]): Pair => {
      const before = pairs.map(([state]) => state);
      const after = pairs.map(([, state]) => state);
      const box = { type: "Row", id: own };
      const first = pairs[0];
      if (change === "alone" && first !== undefined) {
        return [
          { ...box, children: first[0] },
          { ...box, children: first[1] },
        ];
      }
      if (change === "reversed") after.reverse();
      if (change === "shorter") after.pop();
      if (change === "longer") after.push({ type: "Divider" });
      return [
        { ...box, children: before },
        { ...box, children: after },
      ];
    }),
}));

describe("updates of a widget", () => {
  test("turn what a page shows into the next state, whatever changed", () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 4 }), maybe(fc.constantFrom("a", "b")), (pairs, rootId) => {
        const before = { ...card(...pairs.map(([state]) => state)), id: rootId };
        const after = { ...card(...pairs.map(([, state]) => state)), id: rootId };
        expect(shownAfter(before, after)).toEqual(dropNulls(after));
      }),
      { numRuns: 500 },
    );
  });

  test("are additions alone where texts with ids of their own grow", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string({ minLength: 1 })), { maxLength: 5 }), (texts) => {
        const state = (grown: boolean) =>
          card({
            type: "Row",
            children: texts.map(([value, more], index) => ({
              type: "Text",
              id: `t${index}`,
              value: grown ? value + more : value,
            })),
          });
        expect(diffWidget(state(false), state(true))).toEqual(
          texts.map(([, delta], index) => ({
            type: "widget.streaming_text.value_delta",
            component_id: `t${index}`,
            delta,
            done: true,
          })),
        );
      }),
    );
  });

  const t = { type: "Text", id: "t", value: "a" };
  test.each<[string, DynamicWidget, DynamicWidget]>([
    [
      "text with the id of a box",
      card({ ...t, id: "x" }, { type: "Row", id: "x" }),
      card({ ...t, id: "x", value: "ab" }, { type: "Row", id: "x" }),
    ],
    ["text with an empty id", card({ ...t, id: "" }), card({ ...t, id: "", value: "ab" })],
    ["text cut within a character", card({ ...t, value: "\ud83d" }), card({ ...t, value: "\ud83d\ude00" })],
    [
      "text outside of children",
      card({ type: "New", slot: t }),
      card({ type: "New", slot: { ...t, value: "ab" } }),
    ],
    [
      "a payload that becomes null",
      card({ type: "Button", onClickAction: { type: "a", payload: { x: 1 } } }),
      card({ type: "Button", onClickAction: { type: "a", payload: { x: null } } }),
    ],
  ])("replace the root for %s", (_, before, after) => {
    expect(diffWidget(before, after)).toEqual([{ type: "widget.root.updated", widget: after }]);
  });
});
