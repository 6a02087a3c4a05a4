/** Within this distance of the end, the end is followed. */
const NEAR_PX = 80;

/**
 * Keeps the end of a scrolling element in view while a reader is near it, and otherwise leaves
 * every line where it is.
 */
export class FollowEnd {
  readonly #changed: () => void;
  readonly #follows: () => boolean;
  #element: HTMLElement | null = null;
  #near = true;
  #anchor: { readonly height: number; readonly top: number } | null = null;
  readonly #sizes: ResizeObserver | null;

  /** `changed` is called when the end comes near or gets far; `follows` says whether to follow it. */
  constructor(changed: () => void, follows: () => boolean) {
    this.#changed = changed;
    this.#follows = follows;
    // Images and fonts arrive without an update of ours.
    this.#sizes = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(() => this.settle());
  }

  /** Whether the end is near; true as long as nothing scrolls. */
  get isNear(): boolean {
    return this.#near;
  }

  /** Takes over a scrolling element; undefined or the same one changes nothing but what is observed. */
  attach(element: Element | undefined): void {
    if (!(element instanceof HTMLElement) || element === this.#element) return;
    this.#sizes?.disconnect();
    this.#element = element;
    element.addEventListener("scroll", () => this.#measure(), { passive: true });
    this.#sizes?.observe(element);
    if (element.firstElementChild !== null) this.#sizes?.observe(element.firstElementChild);
    this.toEnd();
  }

  #measure(): void {
    const element = this.#element;
    if (element === null) return;
    const near = element.scrollHeight - element.scrollTop - element.clientHeight <= NEAR_PX;
    if (near === this.#near) return;
    this.#near = near;
    this.#changed();
  }

  /** Goes to the end, and follows it from there. */
  toEnd(): void {
    const element = this.#element;
    if (element === null) return;
    element.scrollTop = element.scrollHeight;
    this.#measure();
  }

  /** Remembers the line being read, because something will be put above it. */
  holdLine(): void {
    const element = this.#element;
    if (element !== null) this.#anchor = { height: element.scrollHeight, top: element.scrollTop };
  }

  /** To be called when the content has changed: follows the end if it was near, or holds the line. */
  settle(): void {
    const element = this.#element;
    if (element === null) return;
    const anchor = this.#anchor;
    if (anchor !== null && element.scrollHeight !== anchor.height) {
      this.#anchor = null;
      element.scrollTop = anchor.top + element.scrollHeight - anchor.height;
    } else if (this.#near && this.#follows()) this.toEnd();
    this.#measure();
  }
}
