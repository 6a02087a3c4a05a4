import type { Entity, EntityHandlers } from "./entity.ts";

/** A pause in typing before the page is asked. */
const DEBOUNCE_MS = 150;
/** A pause before the number found is said. */
const SAY_MS = 500;

/** What a search stands at. */
export interface SearchState {
  /** What is written behind the `@`. */
  readonly query: string;
  readonly status: "loading" | "found" | "failed";
  /** Neighbours of one group stand together; empty while loading and when none was found. */
  readonly found: readonly Entity[];
  /** Index of the line that Enter takes. */
  readonly active: number;
}

/** What a search needs, and whom it tells. */
export interface SearchHost {
  readonly search: () => EntityHandlers["search"];
  readonly changed: () => void;
  readonly found: (count: number) => void;
  readonly later: (act: () => void, delayMs: number) => void;
}

/** Searches the page's entities while a name is typed. Only the newest answer counts. */
export class TagSearch {
  readonly #host: SearchHost;
  #state: SearchState | null = null;
  #turn = 0;
  /** A query that was closed: it stays closed until another begins. */
  #closed: string | null = null;

  constructor(host: SearchHost) {
    this.#host = host;
  }

  /** Null while nothing is searched for. */
  get state(): SearchState | null {
    return this.#state;
  }

  /** Says what is written behind an `@` in front of the caret; null for none. */
  follow(query: string | null): void {
    if (query === null || this.#host.search() === null) {
      this.#closed = null;
      this.#set(null);
      return;
    }
    if (this.#closed !== null && query.startsWith(this.#closed)) return;
    this.#closed = null;
    if (query === this.#state?.query) return;
    const found = this.#state?.found ?? [];
    this.#set({ query, status: "loading", found, active: 0 });
    const turn = this.#turn;
    this.#host.later(() => void this.#ask(query, turn), DEBOUNCE_MS);
  }

  /** Closes the list; it stays closed while the same name is typed on. */
  close(): void {
    this.#closed = this.#state?.query ?? null;
    this.#set(null);
  }

  /** Moves to another line. */
  activate(active: number): void {
    if (this.#state !== null && active !== this.#state.active) {
      this.#state = { ...this.#state, active };
      this.#host.changed();
    }
  }

  #set(state: SearchState | null): void {
    this.#turn += 1;
    if (state === this.#state) return;
    this.#state = state;
    this.#host.changed();
  }

  async #ask(query: string, turn: number): Promise<void> {
    const search = this.#host.search();
    if (turn !== this.#turn || search === null) return;
    let answer: Pick<SearchState, "status" | "found">;
    try {
      answer = { status: "found", found: grouped(await search(query)) };
    } catch {
      answer = { status: "failed", found: [] };
    }
    if (turn !== this.#turn) return;
    // A name of several words is still a name while it is found; behind one that is not, it is text.
    if (answer.found.length === 0 && query.includes(" ")) {
      this.close();
      return;
    }
    this.#set({ query, active: 0, ...answer });
    const settled = this.#turn;
    this.#host.later(() => {
      if (settled === this.#turn && answer.status === "found") this.#host.found(answer.found.length);
    }, SAY_MS);
  }
}

function grouped(found: readonly Entity[]): readonly Entity[] {
  return [...Map.groupBy(found, ({ group }) => group ?? "").values()].flat();
}
