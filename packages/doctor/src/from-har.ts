import type { HeaderLine } from "@waybill/policy";
import { type CopiedRequest, copiedRequest } from "./copied-request.ts";
import { QuestionError } from "./question-error.ts";

/** One request of a recording, as a person tells it from the others. */
export interface HarEntry {
  /** Its place in the file, from 1. */
  readonly number: number;
  readonly method: string;
  /** Without its query. */
  readonly url: string;
  /** 0: the page got no answer. */
  readonly status: number;
}

/** What a recording has to ask about. */
export type HarChoice =
  | { readonly kind: "one"; readonly entry: HarEntry; readonly copied: CopiedRequest }
  /** More than one request failed: which is meant? In the order of the file. */
  | { readonly kind: "several"; readonly entries: readonly HarEntry[] };

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const objects = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);
const object = (value: unknown): Fields => (isObject(value) ? value : {});
const text = (value: unknown): string => (typeof value === "string" ? value : "");

interface Recorded extends HarEntry {
  readonly href: string;
  readonly origin: string | null;
  readonly headers: readonly HeaderLine[];
  readonly isPreflight: boolean;
  readonly fields: Fields;
}

/**
 * The request of a recording (HTTP Archive, as DevTools save it) that went wrong: of those that a page has sent to
 * another origin, the one without an answer; where none failed so, the last; where several did, a choice of them.
 * `entry` chooses by number, any request at all. Sent twice, a request counts once: its last time.
 *
 * @throws QuestionError `HAR` if it is none, or has no request to another origin; `entry` for a number that it has not.
 * Source: HAR 1.2; `_error` and `_resourceType` are Chromium's.
 */
export function fromHar(har: string, entry?: number): HarChoice {
  const all = recordedIn(har);
  if (entry !== undefined) {
    const chosen = all[entry - 1];
    if (chosen === undefined) throw new QuestionError("entry", `a number from 1 to ${all.length}`);
    return one(chosen, all);
  }
  const crossing = all.filter(({ isPreflight, href, origin }) => {
    if (isPreflight || origin === null) return false;
    const url = URL.parse(href);
    return url !== null && /^https?:$/.test(url.protocol) && url.origin !== origin;
  });
  const failed = crossing.filter(({ status }) => status === 0);
  const latest = [...new Map(failed.map((one) => [`${one.method} ${one.href}`, one])).values()];
  if (latest.length > 1)
    return { kind: "several", entries: latest.map(shown).sort((a, b) => a.number - b.number) };
  const chosen = latest[0] ?? crossing.at(-1);
  if (chosen === undefined) {
    throw new QuestionError(
      "HAR",
      "a recording of a page that asks another origin; this one has no such request",
    );
  }
  return one(chosen, all);
}

function recordedIn(har: string): readonly Recorded[] {
  let value: unknown;
  try {
    value = JSON.parse(har.replace(/^\uFEFF/, ""));
  } catch {
    throw new QuestionError("HAR", "a recording as DevTools save it; this text is not JSON");
  }
  const log = object(object(value)["log"]);
  if (!Array.isArray(log["entries"])) {
    throw new QuestionError("HAR", "a recording as DevTools save it; this JSON has no log.entries");
  }
  const pages = new Map(objects(log["pages"]).map((page) => [text(page["id"]), text(page["title"])]));
  const recorded = log["entries"].map((entry, index) => recordedOf(object(entry), index + 1, pages));
  if (recorded.length === 0)
    throw new QuestionError("HAR", "a recording that has requests; this one has none");
  return recorded;
}

function recordedOf(fields: Fields, number: number, pages: ReadonlyMap<string, string>): Recorded {
  const request = object(fields["request"]);
  const href = text(request["url"]);
  const headers = objects(request["headers"]).map(({ name, value }): HeaderLine => [text(name), text(value)]);
  const valueOf = (wanted: string) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const method = text(request["method"]) || "GET";
  const status = object(fields["response"])["status"];
  // A request whose preflight fails is recorded before its `Origin` is there: its page is known all the same.
  const page = URL.parse(valueOf("referer") ?? "") ?? URL.parse(pages.get(text(fields["pageref"])) ?? "");
  return {
    number,
    method,
    url: href.replace(/[?#].*$/s, ""),
    status: typeof status === "number" && status > 0 ? status : 0,
    href,
    origin: valueOf("origin") ?? page?.origin ?? null,
    headers,
    isPreflight:
      fields["_resourceType"] === "preflight" ||
      (method === "OPTIONS" && valueOf("access-control-request-method") !== undefined),
    fields: request,
  };
}

const shown = ({ number, method, url, status }: Recorded): HarEntry => ({ number, method, url, status });

function one(recorded: Recorded, all: readonly Recorded[]): HarChoice {
  const { fields, headers, href, method } = recorded;
  if (URL.parse(href) === null)
    throw new QuestionError("HAR", `entry ${recorded.number} with an absolute URL`);
  const post = object(fields["postData"]);
  const body = post["encoding"] === "base64" ? Buffer.from(text(post["text"]), "base64") : text(post["text"]);
  const form = objects(post["params"]).map(({ name, value }): [string, string] => [text(name), text(value)]);
  const bytes = Buffer.from(body.length > 0 ? body : new URLSearchParams(form).toString());
  const type = text(post["mimeType"]);
  const typed = type === "" || headers.some(([name]) => /^content-type$/i.test(name));
  const copied = copiedRequest({
    url: href,
    method,
    headers: [
      ...headers,
      ...(bytes.length === 0 || typed ? [] : [["content-type", type] as const]),
      ...namedByPreflight(recorded, all),
    ],
    content: bytes.length === 0 ? null : bytes,
    cookies: Array.isArray(fields["cookies"]) && fields["cookies"].length > 0,
    dropped: [],
  });
  return { kind: "one", entry: shown(recorded), copied: { ...copied, origin: recorded.origin } };
}

/** A request that was never sent is recorded without the page's lines; its preflight names them. */
function namedByPreflight(
  { href, status, headers }: Recorded,
  all: readonly Recorded[],
): readonly HeaderLine[] {
  if (status !== 0) return [];
  const preflight = all.findLast((other) => other.isPreflight && other.href === href);
  const line = preflight?.headers.find(([name]) => /^access-control-request-headers$/i.test(name));
  const has = new Set(headers.map(([name]) => name.toLowerCase()));
  return (line?.[1] ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && !has.has(name))
    .map((name) => [name, name === "content-type" ? "application/json" : "doctor"]);
}
