import type { Json } from "../items.ts";

/** A component as data: anything with properties. */
export type ComponentNode = { readonly [property: string]: Json };

/** The components right below one, in order; none for a leaf. Upstream writes a list, or one alone. */
export function childComponents(component: ComponentNode): readonly ComponentNode[] {
  const children: Json | undefined = component["children"];
  return (Array.isArray(children) ? children : [children]).filter(isNode);
}

function isNode(value: unknown): value is ComponentNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
