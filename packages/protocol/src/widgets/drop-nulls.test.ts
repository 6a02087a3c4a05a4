import { expect, test } from "vitest";
import type { Json } from "../items.ts";
import { childComponents } from "./child-components.ts";
import { dropNulls } from "./drop-nulls.ts";

test.each<[string, Json, Json]>([
  [
    "in properties and lists, at any depth",
    { a: null, b: { c: null }, d: [1, null, [null]] },
    { b: {}, d: [1, [[]].flat()] },
  ],
  [
    "but not in an action's payload",
    { type: "go", payload: { a: null } },
    { type: "go", payload: { a: null } },
  ],
  ["where the payload is null itself", { type: "go", payload: null }, { type: "go" }],
  ["in a payload that is no action's", { payload: { a: null } }, { payload: {} }],
])("nulls are dropped %s", (_, given, expected) => {
  expect(dropNulls(given)).toEqual(expected);
});

test("nulls are dropped in payloads too, as upstream does, where that is asked for", () => {
  expect(dropNulls({ type: "go", payload: { a: null, b: [null, 1] } }, "drop")).toEqual({
    type: "go",
    payload: { b: [1] },
  });
});

test("a copy shares nothing with what it was made of, and has no prototype from it", () => {
  const given = { type: "go", payload: { a: [1] }, b: [{}] };
  const copy = dropNulls(given);
  expect(copy).toEqual(given);
  expect(copy.payload.a).not.toBe(given.payload.a);
  expect(copy.b[0]).not.toBe(given.b[0]);
  const odd = dropNulls(JSON.parse('{"__proto__":{"x":1}}') as Json);
  expect(Object.keys(odd as object)).toEqual(["__proto__"]);
});

test("children are a list, one alone, or none", () => {
  const child = { type: "Text" };
  expect(childComponents({ children: [child, "text", null] })).toEqual([child]);
  expect(childComponents({ children: child })).toEqual([child]);
  expect(childComponents({})).toEqual([]);
});
