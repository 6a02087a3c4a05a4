import { describe, expect, test } from "vitest";
import type { DynamicWidget } from "../widgets/index.ts";
import { parseWidget, typedWidget } from "./widget.ts";

const card = (...children: readonly DynamicWidget[]): DynamicWidget => ({ type: "Card", children });
const text = { type: "Text", value: "a" };

describe("a widget from outside", () => {
  test("is accepted as it is, without nulls", () => {
    const children = [
      {
        type: "Box",
        padding: { x: 2, y: "1rem" },
        border: { top: { size: 1, color: { dark: "a", light: "b" } } },
      },
      { type: "Transition", children: { type: "Icon", name: "vendor:x" } },
      {
        type: "Table",
        children: [{ type: "Table.Row", children: [{ type: "Table.Cell", children: [text] }] }],
      },
      { type: "Button", onClickAction: { type: "go", payload: { a: null } } },
      {
        type: "Chart",
        data: [{ day: "Mon", n: 1 }],
        series: [{ type: "line", dataKey: "n", curveType: "step" }],
        xAxis: { dataKey: "day" },
      },
    ];
    const editable = { ...text, editable: { name: "field", required: true } };
    expect(parseWidget(card({ ...editable, weight: null }, ...children))).toEqual({
      ok: true,
      value: card(editable, ...children),
      warnings: [],
    });
  });

  test.each<[string, unknown, string, string]>([
    ["no object", [], "", "expected an object with a type"],
    ["no type", {}, "", "expected an object with a type"],
    ["a missing property", card({ type: "Text" }), "children[0].value", "expected string"],
    ["a wrong token", { ...card(), size: "xl" }, "size", '"sm"|"md"|"lg"|"full"'],
    ["a wrong size", card({ type: "Spacer", minSize: {} }), "children[0].minSize", "a number or CSS text"],
    ["a wrong side", card({ type: "Box", padding: { x: {} } }), "children[0].padding", "these by side"],
    ["no icon", card({ type: "Icon", name: "anchor" }), "children[0].name", "lucide:name"],
    [
      "an action without a type",
      card({ type: "Button", onClickAction: {} }),
      "children[0].onClickAction.type",
      "string",
    ],
    ["a number for an id", card({ ...text, id: 1 }), "children[0].id", "expected string"],
    [
      "a child without a type",
      { type: "Card", children: [{}] },
      "children[0].type",
      "the name of a component",
    ],
    ["a child that is text", { type: "Card", children: ["a"] }, "children", "a list of components"],
    ["no children", { type: "Card" }, "children", "a list of components"],
    [
      "several where one may be",
      card({ type: "Transition", children: [text] }),
      "children[0].children",
      "one component",
    ],
    [
      "a child of one alone",
      { type: "Basic", children: { type: "Text" } },
      "children.value",
      "expected string",
    ],
    ["text in a list", { type: "ListView", children: [text] }, "children[0].type", "expected ListViewItem"],
    [
      "a row outside of a list",
      card({ type: "ListViewItem", children: [] }),
      "children[0].type",
      "may stand in Card",
    ],
    ["a root in a card", card(card()), "children[0].type", "may stand in Card"],
    ["a leaf as a root", text, "type", "expected Basic, Card, ListView"],
  ])("is refused for %s", (_, widget, path, message) => {
    expect(parseWidget(widget)).toEqual({
      ok: false,
      issues: [{ path, message: expect.stringContaining(message) }],
    });
  });

  test("that is too deep is refused before anything recurses over it", () => {
    let widget: DynamicWidget = text;
    for (let level = 0; level < 20_000; level += 1) widget = { type: "Box", children: [widget] };
    expect(parseWidget(widget)).toMatchObject({ ok: false, issues: [{ path: "" }] });
  });

  test("passes with what is newer than this version, which is told", () => {
    const widget = {
      type: "Card",
      glow: 1,
      status: { text: "a", icon: "check" },
      children: [
        {
          type: "Box",
          padding: { z: 1 },
          children: [{ type: "FutureThing", children: [{ ...text, glow: 1 }] }],
        },
        { type: "Select", name: "s", options: [{ value: "a", label: "A", picture: "x" }], children: [] },
      ],
    };
    expect(parseWidget(widget)).toEqual({
      ok: true,
      value: widget,
      warnings: [
        { path: "glow", message: "Unknown property" },
        { path: "children[0].padding.z", message: "Unknown property" },
        { path: "children[0].children[0].type", message: "Unknown component FutureThing" },
        { path: "children[0].children[0].children[0].glow", message: "Unknown property" },
        { path: "children[1].options[0].picture", message: "Unknown property" },
        { path: "children[1].children", message: "Unknown property" },
      ],
    });
    expect(parseWidget({ type: "Modal" })).toMatchObject({ ok: true, warnings: [{ path: "type" }] });
  });
});

describe("a widget as the official server's classes write it", () => {
  const go = { type: "go", payload: { id: 1, n: null, list: [1, null, { x: null }] } };
  test.each<[string, DynamicWidget, DynamicWidget]>([
    ["loses unknown properties", { ...card({ ...text, glow: 1 }), glow: { a: 1 } }, card(text)],
    [
      "gets the defaults of actions, and loses nulls in payloads",
      card({ type: "Button", onClickAction: go }),
      card({
        type: "Button",
        onClickAction: {
          type: "go",
          payload: { id: 1, list: [1, {}] },
          handler: "server",
          loadingBehavior: "auto",
          streaming: true,
        },
      }),
    ],
    [
      "keeps unknown components",
      card({ type: "FutureThing", value: "x", n: null }),
      card({ type: "FutureThing", value: "x" }),
    ],
    ["keeps components that it refuses", card({ type: "Text", glow: 1 }), card({ type: "Text", glow: 1 })],
    [
      "keeps all below a Basic root",
      { type: "Basic", gap: null, children: null, glow: 1 },
      { type: "Basic", glow: 1 },
    ],
    [
      "keeps a child that is alone",
      card({ type: "Transition", children: { ...text, glow: 1 } }),
      card({ type: "Transition", children: text }),
    ],
  ])("%s", (_, given, expected) => {
    expect(typedWidget(given)).toEqual(expected);
  });
});
