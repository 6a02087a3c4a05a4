import { isDeepStrictEqual } from "node:util";
import type { Json, ThreadItemUpdate } from "@waybill/protocol";
import {
  type ComponentNode,
  childComponents,
  type DynamicWidget,
  dropNulls,
} from "@waybill/protocol/widgets";

/** What changes a widget that is already shown. */
export type WidgetUpdate = Extract<
  ThreadItemUpdate,
  { type: "widget.streaming_text.value_delta" | "widget.root.updated" }
>;

/**
 * The updates that turn one state of a widget into the next, nulls counting as absent; none for
 * equal states. Where nothing but texts grew, and each of them has an id that is its own in both
 * states, these are their additions in the order of the tree, `done` unless the text says
 * `streaming`. Anything else is the whole new widget: nothing is lost, whatever changed.
 *
 * Source: openai-chatkit 1.6.5, `server.py`, `diff_widget`, without its losses: growth without an
 * id, with an id that is there twice, or in a child that is no list replaces the root or is found.
 */
export function diffWidget(before: DynamicWidget, after: DynamicWidget): readonly WidgetUpdate[] {
  const old = dropNulls(before);
  const widget = dropNulls(after);
  // Where only texts differ, the ids of both states are the same.
  const ids = ownIds(widget);
  const growth: WidgetUpdate[] = [];

  const sameChild = (from: Json | undefined, to: Json | undefined): boolean =>
    isNode(from) && isNode(to) ? sameButForGrowth(from, to) : isDeepStrictEqual(from, to);

  const sameButForGrowth = (from: ComponentNode, to: ComponentNode): boolean => {
    const { children: oldChildren, value: oldValue, ...oldRest } = from;
    const { children, value, ...rest } = to;
    if (!isDeepStrictEqual(oldRest, rest)) return false;
    if (oldValue !== value) {
      const id = streamingId(to);
      const added = id !== null && ids.has(id) ? addition(oldValue, value) : null;
      if (id === null || added === null) return isDeepStrictEqual(oldValue, value);
      const done = to["streaming"] !== true;
      growth.push({ type: "widget.streaming_text.value_delta", component_id: id, delta: added, done });
    }
    if (!isList(oldChildren) || !isList(children)) return sameChild(oldChildren, children);
    return (
      oldChildren.length === children.length &&
      children.every((child, index) => sameChild(oldChildren[index], child))
    );
  };

  return sameButForGrowth(old, widget) ? growth : [{ type: "widget.root.updated", widget }];
}

/** The id by which a component can be told of more text; null if it takes none. */
function streamingId({ type, id, streaming = false }: ComponentNode): string | null {
  const takesText = (type === "Text" || type === "Markdown") && typeof streaming === "boolean";
  return takesText && typeof id === "string" && id !== "" ? id : null;
}

/** What was added at the end of a text; null if that is not all, or begins within a character. */
function addition(from: Json | undefined, to: Json | undefined): string | null {
  if (typeof from !== "string" || typeof to !== "string" || !to.startsWith(from)) return null;
  const added = to.slice(from.length);
  return added.isWellFormed() ? added : null;
}

/** The ids that only one component of a widget has. */
function ownIds(widget: ComponentNode): ReadonlySet<string> {
  const own = new Set<string>();
  const shared = new Set<string>();
  const visit = (node: ComponentNode): void => {
    const { id } = node;
    if (typeof id === "string") (own.has(id) ? shared : own).add(id);
    for (const child of childComponents(node)) visit(child);
  };
  visit(widget);
  return new Set([...own].filter((id) => !shared.has(id)));
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const isNode = (value: Json | undefined): value is ComponentNode =>
  typeof value === "object" && value !== null && !isList(value);
