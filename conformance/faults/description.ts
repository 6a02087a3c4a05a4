import { FAULTS, type Route } from "./faults.ts";

/** What the runner is told of a server. */
export interface Description {
  /** Its pages may read everything, with credentials where `credentials` says so. */
  readonly allowedOrigin: string;
  /** An origin that is not served. @default "https://denied.example" */
  readonly deniedOrigin?: string;
  /** Whether the server allows credentials. @default true */
  readonly credentials?: boolean;
  /** Names that pages must be able to read. @default none */
  readonly exposedHeaders?: readonly string[];
  /** Longest wait for the head of an answer. @default 70_000: what hangs may have a deadline of a minute */
  readonly answerWithinMs?: number;
  /**
   * A request at which the server begins to shut down, and whose answer goes on meanwhile: the last that is sent, for the
   * fault `shutting-down`. @default none: that fault has a route, as others have
   */
  readonly shutDown?: { readonly path: string };
  /** By the fault's id; `ok` is needed, what else is missing is not tried. */
  readonly faults: Readonly<Record<string, Route>>;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads a description.
 *
 * @throws Error with a sentence for the first thing that is wrong.
 */
export function parseDescription(text: string): Description {
  const value: unknown = JSON.parse(text);
  if (!isObject(value) || !isObject(value["faults"])) throw new Error("The description has no faults.");
  if (typeof value["allowedOrigin"] !== "string") throw new Error("The description has no allowedOrigin.");
  const { faults } = value;
  if (faults["ok"] === undefined) throw new Error("faults has no ok, which faults of the bytes are sent to.");
  const known = FAULTS.map(({ id }) => id);
  for (const [id, route] of Object.entries(faults)) {
    if (!known.includes(id)) throw new Error(`There is no fault ${id}. There are ${known.join(", ")}.`);
    if (!isObject(route) || typeof route["path"] !== "string") throw new Error(`faults.${id} has no path.`);
  }
  return value as unknown as Description;
}
