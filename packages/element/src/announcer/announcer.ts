/** Which of the two regions speaks. */
export type Urgency = "polite" | "assertive";

/** Between two texts of one region: screen readers miss what follows at once. */
const GAP_MS = 150;
/** After this time nobody waits for a text, and it must not be found by reading on. */
const CLEAR_MS = 5_000;

/** Puts texts into a live region, one after the other. */
export class AnnouncementQueue {
  readonly #write: (text: string) => void;
  readonly #later: (act: () => void, delayMs: number) => void;
  readonly #waiting: string[] = [];
  #last = "";
  #turn = 0;
  #resting = true;

  constructor(write: (text: string) => void, later: (act: () => void, delayMs: number) => void) {
    this.#write = write;
    this.#later = later;
  }

  /** How many texts wait. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Adds a text; the empty one is not said. */
  say(text: string): void {
    if (text.trim() === "") return;
    this.#waiting.push(text);
    if (this.#resting) this.#next();
  }

  #next(): void {
    const text = this.#waiting.shift();
    this.#turn += 1;
    if (text === undefined) {
      this.#resting = true;
      const turn = this.#turn;
      this.#later(() => {
        if (turn === this.#turn) this.#write("");
      }, CLEAR_MS);
      return;
    }
    this.#resting = false;
    // A region that does not change is not read again.
    this.#last = text === this.#last ? `${text}\u00a0` : text;
    this.#write(this.#last);
    this.#later(() => this.#next(), GAP_MS);
  }
}

/** The two live regions of an element. What is said before they exist is said then. */
export class Announcer {
  readonly #regions = new Map<Urgency, Element>();
  readonly #queues: Readonly<Record<Urgency, AnnouncementQueue>>;

  constructor() {
    const queue = (urgency: Urgency) =>
      new AnnouncementQueue(
        (text) => {
          const region = this.#regions.get(urgency);
          if (region !== undefined) region.textContent = text;
        },
        (act, delayMs) => void setTimeout(act, delayMs),
      );
    this.#queues = { polite: queue("polite"), assertive: queue("assertive") };
  }

  /** Names the element of a region; undefined is passed over, as a template leaves the page. */
  attach(urgency: Urgency, region: Element): void {
    this.#regions.set(urgency, region);
  }

  /** How many texts wait for a region. */
  waiting(urgency: Urgency): number {
    return this.#queues[urgency].length;
  }

  /** Has a text read. */
  say(text: string, urgency: Urgency = "polite"): void {
    this.#queues[urgency].say(text);
  }
}
