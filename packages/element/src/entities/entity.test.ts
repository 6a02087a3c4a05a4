import { expect, test } from "vitest";
import { entityOf, readEntities, readEntityHandlers, tagOf, widgetTexts } from "./entity.ts";

test("an entity becomes a tag and is the same again; its icon is remembered", () => {
  const [entity] = readEntities([
    {
      id: "1",
      title: "Holm Point",
      icon: "map-pin",
      group: "Places",
      interactive: true,
      data: { height: "24 m" },
    },
    { id: 7, title: "no id" },
  ]);
  expect(entity).toBeDefined();
  if (entity === undefined) return;
  expect(tagOf(entity)).toEqual({
    type: "input_tag",
    id: "1",
    text: "Holm Point",
    group: "Places",
    interactive: true,
    data: { height: "24 m" },
  });
  expect(entityOf(tagOf(entity))).toEqual(entity);
  expect(readEntities("nothing")).toEqual([]);
});

test("reads the texts of a widget in their order", async () => {
  const preview = {
    type: "Basic",
    children: [
      { type: "Title", value: "Holm Point" },
      {
        type: "Row",
        children: [
          { type: "Text", value: "Light, 24 m" },
          { type: "Button", label: "Open" },
        ],
      },
      { type: "Divider" },
    ],
  };
  expect(widgetTexts(preview)).toEqual(["Holm Point", "Light, 24 m", "Open"]);
  const ask = (answer: unknown) =>
    readEntityHandlers({ entities: { onRequestPreview: async () => answer } }).preview?.({
      id: "1",
      title: "x",
    });
  expect(await ask({ preview })).toEqual(["Holm Point", "Light, 24 m", "Open"]);
  expect(await ask({ preview: null })).toBeNull();
});
