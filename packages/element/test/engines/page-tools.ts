/** Which element is meant: a CSS selector, looked up through open shadow roots. */
export interface Target {
  readonly css: string;
  /** The whole of its accessible label, else of its visible text. */
  readonly name?: string;
}

/** What the tests use inside a page. */
export interface PageTools {
  /** Every element that matches, shadow roots included. */
  all(css: string): HTMLElement[];
  /** The first visible element that is meant; null for none. */
  find(target: Target): HTMLElement | null;
  /** The element with the focus, inside shadow roots. */
  focused(): HTMLElement | null;
  /** Asks again on every frame until the answer is truthy. Rejects after `timeoutMs`. */
  until<T>(look: () => T | Promise<T>, timeoutMs: number, what: string): Promise<T>;
  /** The middle of an element that stands still and is not covered, in CSS pixels. */
  spot(target: Target, timeoutMs: number): Promise<{ readonly x: number; readonly y: number }>;
  /** Exceptions that nobody caught, and what the page's policy refused. */
  readonly faults: string[];
}

declare global {
  interface Window {
    tools: PageTools;
  }
}

/** Puts `window.tools` into a page. Runs inside the page: it can use nothing of this module. */
export function installPageTools(): void {
  const faults: string[] = [];
  addEventListener("error", ({ message }) => {
    // Not an exception: the rest is observed in the next frame.
    if (!message.startsWith("ResizeObserver loop")) faults.push(message);
  });
  addEventListener("unhandledrejection", ({ reason }) => faults.push(String(reason)));
  addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
    faults.push(`${effectiveDirective} ${blockedURI}`),
  );
  const all = (css: string): HTMLElement[] => {
    const found: HTMLElement[] = [];
    const look = (root: Document | ShadowRoot) => {
      for (const element of root.querySelectorAll<HTMLElement>("*")) {
        if (element.matches(css)) found.push(element);
        if (element.shadowRoot !== null) look(element.shadowRoot);
      }
    };
    look(document);
    return found;
  };
  const focused = () => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active instanceof HTMLElement ? active : null;
  };
  const nameOf = (element: HTMLElement) =>
    (element.getAttribute("aria-label") ?? element.innerText).replace(/\s+/g, " ").trim();
  const find = ({ css, name }: Target) =>
    all(css).find(
      (element) => element.checkVisibility() && (name === undefined || nameOf(element) === name),
    ) ?? null;
  const frame = () => new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));
  const until = async <T>(look: () => T | Promise<T>, timeoutMs: number, what: string): Promise<T> => {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const answer = await look();
      if (answer) return answer;
      if (performance.now() > deadline)
        throw new Error(
          `Not within ${timeoutMs} ms: ${what}. The page says: ${all(".split, .err")
            .map(nameOf)
            .join(" | ")
            .slice(0, 1_500)}`,
        );
      await frame();
    }
  };
  const FRAMES_STILL = 4;
  const spot = (target: Target, timeoutMs: number) => {
    let before = "";
    let still = 0;
    return until(
      () => {
        const element = find(target);
        if (element === null) return null;
        const { left, top, width, height } = element.getBoundingClientRect();
        const now = [left, top, width, height].join();
        still = now === before ? still + 1 : 0;
        before = now;
        // What follows a press, as a scroll to the end does, takes some frames to begin.
        if (still < FRAMES_STILL) return null;
        const [x, y] = [Math.round(left + width / 2), Math.round(top + height / 2)];
        let hit = document.elementFromPoint(x, y);
        while (hit?.shadowRoot) {
          const inner = hit.shadowRoot.elementFromPoint(x, y);
          if (inner === null || inner === hit) break;
          hit = inner;
        }
        if (element.contains(hit)) return { x, y };
        // Under an edge, or under what floats above it.
        element.scrollIntoView({ block: "center" });
        return null;
      },
      timeoutMs,
      `${target.css} ${target.name ?? ""} can be clicked`,
    ).then((place) => place ?? { x: 0, y: 0 });
  };
  window.tools = { all, find, focused, until, spot, faults };
}
