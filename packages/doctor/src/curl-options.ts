import type { HeaderLine } from "@waybill/policy";
import { QuestionError } from "./question-error.ts";

/** What an option of curl does to the request that is being read. */
export type Effect =
  /** The next word belongs to it; `name` is the option as it was written. */
  | { readonly takes: (value: string, draft: Draft, name: string) => void }
  | { readonly sets: (draft: Draft) => void }
  /** No page can do it, and it does not matter to one: left out, with the next word where it has one. */
  | "flag"
  | "value";

/** The request as far as it has been read. */
export interface Draft {
  url: string | null;
  method: string | null;
  readonly headers: HeaderLine[];
  /** Lines that curl shall not write. */
  readonly removed: string[];
  readonly data: string[];
  readonly form: {
    readonly name: string;
    readonly value: string;
    readonly type: string | null;
    readonly file: string | null;
  }[];
  readonly query: string[];
  isHead: boolean;
  isGet: boolean;
  isJson: boolean;
  cookies: boolean;
  readonly dropped: string[];
}

const notRead = (name: string): QuestionError =>
  new QuestionError(name, "the text itself: a file that it names is not read");

function data(value: string, draft: Draft, name: string): void {
  if (value.startsWith("@")) throw notRead(name);
  draft.data.push(value);
}

function urlEncoded(value: string, name: string): string {
  const split = /^([^=@]*)([=@]?)(.*)$/s.exec(value);
  const [, key = "", sign, rest = ""] = split ?? [];
  if (sign === "@") throw notRead(name);
  if (sign === "") return encodeURIComponent(key);
  return key === "" ? encodeURIComponent(rest) : `${key}=${encodeURIComponent(rest)}`;
}

function header(value: string, draft: Draft, name: string): void {
  if (value.startsWith("@")) throw notRead(name);
  const line = /^([^:;\s]+)\s*([:;])[ \t]*(.*)$/s.exec(value);
  const [, key, sign, text = ""] = line ?? [];
  if (key === undefined) throw new QuestionError(name, "a line as `Name: value`");
  if (sign === ":" && text.trim() === "") draft.removed.push(key.toLowerCase());
  else draft.headers.push([key, sign === ";" ? "" : text.trim()]);
}

function formField(value: string, draft: Draft, option: string): void {
  const [, name, rest = ""] = /^([^=]+)=(.*)$/s.exec(value) ?? [];
  if (name === undefined) throw new QuestionError(option, "a field as `name=value`");
  const literal = option === "--form-string";
  if (!literal && /^[@<]/.test(rest)) throw notRead(option);
  const type = literal ? undefined : /;\s*type=([^;]+)/.exec(rest)?.[1];
  const file = literal ? undefined : /;\s*filename="?([^";]+)/.exec(rest)?.[1];
  const text = literal ? rest : rest.replace(/;\s*(?:type|filename|headers|encoder)=.*$/s, "");
  draft.form.push({
    name,
    value: text.replace(/^"(.*)"$/s, "$1"),
    type: type?.trim() ?? null,
    file: file ?? null,
  });
}

/** Adds the line that HTTP Basic has for `user:password`. */
export function basic(draft: Draft, credentials: string): void {
  draft.headers.push(["Authorization", `Basic ${Buffer.from(credentials).toString("base64")}`]);
}

const takesData: Effect = { takes: data };

const OPTIONS: Readonly<Record<string, Effect>> = {
  "--url": { takes: setUrl },
  "--request": { takes: (value, draft) => void (draft.method = value) },
  "--header": { takes: header },
  "--data": takesData,
  "--data-ascii": takesData,
  "--data-binary": takesData,
  "--data-raw": { takes: (value, draft) => void draft.data.push(value) },
  "--data-urlencode": { takes: (value, draft, name) => void draft.data.push(urlEncoded(value, name)) },
  "--url-query": {
    takes: (value, draft, name) =>
      void draft.query.push(value.startsWith("+") ? value.slice(1) : urlEncoded(value, name)),
  },
  "--json": {
    takes(value, draft, name) {
      data(value, draft, name);
      draft.isJson = true;
    },
  },
  "--form": { takes: formField },
  "--form-string": { takes: formField },
  "--user": { takes: (value, draft) => basic(draft, value) },
  "--oauth2-bearer": {
    takes: (value, draft) => void draft.headers.push(["Authorization", `Bearer ${value}`]),
  },
  "--cookie": { takes: (_value, draft) => void (draft.cookies = true) },
  "--cookie-jar": "value",
  "--user-agent": "value",
  "--referer": "value",
  "--head": { sets: (draft) => void (draft.isHead = true) },
  "--get": { sets: (draft) => void (draft.isGet = true) },
  ...Object.fromEntries(
    "cacert capath cert cert-type ciphers connect-timeout connect-to continue-at create-file-mode dns-servers doh-url dump-header interface keepalive-time key key-type limit-rate local-port max-filesize max-redirs max-time noproxy output output-dir pass pinnedpubkey preproxy proto proto-default proxy proxy-header proxy-user resolve retry retry-delay retry-max-time socks4 socks4a socks5 socks5-hostname speed-limit speed-time stderr tls-max tls13-ciphers trace trace-ascii unix-socket write-out"
      .split(" ")
      .map((name) => [`--${name}`, "value" satisfies Effect]),
  ),
  ...Object.fromEntries(
    "anyauth basic compressed compressed-ssh create-dirs digest disable fail fail-early fail-with-body globoff http0.9 http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only include insecure ipv4 ipv6 junk-session-cookies location location-trusted negotiate no-buffer no-keepalive no-progress-meter ntlm parallel path-as-is post301 post302 post303 progress-bar raw remote-header-name remote-name remote-time retry-all-errors retry-connrefused show-error silent ssl-no-revoke ssl-reqd sslv2 sslv3 styled-output suppress-connect-headers tcp-fastopen tcp-nodelay tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 tr-encoding trace-ids trace-time verbose"
      .split(" ")
      .map((name) => [`--${name}`, "flag" satisfies Effect]),
  ),
};

/** Long names of short options. */
export const SHORT: Readonly<Record<string, string>> = {
  "#": "--progress-bar",
  "0": "--http1.0",
  "1": "--tlsv1",
  "2": "--sslv2",
  "3": "--sslv3",
  "4": "--ipv4",
  "6": "--ipv6",
  A: "--user-agent",
  b: "--cookie",
  c: "--cookie-jar",
  C: "--continue-at",
  d: "--data",
  D: "--dump-header",
  e: "--referer",
  E: "--cert",
  f: "--fail",
  F: "--form",
  g: "--globoff",
  G: "--get",
  H: "--header",
  i: "--include",
  I: "--head",
  j: "--junk-session-cookies",
  J: "--remote-header-name",
  k: "--insecure",
  L: "--location",
  m: "--max-time",
  N: "--no-buffer",
  o: "--output",
  O: "--remote-name",
  q: "--disable",
  R: "--remote-time",
  s: "--silent",
  S: "--show-error",
  u: "--user",
  U: "--proxy-user",
  v: "--verbose",
  w: "--write-out",
  x: "--proxy",
  X: "--request",
  Y: "--speed-limit",
  y: "--speed-time",
  Z: "--parallel",
};

/** Options that have no counterpart in a page, or are more than one request. */
const IMPOSSIBLE: Readonly<Record<string, string>> = {
  "--next": "one request: what stands before or behind it, alone",
  "-:": "one request: what stands before or behind it, alone",
  "--upload-file": "--data-raw with the text: a file is not read",
  "-T": "--data-raw with the text: a file is not read",
  "--config": "the options themselves: a file is not read",
  "-K": "the options themselves: a file is not read",
  "--range": "-H 'Range: bytes=…', as a page would write it",
  "-r": "-H 'Range: bytes=…', as a page would write it",
};

/** Takes the URL; a second one is refused. */
export function setUrl(value: string, draft: Draft): void {
  if (draft.url !== null) throw new QuestionError("URL", "one URL; this command has several");
  draft.url = value;
}

/**
 * What an option does. `long` is its long name, or the short one where it has none; `written` is what messages call it.
 *
 * @throws QuestionError for one that is not known, or that no request of a page can have.
 */
export function effectOf(long: string, written: string): Effect {
  const effect = Object.hasOwn(OPTIONS, long) ? OPTIONS[long] : undefined;
  if (effect !== undefined) return effect;
  const instead = IMPOSSIBLE[long];
  if (instead !== undefined) throw new QuestionError(written, instead);
  if (long.startsWith("--no-")) return "flag";
  throw new QuestionError(written, "an option of curl that has to do with one HTTP request; leave it out");
}
