import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigurationError } from "../configuration-error.ts";
import { WidgetTemplate } from "./widget-template.ts";

const folder = mkdtempSync(join(tmpdir(), "widgets-"));
afterAll(() => rmSync(folder, { recursive: true }));

const templateOf = (template: string) => new WidgetTemplate({ version: "1.0", name: "Order", template });
/** What an expression gives inside a widget. */
const valueOf = (expression: string, data: object = {}) =>
  templateOf(`{"type":"Card","v":${expression}}`).build(data)["v"];

// In the form that the studio writes: values by tojson, repeated parts with their commas.
const ORDER = `{"type":"Card","children":[{"type":"Title","value":{{ ((number ~ " · " ~ name)) | tojson }}},
{%- if (lines | length) > 0 -%}
{"type":"Col","children":[{%- set _c = joiner(',') -%}
{%- for line in lines -%}{{ _c() }}{"type":"Text","key":{{ (line.id) | tojson }},"value":{{ (line.text) | tojson }}}{%- endfor -%}]},
{%- endif -%}
{"type":"Button","label":{{ ("Pay" if open else "Paid") | tojson }},"disabled":{{ (not open) | tojson }},
"onClickAction":{"type":"pay","payload":{{ ({"order": number, "lines": lines}) | tojson }}}}]}`;

describe("a widget template", () => {
  test("makes the widget of its data", () => {
    const lines = [
      { id: 1, text: 'a "quoted" </script>\n😀' },
      { id: 2, text: "b\\" },
    ];
    expect(templateOf(ORDER).build({ number: "7", name: "Ä & Ö", lines, open: true })).toEqual({
      type: "Card",
      children: [
        { type: "Title", value: "7 · Ä & Ö" },
        {
          type: "Col",
          children: lines.map(({ id, text }) => ({ type: "Text", key: id, value: text })),
        },
        {
          type: "Button",
          label: "Pay",
          disabled: false,
          onClickAction: { type: "pay", payload: { order: "7", lines } },
        },
      ],
    });
    expect(templateOf(ORDER).build({ number: "7", name: "", lines: [], open: false })).toMatchObject({
      children: [{ type: "Title" }, { type: "Button", label: "Paid", disabled: true }],
    });
  });

  // Each of these was held against Jinja 3.1 with undefined names as errors.
  test.each<[string, object, unknown]>([
    ["{{ x | tojson }}", { x: { a: [1, 1.5, null, true, ""] } }, { a: [1, 1.5, null, true, ""] }],
    ["{{ x | default(1) | tojson }}", {}, 1],
    ['{{ x | default("d", true) | tojson }}', { x: "" }, "d"],
    ["{% if x is defined %}1{% else %}2{% endif %}", {}, 2],
    ["{{ (x.y if x.y is defined else 3) | tojson }}", { x: {} }, 3],
    ['{{ x | map(attribute="n") | join(", ") | tojson }}', { x: [{ n: 1 }, { n: 2 }] }, "1, 2"],
    ["[{% for k, v in x.items() %}{{ k | tojson }}, {{ v }}{% endfor %}]", { x: { a: 1 } }, ["a", 1]],
    [
      "[{% for i in x %}{{ i }}{% if not loop.last %},{% endif %}{% else %}0{% endfor %}]",
      { x: [1, 2] },
      [1, 2],
    ],
    ["[{% for i in x %}{% else %}0{% endfor %}]", { x: [] }, [0]],
    ["{{ range(1, 4) | list | tojson }}", {}, [1, 2, 3]],
    [
      "{% set ns = namespace(n=0) %}{% for i in x %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}",
      { x: [1, 2] },
      3,
    ],
    ["{{ range | tojson }}", { range: "a name of the data" }, "a name of the data"],
    ["{{ x[0].y | upper | tojson }}", { x: [{ y: "a" }] }, "A"],
  ])("%s", (template, data, expected) => {
    expect(valueOf(template, data)).toEqual(expected);
  });

  test.each([
    ["{{ title | tojson }}", {}, "title is not defined"],
    ["{{ order.title | tojson }}", { order: {} }, "title is not defined"],
    ["{{ order.title | default(1) }}", {}, "order is not defined"],
    ["{% if open %}1{% endif %}", { open: undefined }, "open is not defined"],
    ["{{ x.constructor }}", { x: {} }, "constructor is not defined"],
    ["{{ x.__proto__ | tojson }}", { x: {} }, "__proto__ is not defined"],
    ["{{ x }}", { x: "no JSON" }, "JSON"],
  ])("says what is wrong with %s", (template, data, message) => {
    expect(() => valueOf(template, data)).toThrow(message);
    expect(() => valueOf(template, data)).toThrow("Widget template Order");
  });

  test("refuses what is no widget when it is built", () => {
    expect(() => templateOf("[1]").build()).toThrow("an object with a type");
    expect(() => templateOf('{"children":[]}').build()).toThrow("an object with a type");
  });

  test("is read from a file, with the schema of its data", async () => {
    const file = join(folder, "order.widget");
    const jsonSchema = { type: "object", required: ["number"] };
    writeFileSync(
      file,
      JSON.stringify({ version: "1.0", name: "Order", template: ORDER, jsonSchema, encodedWidget: "x" }),
    );
    expect(await WidgetTemplate.fromFile(file)).toMatchObject({ name: "Order", dataSchema: jsonSchema });
  });

  test("tells everything that is wrong with its definition", async () => {
    const paths = (definition: unknown) => {
      try {
        return new WidgetTemplate(definition).name;
      } catch (error) {
        return error instanceof ConfigurationError ? error.issues.map((issue) => issue.path) : error;
      }
    };
    expect(paths({ version: "2.0", template: "{% if %}", jsonSchema: [] })).toEqual([
      "version",
      "name",
      "jsonSchema",
      "template",
    ]);
    expect(paths(null)).toEqual(["version", "name", "template"]);
    const file = join(folder, "broken.widget");
    writeFileSync(file, "{");
    await expect(WidgetTemplate.fromFile(file)).rejects.toThrow(ConfigurationError);
    await expect(WidgetTemplate.fromFile(join(folder, "none.widget"))).rejects.toThrow("ENOENT");
  });
});
