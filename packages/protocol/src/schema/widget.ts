import * as z from "zod/mini";
import type { Json } from "../items.ts";
import {
  type ComponentNode,
  type ComponentType,
  childComponents,
  type DynamicWidget,
  dropNulls,
} from "../widgets/index.ts";
import { depthWithin, MAX_JSON_DEPTH } from "./depth.ts";
import { parseWith } from "./parse.ts";
import { type ParseResult, pathOf, type SchemaIssue } from "./parse-result.ts";
import { COMPONENT_FIELDS } from "./widget-fields.ts";

/** A widget, with what of it this version does not know; or everything that is wrong with it. */
export type WidgetParseResult =
  | { readonly ok: true; readonly value: DynamicWidget; readonly warnings: readonly SchemaIssue[] }
  | Extract<ParseResult<DynamicWidget>, { ok: false }>;

interface ChildRule {
  readonly form: "list" | "one" | "list or one";
  readonly required?: true;
  /** The only component that may stand inside. */
  readonly only?: ComponentType;
}

const list: ChildRule = { form: "list" };
const CHILDREN: { readonly [T in ComponentType]?: ChildRule } = {
  Basic: { form: "list or one", required: true },
  Card: { ...list, required: true },
  ListView: { ...list, required: true, only: "ListViewItem" },
  ListViewItem: { ...list, required: true },
  Transition: { form: "one", required: true },
  Box: list,
  Row: list,
  Col: list,
  Form: list,
  Table: { ...list, only: "Table.Row" },
  "Table.Row": { ...list, only: "Table.Cell" },
  "Table.Cell": list,
};
const ROOTS: readonly string[] = ["Basic", "Card", "ListView"] satisfies ComponentType[];
const ONLY_INSIDE = new Set<string>(Object.values(CHILDREN).flatMap((rule) => rule.only ?? []));

// An object schema drops what it does not name: that is how unknown properties are found.
const SCHEMAS = new Map(
  Object.entries(COMPONENT_FIELDS).map(([type, fields]) => [type, schemaOf(type, fields)] as const),
);

/**
 * Parses a widget from outside: from a model, another server, a file. The value is the widget
 * without nulls (`dropNulls`). What the types refuse is refused, with its path and what was
 * expected; a property, a component or a root that this version does not know passes, and is a
 * warning: a newer widget must not break an older server.
 */
export function parseWidget(value: unknown): WidgetParseResult {
  if (!isWidget(value) || !depthWithin(value, MAX_JSON_DEPTH)) {
    const message = `Invalid input: expected an object with a type, of at most ${MAX_JSON_DEPTH} levels`;
    return { ok: false, issues: [{ path: "", message }] };
  }
  const widget = dropNulls(value);
  const issues: SchemaIssue[] = [];
  const warnings: SchemaIssue[] = [];
  const check = (node: ComponentNode, path: readonly PropertyKey[], parent: string | null): void => {
    const type = typeof node["type"] === "string" ? node["type"] : "";
    const schema = SCHEMAS.get(type);
    if (schema === undefined) {
      const at = pathOf([...path, "type"]);
      if (type === "") issues.push({ path: at, message: "Invalid input: expected the name of a component" });
      else warnings.push({ path: at, message: `Unknown component ${type}` });
    } else {
      const expected = expectedInstead(type, parent);
      if (expected !== null) {
        issues.push({ path: pathOf([...path, "type"]), message: `Invalid input: expected ${expected}` });
      }
      const result = parseWith(schema, node);
      if (!result.ok) issues.push(...result.issues.map((issue) => below(path, issue)));
      else
        for (const at of dropped(node, result.value, path)) {
          warnings.push({ path: pathOf(at), message: "Unknown property" });
        }
    }
    const listed = Array.isArray(node["children"]);
    for (const [index, child] of childComponents(node).entries()) {
      check(child, [...path, "children", ...(listed ? [index] : [])], type);
    }
  };
  check(widget, [], null);
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: widget, warnings };
}

/**
 * A widget as the official server's typed classes write it: known components without unknown
 * properties, action configurations with their defaults, no nulls, in payloads neither. A component
 * that those classes refuse or do not know is left as it is, and so is all below a `Basic` root.
 *
 * Source: openai-chatkit 1.6.5, `widgets.py`, `StrictWidgetComponent` and `DynamicWidgetComponent`.
 */
export function typedWidget(widget: DynamicWidget): DynamicWidget {
  const plain = dropNulls(widget, "drop");
  if (plain.type === "Basic") return plain;
  const typed = (node: ComponentNode): ComponentNode => {
    const schema = SCHEMAS.get(String(node["type"]));
    const result = schema === undefined ? null : parseWith(schema, node);
    if (result === null || !result.ok) return node;
    const { children, ...known } = result.value;
    if (children === undefined) return known;
    const below = childComponents(node).map(typed);
    return { ...known, children: Array.isArray(children) ? below : (below[0] ?? children) };
  };
  return { ...typed(plain), type: plain.type };
}

function schemaOf(
  type: string,
  fields: Readonly<Record<string, z.ZodMiniType>>,
): z.ZodMiniType<ComponentNode> {
  const rule = ruleOf(type);
  const schema = z.object({
    type: z.literal(type),
    key: z.exactOptional(z.string()),
    id: z.exactOptional(z.string()),
    ...fields,
    ...(rule === undefined ? {} : { children: childrenSchema(rule) }),
  });
  return schema as unknown as z.ZodMiniType<ComponentNode>;
}

function ruleOf(type: string): ChildRule | undefined {
  return Object.hasOwn(CHILDREN, type) ? CHILDREN[type as ComponentType] : undefined;
}

function childrenSchema({ form, required }: ChildRule): z.ZodMiniType {
  const schema = z.custom<Json>(
    (value) =>
      (form !== "one" && Array.isArray(value) && value.every(isObject)) ||
      (form !== "list" && isObject(value)),
    `Invalid input: expected ${form === "one" ? "one component" : "a list of components"}`,
  );
  return required === true ? schema : z.exactOptional(schema);
}

/** What should stand where a known component stands; null if it may be there. */
function expectedInstead(type: string, parent: string | null): string | null {
  if (parent === null) return ROOTS.includes(type) ? null : ROOTS.join(", ");
  const rule = ruleOf(parent);
  if (rule === undefined || rule.only === type) return null;
  if (rule.only !== undefined) return rule.only;
  const fits = !ONLY_INSIDE.has(type) && (parent === "Basic" || !ROOTS.includes(type));
  return fits ? null : `a component that may stand in ${parent}`;
}

/** Paths of what is in `given` and not in `kept`. */
function dropped(given: unknown, kept: unknown, path: readonly PropertyKey[]): (readonly PropertyKey[])[] {
  if (given === kept) return [];
  if (Array.isArray(given) && Array.isArray(kept)) {
    return given.flatMap((entry, index) => dropped(entry, kept[index], [...path, index]));
  }
  if (!isObject(given) || !isObject(kept)) return [];
  return Object.entries(given).flatMap(([key, entry]) =>
    Object.hasOwn(kept, key) ? dropped(entry, kept[key], [...path, key]) : [[...path, key]],
  );
}

function below(path: readonly PropertyKey[], { path: rest, message }: SchemaIssue): SchemaIssue {
  const start = pathOf(path);
  return { path: start === "" || rest === "" ? start + rest : `${start}.${rest}`, message };
}

function isWidget(value: unknown): value is DynamicWidget {
  return isObject(value) && typeof value["type"] === "string";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
