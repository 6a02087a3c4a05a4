import { expect, test } from "vitest";

test("can be imported where there is no page", async () => {
  const element = await import("./index.ts");
  expect(Object.keys(element).sort()).toEqual([
    "OpenAIChatKitElement",
    "WaybillChat",
    "defineElements",
    "registerIcons",
    "registerStrings",
  ]);
});
