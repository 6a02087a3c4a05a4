/** Within this distance of the end, the end is followed. */
const NEAR_PX = 80;

/** The turn that is being read, and where it stood when that was last looked at. */
interface Line {
  readonly turn: Element;
  readonly top: number;
  readonly scrollTop: number;
}

/** Where a turn stands in the scrolling element. */
const topIn = (element: Element, turn: Element): number =>
  turn.getBoundingClientRect().top - element.getBoundingClientRect().top;

/** The first turn that is in view; null if nothing has been said. */
function lineIn(element: Element): Line | null {
  const turns = element.querySelectorAll(".turn");
  const edge = element.getBoundingClientRect().top;
  let from = 0;
  let to = turns.length - 1;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((turns[middle]?.getBoundingClientRect().bottom ?? 0) > edge) to = middle;
    else from = middle + 1;
  }
  const turn = turns[from];
  return turn === undefined ? null : { turn, top: topIn(element, turn), scrollTop: element.scrollTop };
}

/**
 * Keeps the end of a scrolling element in view while a reader is near it, and otherwise leaves
 * every line where it is.
 */
export class FollowEnd {
  readonly #changed: () => void;
  readonly #follows: () => boolean;
  #element: HTMLElement | null = null;
  #near = true;
  #line: Line | null = null;
  readonly #sizes: ResizeObserver | null;

  /** `changed` is called when the end comes near or gets far; `follows` says whether to follow it. */
  constructor(changed: () => void, follows: () => boolean) {
    this.#changed = changed;
    this.#follows = follows;
    // Between layout and paint: following costs no layout of its own, and images and fonts, which
    // arrive without a drawing of ours, are followed like words.
    this.#sizes = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(() => this.#settle());
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
    // Only who does not follow has a line to be held.
    this.#line = near && this.#follows() ? null : lineIn(element);
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

  /** Follows the end if it was near, or holds the line: the content, or the room for it, has another size. */
  #settle(): void {
    const element = this.#element;
    if (element === null) return;
    const line = this.#line;
    if (this.#near && this.#follows()) element.scrollTop = element.scrollHeight;
    // Where somebody has scrolled meanwhile, or the browser has held the line itself, it is another one.
    else if (line?.turn.isConnected && line.scrollTop === element.scrollTop)
      element.scrollTop += topIn(element, line.turn) - line.top;
    this.#measure();
  }
}
