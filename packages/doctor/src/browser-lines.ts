import type { HeaderLine } from "@waybill/policy";
import { isSameSite, type PageRequest, type SentPreflight, type SentRequest } from "@waybill/policy/browser";

/** Whose request it is, and where it has been. */
export interface Sender {
  /** The page's. */
  readonly origin: string;
  readonly mode: NonNullable<PageRequest["mode"]>;
  /** The page's lines, for the case in which their names are written. @default lower case */
  readonly headers?: readonly HeaderLine[];
  /** Every URL that was asked, in order; the last is the one that is asked now. */
  readonly chain: readonly string[];
}

// Chromium's, and at its end who it really is.
const USER_AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 WaybillDoctor";

/**
 * The lines of a preflight, as Chromium writes them, with two differences: bodies are asked for as they
 * are, without a content coding, and the User-Agent ends with `WaybillDoctor`.
 *
 * Source: Fetch, "CORS-preflight fetch"; Fetch Metadata; Chromium 156 as it was recorded.
 */
export function preflightLines(preflight: SentPreflight, sender: Sender): readonly HeaderLine[] {
  const { requestMethod, requestHeaders, origin } = preflight;
  return [
    ["Accept", "*/*"],
    ["Access-Control-Request-Method", requestMethod],
    ...(requestHeaders === null ? [] : [["Access-Control-Request-Headers", requestHeaders] as const]),
    ["Origin", origin],
    ["User-Agent", USER_AGENT],
    ...fetchMetadata({ ...sender, mode: "cors" }),
    ...refererOf(sender),
    ["Accept-Encoding", "identity"],
    ["Accept-Language", "en-US,en;q=0.9"],
  ];
}

/**
 * The lines of a request: the page's own, and what Chromium adds to them. Cookies and client hints
 * (`Sec-CH-UA`) are left out, and see {@link preflightLines}.
 *
 * `content` is what will be sent; a form's boundary is taken from it.
 */
export function requestLines(
  request: SentRequest,
  sender: Sender,
  content: Uint8Array | null,
): readonly HeaderLine[] {
  const own = new Map(request.headers);
  const added: readonly HeaderLine[] = [
    ["User-Agent", USER_AGENT],
    ["Accept", "*/*"],
    ...(request.origin === null ? [] : [["Origin", request.origin] as const]),
    ...fetchMetadata(sender),
    ...refererOf(sender),
    ["Accept-Encoding", "identity"],
    ["Accept-Language", "en-US,en;q=0.9"],
  ];
  return [
    ...contentLength(request, content),
    ...request.headers.map(
      ([name, value]): HeaderLine => [spell(name, sender), withBoundary(value, content)],
    ),
    ...added.filter(([name]) => !own.has(name.toLowerCase())),
  ];
}

/** As the page writes it first; what comes with a body is the browser's to write. */
function spell(name: string, { headers = [] }: Sender): string {
  const own = headers.find(([key]) => key.toLowerCase() === name);
  return own?.[0] ?? (name === "content-type" ? "Content-Type" : name);
}

// Fetch, HTTP-network-or-cache fetch: POST and PUT say that they have no body.
function contentLength({ method }: SentRequest, content: Uint8Array | null): readonly HeaderLine[] {
  if (content !== null) return [["Content-Length", String(content.length)]];
  return method === "POST" || method === "PUT" ? [["Content-Length", "0"]] : [];
}

/** The model's boundary is none: what the body begins with is. */
function withBoundary(value: string, content: Uint8Array | null): string {
  if (content === null || !value.startsWith("multipart/form-data; boundary=----boundary")) return value;
  const [first = ""] = Buffer.from(content.subarray(0, 128)).toString("latin1").split("\r\n", 1);
  return first.startsWith("--") ? `multipart/form-data; boundary=${first.slice(2)}` : value;
}

/** Source: Fetch Metadata, 2: sent where nobody on the way can read it. */
function fetchMetadata(sender: Sender): readonly HeaderLine[] {
  if (!isTrustworthy(asked(sender))) return [];
  return [
    ["Sec-Fetch-Site", siteOf(sender)],
    ["Sec-Fetch-Mode", sender.mode],
    ["Sec-Fetch-Dest", "empty"],
  ];
}

const asked = ({ chain }: Sender): URL => new URL(chain.at(-1) ?? "");

/** Secure Contexts, 3.1. */
const isTrustworthy = ({ protocol, hostname }: URL): boolean =>
  protocol === "https:" || /^(?:127(?:\.\d+){3}|\[::1\]|(?:.+\.)?localhost)$/.test(hostname);

/** The farthest that the request has been. */
function siteOf({ origin, chain }: Sender): string {
  const urls = chain.map((url) => new URL(url));
  if (urls.every((url) => url.origin === origin)) return "same-origin";
  return urls.every((url) => isSameSite(origin, url)) ? "same-site" : "cross-site";
}

/** Referrer Policy, `strict-origin-when-cross-origin`, of a page of which only the origin is known. */
function refererOf(sender: Sender): readonly HeaderLine[] {
  const { origin } = sender;
  const isHidden = origin === "null" || (origin.startsWith("https:") && !isTrustworthy(asked(sender)));
  return isHidden ? [] : [["Referer", `${origin}/`]];
}
