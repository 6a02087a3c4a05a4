import type { Reply } from "./exchange.ts";
import type { Expectation } from "./scenario.ts";

/** Where an answer is not what it must be. */
export interface Difference {
  /** For example `frames/2/item/id`. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

const ID_PREFIXES = "thr|msg|tc|wf|tsk|atc|shcx";
const PLACEHOLDER = new RegExp(`<(?:((${ID_PREFIXES}):\\d+)|(time)|(url)|(string))>`, "g");
const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?`;
const LONGEST_SHOWN = 300;

/** The ids that the placeholders of one scenario stand for: each one id, and no two the same. */
export class Bindings {
  readonly #ids: Map<string, string>;
  readonly #names: Map<string, string>;

  constructor(other?: Bindings) {
    this.#ids = new Map(other === undefined ? [] : other.#ids);
    this.#names = new Map(other === undefined ? [] : other.#names);
  }

  /** Whether `name` may stand for `id`; from then on it does. */
  bind(name: string, id: string): boolean {
    const known = this.#ids.get(name);
    const owner = this.#names.get(id);
    if (known !== undefined || owner !== undefined) return known === id && owner === name;
    this.#ids.set(name, id);
    this.#names.set(id, name);
    return true;
  }

  /** What `name` stands for, or `id` for, in words. */
  explain(name: string, id: string): string {
    const known = this.#ids.get(name);
    return known === undefined ? `${name}, but this is ${this.#names.get(id)}` : `${name}, which is ${known}`;
  }
}

/** How strictly objects are compared: all keys, or those alone that are expected, of which `"<absent>"` must not be there. */
export type Strictness = "exact" | "subset";

/**
 * Every difference between an answer and what is expected of it; none if it fits. Objects must have
 * the same keys in any order, lists the same length, numbers the same double. `<thr:1>` is an id,
 * the same everywhere in a scenario; `<time>` a date and time, `<url>` an address, `<string>` a text.
 */
export function compareReply(
  expected: Expectation,
  reply: Reply,
  bindings: Bindings,
  strictness: Strictness = "exact",
): readonly Difference[] {
  const differences: Difference[] = [];
  const { status } = expected;
  const statusFits = typeof status === "number" ? status === reply.status : status === classOf(reply.status);
  if (!statusFits) differences.push({ path: "status", expected: `${status}`, got: `${reply.status}` });
  if (expected.contentType !== undefined && expected.contentType !== reply.contentType)
    differences.push(different("content-type", expected.contentType, reply.contentType));
  const whole = (broken: boolean) => (broken ? "a body that breaks off" : "a complete answer");
  const mustBreak = expected.transport === "broken";
  if (mustBreak !== reply.broken)
    differences.push({ path: "transport", expected: whole(mustBreak), got: whole(reply.broken) });
  for (const part of ["json", "frames", "text"] as const)
    if (expected[part] !== undefined)
      differences.push(...compare(expected[part], reply[part], part, bindings, strictness));
  return differences;
}

/** Every difference between two JSON values, by the rules of {@link compareReply}. */
export function compare(
  expected: unknown,
  got: unknown,
  path: string,
  bindings: Bindings,
  strictness: Strictness,
): readonly Difference[] {
  if (Array.isArray(expected) && Array.isArray(got)) {
    const length = { path: `${path}/length`, expected: `${expected.length}`, got: `${got.length}` };
    return [
      ...(expected.length === got.length ? [] : [length]),
      ...expected
        .slice(0, got.length)
        .flatMap((entry, index) => compare(entry, got[index], `${path}/${index}`, bindings, strictness)),
    ];
  }
  if (isObject(expected) && isObject(got)) return compareObjects(expected, got, path, bindings, strictness);
  if (typeof expected === "string" && typeof got === "string")
    return compareText(expected, got, path, bindings);
  return expected === got ? [] : [different(path, expected, got)];
}

function compareObjects(
  expected: Readonly<Record<string, unknown>>,
  got: Readonly<Record<string, unknown>>,
  path: string,
  bindings: Bindings,
  strictness: Strictness,
): readonly Difference[] {
  const differences = Object.keys(expected).flatMap((key): readonly Difference[] => {
    const mustBeAbsent = strictness === "subset" && expected[key] === "<absent>";
    if (Object.hasOwn(got, key) && !mustBeAbsent)
      return compare(expected[key], got[key], `${path}/${key}`, bindings, strictness);
    if (Object.hasOwn(got, key))
      return [{ path: `${path}/${key}`, expected: "no such key", got: shown(got[key]) }];
    return mustBeAbsent
      ? []
      : [{ path: `${path}/${key}`, expected: shown(expected[key]), got: "no such key" }];
  });
  if (strictness === "subset") return differences;
  const extra = Object.keys(got).filter((key) => !Object.hasOwn(expected, key));
  return [
    ...differences,
    ...extra.map((key) => ({ path: `${path}/${key}`, expected: "no such key", got: shown(got[key]) })),
  ];
}

function compareText(expected: string, got: string, path: string, bindings: Bindings): readonly Difference[] {
  const names: (string | undefined)[] = [];
  let pattern = "";
  let at = 0;
  for (const match of expected.matchAll(PLACEHOLDER)) {
    const [whole, , idPrefix, time, url] = match;
    pattern += escaped(expected.slice(at, match.index));
    at = match.index + whole.length;
    names.push(idPrefix === undefined ? undefined : whole);
    if (idPrefix !== undefined) pattern += `(${idPrefix}_[A-Za-z0-9._~-]+)`;
    else if (time !== undefined) pattern += `(${TIME})`;
    else pattern += url === undefined ? String.raw`([\s\S]+)` : String.raw`((?:https?|data):[^\s"]+)`;
  }
  if (names.length === 0) return expected === got ? [] : [different(path, expected, got)];
  const found = new RegExp(`^${pattern}${escaped(expected.slice(at))}$`).exec(got);
  if (found === null) return [different(path, expected, got)];
  return names.flatMap((name, index) => {
    const id = found[index + 1] ?? "";
    if (name === undefined || bindings.bind(name, id)) return [];
    return [{ path, expected: bindings.explain(name, id), got: id }];
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function different(path: string, expected: unknown, got: unknown): Difference {
  return { path, expected: shown(expected), got: shown(got) };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

function classOf(status: number): string {
  return `${Math.floor(status / 100)}xx`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
