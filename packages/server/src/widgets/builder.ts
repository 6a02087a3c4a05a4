import type { Component, ComponentBase, ComponentProps, ComponentType } from "@waybill/protocol/widgets";

type Props<T extends ComponentType> = ComponentBase & Omit<ComponentProps[T], "children">;
type Children<T extends ComponentType> = ComponentProps[T] extends { readonly children?: infer C }
  ? Exclude<C, undefined>
  : never;

/**
 * Makes the component of one type. Properties may be left out where none is required; what holds
 * others takes them as a second argument. What upstream does not know does not compile.
 */
export type Builder<T extends ComponentType> = "children" extends keyof ComponentProps[T]
  ? (props: Props<T>, children: Children<T>) => Component<T>
  : object extends Props<T>
    ? (props?: Props<T>) => Component<T>
    : (props: Props<T>) => Component<T>;

/** The builder of a type. */
export function builder<T extends ComponentType>(type: T): Builder<T> {
  const build = (props: object = {}, children?: unknown) => ({
    type,
    ...props,
    ...(children === undefined ? {} : { children }),
  });
  // A type that depends on T cannot be met by a body; callers are held to it.
  return build as unknown as Builder<T>;
}
