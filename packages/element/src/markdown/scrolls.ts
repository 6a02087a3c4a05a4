import { Directive, directive, type ElementPart } from "lit/directive.js";
import { noChange } from "lit/html.js";

/**
 * Makes an element reachable by keyboard, under a name, for as long as its content is wider
 * or higher than itself. The content's own box is its first child.
 */
class Scrolls extends Directive {
  #element: Element | null = null;
  #label = "";
  #role = "";

  render(_role: string, _label: string): unknown {
    return noChange;
  }

  override update(part: ElementPart, [role, label]: [string, string]): unknown {
    this.#role = role;
    this.#label = label;
    if (this.#element !== part.element) {
      this.#element = part.element;
      // It lives as long as what it observes.
      const observer = new ResizeObserver(() => this.#measure());
      observer.observe(part.element);
      const content = part.element.firstElementChild;
      if (content !== null) observer.observe(content);
    }
    return noChange;
  }

  #measure(): void {
    const element = this.#element;
    if (element === null) return;
    const isCut =
      element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
    const names = { tabindex: "0", role: this.#role, "aria-label": this.#label };
    for (const [name, value] of Object.entries(names)) {
      if (isCut) element.setAttribute(name, value);
      else element.removeAttribute(name);
    }
  }
}

/** See {@link Scrolls}: `role` and `label` are set while the element scrolls. */
export const scrolls = directive(Scrolls);
