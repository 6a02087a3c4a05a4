import { expect, test } from "vitest";
import { Button, Card, Divider, Text } from "./builders.ts";

test("a builder makes plain data", () => {
  expect(Card({ size: "sm" }, [Text({ value: "a" }), Divider(), Button()])).toEqual({
    type: "Card",
    size: "sm",
    children: [{ type: "Text", value: "a" }, { type: "Divider" }, { type: "Button" }],
  });
});
