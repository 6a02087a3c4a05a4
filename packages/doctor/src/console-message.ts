import type { HeaderLine } from "@waybill/policy";
import type { CorsError, PageRequest, Prediction, Verdict } from "@waybill/policy/browser";
import type { ConnectionFault, Failed } from "./exchange.ts";
import { listOf, valueOf } from "./header-values.ts";

/** What a message is made of. */
export interface Concluded {
  /** The page's, as the browser serialises it. */
  readonly origin: string;
  readonly request: PageRequest;
  readonly prediction: Prediction;
  /** Of the hop at which the verdict fell. */
  readonly url: string;
  /** Lines of the answer that it blames; null: of none. */
  readonly headers: readonly HeaderLine[] | null;
  /** Why nothing came; null: something did. */
  readonly failed: Failed | null;
}

const SCHEMES =
  "chrome, chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, http, https, isolated-app";

/**
 * The line by which Chromium's console tells of a failure, word for word: the sentence on CORS where
 * there is one, else its `Failed to load resource: net::ERR_…`, else the TypeError of the constructor.
 * Where there is a sentence, `Failed to load resource: net::ERR_FAILED` follows it as a line of its own,
 * except for what fails before anything is sent. Of several headers that are refused, Chromium names
 * one, in no order that can be told; here it is the first of the alphabet.
 *
 * Null: the page gets its answer, Chromium still waits, or it writes nothing.
 *
 * Source: Chromium, blink/renderer/platform/loader/cors/cors_error_string.cc.
 */
export function consoleMessage(concluded: Concluded): string | null {
  const { origin, request, prediction, url, failed } = concluded;
  const { verdict } = prediction;
  if (verdict === "ok" || verdict === "opaque" || verdict === "opaque-redirect") return null;
  const isFetch = request.uploadListeners !== true;
  const early = isFetch ? beforeSending(verdict, concluded) : null;
  if (early !== null) return early;
  const reason = reasonOf(verdict, concluded, isFetch);
  if (reason !== null) {
    const initial = withoutDefaults(request.url);
    const redirected = initial === url ? "" : `(redirected from '${initial}') `;
    const kind = isFetch ? "fetch" : "XMLHttpRequest";
    const inPreflight = verdict.startsWith("Preflight")
      ? "Response to preflight request doesn't pass access control check: "
      : "";
    return `Access to ${kind} at '${url}' ${redirected}from origin '${origin}' has been blocked by CORS policy: ${inPreflight}${reason}`;
  }
  if (verdict === "MixedContent") {
    return `Mixed Content: The page at '${origin}/' was loaded over HTTPS, but requested an insecure resource '${url}'. This request has been blocked; the content must be served over HTTPS.`;
  }
  const thrown = thrownBy(verdict, request);
  if (thrown !== null) return isFetch ? `TypeError: Failed to execute 'fetch' on 'Window': ${thrown}` : null;
  const code = netError(verdict, concluded, failed);
  return code === null ? null : `Failed to load resource: net::${code}`;
}

const withoutDefaults = (url: string): string => (URL.canParse(url) ? new URL(url).href : url);

/** What the page's own process refuses, for `fetch` alone. */
function beforeSending(verdict: Verdict, { origin, request, prediction, url }: Concluded): string | null {
  if (prediction.at > 0) {
    return verdict === "DisallowedByMode"
      ? `Unsafe attempt to load URL ${url} from frame with URL ${origin}/. Domains, protocols and ports must match.\n`
      : null;
  }
  switch (verdict) {
    case "DisallowedByMode":
      return `Fetch API cannot load ${url}. Request mode is "same-origin" but the URL's origin is not same as the request origin ${origin}.`;
    case "NoCorsRedirectModeNotFollow":
      return `Fetch API cannot load ${url}. Request mode is "no-cors" but the redirect mode is not "follow".`;
    case "CorsDisabledScheme":
      return `Fetch API cannot load ${url}. URL scheme "${new URL(request.url).protocol.slice(0, -1)}" is not supported.`;
    default:
      return null;
  }
}

/** The part behind the colon; null: no sentence on CORS. */
function reasonOf(verdict: Verdict, concluded: Concluded, isFetch: boolean): string | null {
  const headers = concluded.headers ?? [];
  const allowed = valueOf(headers, "access-control-allow-origin") ?? "";
  const advice = isFetch ? " Have the server send the header with a valid value." : "";
  const byXhr = isFetch
    ? ""
    : " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute.";
  switch (verdict.replace(/^Preflight(?!InvalidStatus|DisallowedRedirect)/, "") as CorsError) {
    case "WildcardOriginNotAllowed":
      return `The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.${byXhr}`;
    case "MissingAllowOriginHeader":
      return "No 'Access-Control-Allow-Origin' header is present on the requested resource.";
    case "MultipleAllowOriginValues":
      return `The 'Access-Control-Allow-Origin' header contains multiple values '${allowed}', but only one is allowed.${advice}`;
    case "InvalidAllowOriginValue":
      return `The 'Access-Control-Allow-Origin' header contains the invalid value '${allowed}'.${advice}`;
    case "AllowOriginMismatch":
      return `The 'Access-Control-Allow-Origin' header has a value '${allowed}' that is not equal to the supplied origin.${advice}`;
    case "InvalidAllowCredentials":
      return `The value of the 'Access-Control-Allow-Credentials' header in the response is '${valueOf(headers, "access-control-allow-credentials") ?? ""}' which must be 'true' when the request's credentials mode is 'include'.${byXhr}`;
    case "PreflightInvalidStatus":
      return "It does not have HTTP ok status.";
    case "PreflightDisallowedRedirect":
      return "Redirect is not allowed for a preflight request.";
    case "InvalidAllowMethodsPreflightResponse":
      return "Cannot parse Access-Control-Allow-Methods response header field in preflight response.";
    case "InvalidAllowHeadersPreflightResponse":
      return "Cannot parse Access-Control-Allow-Headers response header field in preflight response.";
    case "MethodDisallowedByPreflightResponse":
      return `Method ${concluded.prediction.preflights.at(-1)?.requestMethod ?? ""} is not allowed by Access-Control-Allow-Methods in preflight response.`;
    case "HeaderDisallowedByPreflightResponse":
      return `Request header field ${refusedHeaders(concluded)[0] ?? ""} is not allowed by Access-Control-Allow-Headers in preflight response.`;
    case "RedirectContainsCredentials":
      // Chromium's own parameter is always empty here.
      return "Redirect location '' contains a username and password, which is disallowed for cross-origin requests.";
    case "CorsDisabledScheme":
      return `Cross origin requests are only supported for protocol schemes: ${SCHEMES}.`;
    default:
      return null;
  }
}

/** Names that the last preflight asked about and its answer does not list, in order; empty if it lists all. */
export function refusedHeaders({
  prediction,
  request,
  headers,
}: Pick<Concluded, "prediction" | "request" | "headers">): readonly string[] {
  const listed = listOf(headers ?? [], "access-control-allow-headers");
  if (listed.includes("*") && request.credentials !== "include") return [];
  const asked = prediction.preflights.at(-1)?.requestHeaders?.split(",") ?? [];
  return asked.filter((name) => !listed.includes(name));
}

function thrownBy(verdict: Verdict, { url, method = "GET", headers = [] }: PageRequest): string | null {
  switch (verdict) {
    case "InvalidUrl":
      return `Failed to parse URL from ${url}`;
    case "UrlWithCredentials":
      return `Request cannot be constructed from a URL that includes credentials: ${url}`;
    case "InvalidMethod":
      return `'${method}' is not a valid HTTP method.`;
    case "ForbiddenMethod":
      return `'${method}' HTTP method is unsupported.`;
    case "MethodNotAllowedInNoCors":
      return `'${normalised(method)}' is unsupported in no-cors mode.`;
    case "InvalidHeader":
      return invalidHeader(headers);
    case "BodyWithGetOrHead":
      return "Request with GET/HEAD method cannot have body.";
    case "StreamNotAllowedInNoCors":
      return 'If request is made from ReadableStream, mode should be"same-origin" or "cors"';
    default:
      return null;
  }
}

// Fetch, "normalize a method".
const normalised = (method: string): string =>
  /^(?:DELETE|GET|HEAD|OPTIONS|POST|PUT)$/i.test(method) ? method.toUpperCase() : method;

function invalidHeader(headers: readonly HeaderLine[]): string {
  if (headers.some((line) => /[^\0-\xff]/.test(line.join("")))) {
    return "Failed to read the 'headers' property from 'RequestInit': String contains non ISO-8859-1 code point.";
  }
  const line = headers.find(([name, value]) => !TOKEN.test(name) || /[\0\r\n]/.test(value.trim()));
  return line !== undefined && !TOKEN.test(line[0]) ? "Invalid name" : "Invalid value";
}

// RFC 9110, 5.6.2.
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

const BY_VERDICT: Partial<Record<Verdict, string>> = {
  BadPort: "ERR_UNSAFE_PORT",
  UnsupportedScheme: "ERR_UNKNOWN_URL_SCHEME",
  RedirectRefused: "ERR_FAILED",
  RedirectLoop: "ERR_TOO_MANY_REDIRECTS",
  RedirectToOtherScheme: "ERR_UNSAFE_REDIRECT",
  StreamRedirected: "ERR_INVALID_ARGUMENT",
  StreamNeedsHttp2: "ERR_ALPN_NEGOTIATION_FAILED",
  ProxyAuthentication: "ERR_UNEXPECTED_PROXY_AUTH",
};

const BY_FAULT: Readonly<Record<ConnectionFault, string | null>> = {
  "name-not-found": "ERR_NAME_NOT_RESOLVED",
  refused: "ERR_CONNECTION_REFUSED",
  unreachable: "ERR_ADDRESS_UNREACHABLE",
  // A browser waits for minutes: for as long as the doctor does, it says nothing.
  timeout: null,
  reset: "ERR_CONNECTION_RESET",
  "certificate-expired": "ERR_CERT_DATE_INVALID",
  "certificate-name": "ERR_CERT_COMMON_NAME_INVALID",
  "certificate-untrusted": "ERR_CERT_AUTHORITY_INVALID",
  tls: "ERR_SSL_PROTOCOL_ERROR",
  "not-http": "ERR_INVALID_HTTP_RESPONSE",
  "address-refused": null,
};

function netError(verdict: Verdict, { headers }: Concluded, failed: Failed | null): string | null {
  switch (verdict) {
    case "ConnectionFailed":
      if (failed === null) return null;
      // A connection that is closed in good order before a byte came has a name of its own.
      return failed.fault === "reset" && /hang up|closed/i.test(failed.message)
        ? "ERR_EMPTY_RESPONSE"
        : BY_FAULT[failed.fault];
    case "CrossOriginResourcePolicy":
      return valueOf(headers ?? [], "cross-origin-resource-policy") === "same-site"
        ? "ERR_BLOCKED_BY_RESPONSE.NotSameSite"
        : "ERR_BLOCKED_BY_RESPONSE.NotSameOrigin";
    case "InvalidLocation":
      return (valueOf(headers ?? [], "location") ?? "").includes(",")
        ? "ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION"
        : "ERR_INVALID_REDIRECT";
    default:
      return BY_VERDICT[verdict] ?? null;
  }
}
