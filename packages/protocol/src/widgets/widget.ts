import type { Json } from "../items.ts";
import type { ComponentProps } from "./components.ts";

/** The `type` of a component that this version knows. */
export type ComponentType = keyof ComponentProps;

/** What every component may have. Text streams into a component that has an `id`, unique in its widget. */
export type ComponentBase = { readonly key?: string; readonly id?: string };

/** The component of a type. */
export type Component<T extends ComponentType> = T extends T
  ? { readonly type: T } & ComponentBase & ComponentProps[T]
  : never;

/** A widget, of which everything is known to this version. */
export type Widget = Component<"Basic" | "Card" | "ListView">;

/** What may stand anywhere inside: rows and cells stand in their lists and tables alone. */
export type WidgetComponent = Component<
  Exclude<ComponentType, Widget["type"] | "ListViewItem" | "Table.Row" | "Table.Cell">
>;

/** A widget that may have more than this version knows: one from a template, or from a newer server. */
export type DynamicWidget = { readonly type: string; readonly [property: string]: Json };
