import type * as z from "zod/mini";
import type { Json } from "../items.ts";
import type { ComponentProps, ComponentType } from "../widgets/index.ts";
import type { COMPONENT_FIELDS } from "./widget-fields.ts";

/** Compiles only if every `Given` may stand where a `Wanted` is asked for. */
type Assignable<Given extends Wanted, Wanted> = Given;

type Frozen<T> = [Json] extends [T] ? T : T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;
type Schema<T extends ComponentType> = z.ZodMiniObject<(typeof COMPONENT_FIELDS)[T]>;
type Taken<T extends ComponentType> = Frozen<z.input<Schema<T>>>;
type Checked<T extends ComponentType> = Frozen<z.output<Schema<T>>>;
type Stated<T extends ComponentType> = Frozen<Omit<ComponentProps[T], "children">>;

/** The schema of a component accepts whatever its type does: nothing is wrongly required or refused. */
export type AcceptsAll = Assignable<{ [T in ComponentType]: Stated<T> }, { [T in ComponentType]: Taken<T> }>;

/** What it has accepted is of its type: nothing that is required may be missing. */
export type AcceptsNoMore = Assignable<
  { [T in ComponentType]: Checked<T> },
  { [T in ComponentType]: Stated<T> }
>;

/** Neither knows a property that the other does not. */
export type SameNames = Assignable<
  { [T in ComponentType]: Record<keyof Checked<T>, true> },
  { [T in ComponentType]: Record<keyof Stated<T>, true> }
> &
  Assignable<
    { [T in ComponentType]: Record<keyof Stated<T>, true> },
    { [T in ComponentType]: Record<keyof Checked<T>, true> }
  >;
