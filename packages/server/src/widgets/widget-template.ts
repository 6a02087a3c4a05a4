import { readFile } from "node:fs/promises";
import type { Json } from "@waybill/protocol";
import type { DynamicWidget } from "@waybill/protocol/widgets";
import { ConfigurationError, type ConfigurationIssue } from "../configuration-error.ts";
import { parseTemplate, renderTemplate, type TemplateNode } from "./jinja.ts";

/**
 * A widget made in the widget studio: a template in Jinja's syntax that becomes JSON, and a JSON
 * schema of its data. Whatever the template makes passes, known to this version or not.
 *
 * Source: openai-chatkit 1.6.5, `widgets.py`, `WidgetTemplate`.
 */
export class WidgetTemplate {
  readonly name: string;
  /** The JSON schema of the data, for a model's structured output; empty if the file has none. */
  readonly dataSchema: { readonly [key: string]: Json };
  readonly #template: TemplateNode;

  /**
   * Takes the content of a `.widget` file, parsed: `version` "1.0", `name`, `template` and
   * optionally `jsonSchema`; the studio's other keys are ignored.
   *
   * @throws ConfigurationError with everything that is wrong with it.
   */
  constructor(definition: unknown) {
    const { version, name, template, jsonSchema = {} } = isObject(definition) ? definition : {};
    const issues: ConfigurationIssue[] = [];
    const fix = "Export the widget from the studio, or see docs/widgets.md.";
    if (version !== "1.0") issues.push({ path: "version", message: 'Only "1.0" is known.', fix });
    if (typeof name !== "string") issues.push({ path: "name", message: "A text is needed.", fix });
    if (!isObject(jsonSchema)) issues.push({ path: "jsonSchema", message: "An object is needed.", fix });
    const parsed = parsedOr(template, (message) => issues.push({ path: "template", message, fix }));
    if (typeof name !== "string" || !isObject(jsonSchema) || parsed === null || issues.length > 0) {
      throw new ConfigurationError(issues);
    }
    this.name = name;
    this.dataSchema = jsonSchema;
    this.#template = parsed;
  }

  /**
   * Reads a `.widget` file, for example `new URL("./order.widget", import.meta.url)`.
   *
   * @throws ConfigurationError if it is no widget; the system's error if it cannot be read.
   */
  static async fromFile(file: URL | string): Promise<WidgetTemplate> {
    return new WidgetTemplate(parseJson(await readFile(file, "utf8")));
  }

  /**
   * The widget of some data, which is turned into JSON first. Everything that the template asks
   * for must be there, an optional value as null.
   *
   * @throws Error if something is missing, or what comes out is no widget.
   */
  build(data: object = {}): DynamicWidget {
    try {
      const widget: unknown = JSON.parse(renderTemplate(this.#template, JSON.parse(JSON.stringify(data))));
      if (isWidget(widget)) return widget;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Widget template ${this.name}: ${reason}`, { cause });
    }
    throw new Error(`Widget template ${this.name}: an object with a type is needed`);
  }
}

function parsedOr(template: unknown, report: (message: string) => void): TemplateNode | null {
  if (typeof template !== "string") {
    report("A text is needed.");
    return null;
  }
  try {
    return parseTemplate(template);
  } catch (error) {
    report(`The template cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

type JsonObject = { readonly [key: string]: Json };

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWidget(value: unknown): value is DynamicWidget {
  return isObject(value) && typeof value["type"] === "string";
}
