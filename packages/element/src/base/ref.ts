import { Directive, directive, type ElementPart } from "lit/directive.js";
import { noChange } from "lit/html.js";

/** An element of a template, once that is drawn, for as long as it is on the page. */
export class Ref {
  #element: HTMLElement | null = null;

  /** Undefined while it is not on the page. */
  get value(): HTMLElement | undefined {
    return this.#element?.isConnected ? this.#element : undefined;
  }

  /** What `ref` gives the element to. */
  readonly take = (element: Element): void => {
    if (element instanceof HTMLElement) this.#element = element;
  };
}

class Taken extends Directive {
  #take: unknown = null;

  render(_take: (element: Element) => void): unknown {
    return noChange;
  }

  override update({ element }: ElementPart, [take]: [(element: Element) => void]): unknown {
    if (take !== this.#take) take(element);
    this.#take = take;
    return noChange;
  }
}

/** Gives the element it stands in to a function: when it is drawn first, and to another function when that comes. */
export const ref = directive(Taken);
