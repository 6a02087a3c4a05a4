import { depthWithin, MAX_JSON_DEPTH } from "./depth.ts";
import { type ParseResult, pathOf } from "./parse-result.ts";

interface Fault {
  readonly path: PropertyKey[];
  readonly message: string;
}

/**
 * Checks a value and returns it, with defaults filled in; what is wrong is added to `faults`, by
 * paths that begin at the value. Pages load this in place of the validator library, which is ten
 * times as large and does for them nothing more.
 */
export type Shape = (value: unknown, faults: Fault[]) => unknown;

/** An object by the shapes of its known properties. Others pass: a newer server must not break an older page. */
export type Shapes = Readonly<Record<string, Shape>>;

const shape =
  (expected: string, holds: (value: unknown) => boolean): Shape =>
  (value, faults) => {
    if (!holds(value)) faults.push({ path: [], message: `expected ${expected}, received ${kindOf(value)}` });
    return value;
  };

/** A string. */
export const text = shape("a string", (value) => typeof value === "string");
/** A time, read as UTC where it has no offset; what is none stays as it is. */
export const time: Shape = (value, faults) => {
  const checked = text(value, faults);
  return typeof checked === "string" && /T[\d:.]+$/.test(checked) ? `${checked}Z` : checked;
};
/** True or false. */
export const flag = shape("true or false", (value) => typeof value === "boolean");
/** A number. */
export const number = shape("a number", (value) => typeof value === "number");
/** A whole number from 0 on. */
export const count = shape(
  "a whole number from 0 on",
  (value) => Number.isInteger(value) && Number(value) >= 0,
);
/** An object of JSON values, of at most {@link MAX_JSON_DEPTH} levels. */
export const jsonObject = shape(
  `an object of at most ${MAX_JSON_DEPTH} levels`,
  (value) => isObject(value) && depthWithin(value, MAX_JSON_DEPTH),
);

/** One of some strings. */
export const oneOf = (...names: readonly string[]): Shape =>
  shape(`one of ${names.join(", ")}`, (value) => names.some((name) => name === value));

/** As `inner`, or null. */
export const orNull =
  (inner: Shape): Shape =>
  (value, faults) =>
    value === null ? value : inner(value, faults);

/** As `inner`, or absent; servers that write null for "none" are understood too. */
export const optional =
  (inner: Shape): Shape =>
  (value, faults) =>
    value === undefined || value === null ? undefined : inner(value, faults);

/** As `inner`; where absent, what `make` returns. */
export const orElse =
  (inner: Shape, make: () => unknown): Shape =>
  (value, faults) =>
    value === undefined ? make() : inner(value, faults);

/** An array. */
export const list =
  (inner: Shape): Shape =>
  (value, faults) =>
    Array.isArray(value)
      ? value.map((entry, index) => at(index, inner, entry, faults))
      : shape("an array", Array.isArray)(value, faults);

/** An object whose values are alike. */
export const map =
  (inner: Shape): Shape =>
  (value, faults) => {
    if (isObject(value)) for (const [key, entry] of Object.entries(value)) at(key, inner, entry, faults);
    return shape("an object", isObject)(value, faults);
  };

/** An object; a copy of it, with defaults, and without optional properties that are null. */
export const object = (shapes: Shapes): Shape => {
  const entries = Object.entries(shapes);
  return (value, faults) => {
    if (!isObject(value)) return shape("an object", isObject)(value, faults);
    const copy: Record<string, unknown> = { ...value };
    for (const [key, inner] of entries) {
      const checked = at(key, inner, value[key], faults);
      if (checked === undefined) delete copy[key];
      else copy[key] = checked;
    }
    return copy;
  };
};

/** An object that has `base` and whatever `type` asks for; one of an unknown type has `base` alone. */
export const byType = (base: Shapes, types: Readonly<Record<string, Shapes>>): Shape => {
  const plain = object({ type: text, ...base });
  const known = new Map(
    Object.entries(types).map(([type, own]) => [type, object({ type: text, ...base, ...own })]),
  );
  return (value, faults) => {
    const type = isObject(value) && typeof value["type"] === "string" ? value["type"] : "";
    return (known.get(type) ?? plain)(value, faults);
  };
};

/**
 * A parser of what has a shape. `T` is what this version knows of it: where a shape lets unknown
 * types pass, the value may have others.
 */
export const parserOf =
  <T>(root: Shape) =>
  (value: unknown): ParseResult<T> => {
    const faults: Fault[] = [];
    const parsed = root(value, faults) as T;
    if (faults.length === 0) return { ok: true, value: parsed };
    return { ok: false, issues: faults.map(({ path, message }) => ({ path: pathOf(path), message })) };
  };

function at(key: PropertyKey, inner: Shape, value: unknown, faults: Fault[]): unknown {
  const before = faults.length;
  const checked = inner(value, faults);
  for (let index = before; index < faults.length; index += 1) faults[index]?.path.unshift(key);
  return checked;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
