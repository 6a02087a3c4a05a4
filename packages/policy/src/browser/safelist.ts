import type { HeaderLine } from "../cors-policy.ts";
import { isToken } from "../header-names.ts";
import { normalise, sortAndCombine } from "./header-list.ts";
import type { DepartureName } from "./profile.ts";

/** Asked only where a departure would change the outcome; true if the profile has it. */
export type Departs = (name: DepartureName) => boolean;

const MAX_VALUE_BYTES = 128;
const MAX_SAFELISTED_BYTES = 1024;
const SAFELISTED_TYPES = new Set(["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]);
// Fetch, "CORS-unsafe request-header byte": controls but HTAB, DEL, and "():<>?@[\]{}.
const UNSAFE_BYTE = /[^\t\x20-\x7e\x80-\xff]|["():<>?@[\\\]{}]/;
const LANGUAGE = /^[0-9A-Za-z *,\-.;=]*$/;
const SIMPLE_RANGE = /^bytes=(\d+)-(\d*)$/;

/** The essence of a media type; null if it is none. Source: MIME Sniffing, "parse a MIME type". */
function essenceOf(value: string): string | null {
  const [type, subtype, ...rest] = normalise(value.split(";", 1)[0] ?? "").split("/");
  if (type === undefined || subtype === undefined || rest.length > 0) return null;
  return isToken(type) && isToken(subtype) ? `${type}/${subtype}`.toLowerCase() : null;
}

function isSimpleRange(value: string): boolean {
  const range = SIMPLE_RANGE.exec(value);
  if (range === null) return false;
  return range[2] === "" || BigInt(range[1] ?? "") <= BigInt(range[2] ?? "");
}

/** Whether a line needs no preflight by itself. `name` is in lower case. Source: Fetch, "CORS-safelisted request-header". */
function isSafelisted(name: string, value: string): boolean {
  if (value.length > MAX_VALUE_BYTES) return false;
  switch (name) {
    case "accept":
      return !UNSAFE_BYTE.test(value);
    case "accept-language":
    case "content-language":
      return LANGUAGE.test(value);
    case "content-type":
      return !UNSAFE_BYTE.test(value) && SAFELISTED_TYPES.has(essenceOf(value) ?? "");
    case "range":
      return isSimpleRange(value);
    default:
      return false;
  }
}

/** Whether a page may set this line without CORS. Source: Fetch, "no-CORS-safelisted request-header". */
export function isNoCorsSafelisted(name: string, value: string): boolean {
  return name !== "range" && isSafelisted(name, value);
}

const NUMBER = /^\d+(?:\.\d+)?$/;
const INTEGER = /^\d+$/;
// Client Hints as Chromium first shipped them, without `sec-`, so that pages can write them, too.
const HINTS: Readonly<Record<string, RegExp>> = {
  "device-memory": NUMBER,
  downlink: NUMBER,
  dpr: NUMBER,
  ect: /^(?:slow-2g|2g|3g|4g)$/,
  intervention: /^/,
  rtt: INTEGER,
  "save-data": /^on$/i,
  "viewport-width": INTEGER,
  width: INTEGER,
};

/** Whether Chromium may send a hint of this name itself. `name` is in lower case. */
export const isSentHint = (name: string): boolean =>
  name in HINTS && name !== "intervention" && name !== "save-data";

const isHint = (name: string, value: string): boolean =>
  value.length <= MAX_VALUE_BYTES && HINTS[name]?.test(value) === true;

/** The names for which a server must be asked first, in lower case, sorted, each once. Source: Fetch, "CORS-unsafe request-header names". */
export function unsafeNames(lines: readonly HeaderLine[], departs: Departs): readonly string[] {
  const names = unsafeNamesOf(lines, departs);
  const joined = sortAndCombine(lines).map(([name, value]): HeaderLine => [name, normalise(value)]);
  const ofJoined = unsafeNamesOf(joined, departs);
  return names.join() !== ofJoined.join() && departs("author-lines-are-joined") ? ofJoined : names;
}

function unsafeNamesOf(lines: readonly HeaderLine[], departs: Departs): readonly string[] {
  const unsafe = new Set<string>();
  const safelisted = new Set<string>();
  let safelistedBytes = 0;
  for (const [name, value] of lines) {
    if (isSafelisted(name, value) || (isHint(name, value) && departs("client-hints-skip-preflight"))) {
      safelisted.add(name);
      safelistedBytes += value.length;
    } else unsafe.add(name);
  }
  if (safelistedBytes > MAX_SAFELISTED_BYTES) for (const name of safelisted) unsafe.add(name);
  return [...unsafe].sort();
}
