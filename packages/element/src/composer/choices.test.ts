import { expect, test } from "vitest";
import { Choices } from "./choices.ts";
import { readComposerOptions } from "./composer-options.ts";

const web = { id: "web", label: "Web" };
const draw = { id: "draw", label: "Draw", persistent: true };
const mini = { id: "mini", label: "Mini" };

function setUp(composer: object) {
  const heard: (string | null)[] = [];
  let options = readComposerOptions({ composer });
  const choices = new Choices(
    () => options,
    (toolId) => void heard.push(toolId),
  );
  return {
    choices,
    heard,
    offer: (next: object) => {
      options = readComposerOptions({ composer: next });
    },
  };
}

test("tells each change of the tool once, and sends it along", () => {
  const { choices, heard } = setUp({ tools: [web, draw] });
  expect(choices.input).toEqual({});
  choices.chooseTool("web");
  choices.chooseTool("web");
  expect(choices.input).toEqual({ toolChoice: { id: "web" } });
  choices.settle();
  expect(choices.tool).toBeNull();
  expect(heard).toEqual(["web", null]);
});

test("a persistent tool stays on, until the page no longer offers it", () => {
  const { choices, offer } = setUp({ tools: [web, draw] });
  choices.chooseTool("draw");
  choices.settle();
  expect(choices.tool?.id).toBe("draw");
  offer({ tools: [web] });
  expect(choices.input).toEqual({});
});

test.each([
  [[mini, { id: "max", label: "Max", default: true }], "max"],
  [[mini, { id: "max", label: "Max" }], "mini"],
  [
    [
      { ...mini, disabled: true, default: true },
      { id: "max", label: "Max" },
    ],
    "max",
  ],
])("begins with the default model, else the first that can be chosen: %j", (models, id) =>
  expect(setUp({ models }).choices.input).toEqual({ model: id }),
);

test("refuses tools and models that are not offered", () => {
  const { choices, heard } = setUp({
    tools: [web],
    models: [mini, { id: "max", label: "Max", disabled: true }],
  });
  expect(() => choices.chooseTool("draw")).toThrow(RangeError);
  expect(() => choices.chooseModel("max")).toThrow(RangeError);
  expect(heard).toEqual([]);
  expect(choices.model?.id).toBe("mini");
});
