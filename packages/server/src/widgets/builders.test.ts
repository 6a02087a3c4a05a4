import { parseWidget } from "@waybill/protocol/schema";
import type { ComponentType } from "@waybill/protocol/widgets";
import { expect, test } from "vitest";
import * as builders from "./builders.ts";

const { Button, Card, Divider, Text } = builders;

test("a builder makes plain data", () => {
  expect(Card({ size: "sm" }, [Text({ value: "a" }), Divider(), Button()])).toEqual({
    type: "Card",
    size: "sm",
    children: [{ type: "Text", value: "a" }, { type: "Divider" }, { type: "Button" }],
  });
});

test("every component that can be checked can be built", () => {
  const made = Object.values(builders).map((build: (...args: never[]) => { readonly type: ComponentType }) =>
    build(),
  );
  expect(made).toHaveLength(30);
  for (const component of made) {
    const result = parseWidget({ type: "Newer", children: [component] });
    expect(result.ok ? result.warnings.map((warning) => warning.message) : []).not.toContain(
      `Unknown component ${component.type}`,
    );
  }
});
