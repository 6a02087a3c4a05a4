import type { ChatEventDetails } from "./chat-events.ts";

/**
 * Fires the events of an element, so that nobody misses how it begins: a framework may start to
 * listen only in a later task than the one in which it handed over its options. What is fired
 * before the first options are drawn, or in the same task, is kept for the next one and then
 * fired in order, behind `chatkit.ready`; that one waits for its first listener, and is fired once.
 */
export class EventOutlet {
  readonly #target: EventTarget;
  readonly #remarked = new Set<string>();
  /** Null: events are fired at once. */
  #kept: Event[] | null = [];
  #readiness: "none" | "due" | "fired" = "none";
  #isAwaited = false;

  constructor(target: EventTarget) {
    this.#target = target;
  }

  /** Fires an event, at once or as soon as events are fired. */
  emit<Name extends keyof ChatEventDetails>(name: Name, detail: ChatEventDetails[Name]): void {
    const event = new CustomEvent(name, { detail });
    if (this.#kept === null) this.#target.dispatchEvent(event);
    else this.#kept.push(event);
  }

  /** Fires `chatkit.log`; the same remark only once. */
  remark(name: string, data: Readonly<Record<string, unknown>>): void {
    const key = JSON.stringify([name, data]);
    if (this.#remarked.has(key)) return;
    this.#remarked.add(key);
    this.emit("chatkit.log", { name, data });
  }

  /** To be told of every type that is listened for. */
  listened(type: string): void {
    if (type !== "chatkit.ready" || this.#isAwaited) return;
    this.#isAwaited = true;
    if (this.#readiness === "due") this.#fireLater();
  }

  /** To be called whenever options have been drawn; `isReady` says that a server can be talked to. */
  settle(isReady: boolean): void {
    const becomesReady = isReady && this.#readiness === "none";
    if (becomesReady) this.#readiness = "due";
    if (becomesReady || this.#kept !== null) this.#fireLater();
  }

  #fireLater(): void {
    setTimeout(() => {
      if (this.#readiness === "due" && this.#isAwaited) {
        this.#readiness = "fired";
        this.#target.dispatchEvent(new CustomEvent("chatkit.ready"));
      }
      // What listeners cause meanwhile joins the end.
      for (const event of this.#kept ?? []) this.#target.dispatchEvent(event);
      this.#kept = null;
    });
  }
}
