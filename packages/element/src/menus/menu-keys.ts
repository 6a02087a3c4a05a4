import type { Choice } from "./choices-view.ts";

/** After this pause a letter begins a new word. */
const WORD_PAUSE_MS = 700;

/** Moves through a menu or a list by keys. */
export class MenuKeys {
  #typed = "";
  #typedAtMs = Number.NEGATIVE_INFINITY;

  /**
   * The line that a key leads to: arrows go round, Home and End to the edges, letters to the next
   * label that begins with what was typed. Null for any other key, and for an empty list.
   */
  move(
    event: Pick<KeyboardEvent, "key" | "timeStamp" | "ctrlKey" | "metaKey" | "altKey">,
    active: number,
    choices: readonly Choice[],
  ): number | null {
    const count = choices.length;
    if (count === 0) return null;
    switch (event.key) {
      case "ArrowDown":
        return (active + 1) % count;
      case "ArrowUp":
        return active <= 0 ? count - 1 : active - 1;
      case "Home":
        return 0;
      case "End":
        return count - 1;
    }
    const isLetter = [...event.key].length === 1 && event.key !== " ";
    if (!isLetter || event.ctrlKey || event.metaKey || event.altKey) return null;
    return this.#type(event.key.toLocaleLowerCase(), event.timeStamp, active, choices);
  }

  #type(letter: string, atMs: number, active: number, choices: readonly Choice[]): number {
    this.#typed = atMs - this.#typedAtMs > WORD_PAUSE_MS ? letter : this.#typed + letter;
    this.#typedAtMs = atMs;
    // A letter that is pressed again goes on to the next label.
    const word = [...this.#typed].every((other) => other === letter) ? letter : this.#typed;
    const first = word.length === 1 ? active + 1 : Math.max(0, active);
    for (let step = 0; step < choices.length; step += 1) {
      const index = (first + step) % choices.length;
      if (choices[index]?.label.toLocaleLowerCase().startsWith(word)) return index;
    }
    return active;
  }
}
