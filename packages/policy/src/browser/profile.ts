/** A rule by which an engine leaves the standard; {@link DEPARTURES} explains each. */
export type DepartureName =
  | "author-lines-are-joined"
  | "client-hints-stay-with-the-page"
  | "client-hints-skip-preflight"
  | "credentials-by-first-url-without-cors"
  | "embedded-credentials-are-blocked"
  | "empty-location-is-none"
  | "forced-preflight-needs-its-method"
  | "list-wildcard-covers-authorization"
  | "location-before-redirect-mode"
  | "max-age-is-capped"
  | "origin-is-null-after-leaving-without-cors"
  | "proxy-authentication-is-an-error"
  | "redirect-without-location-is-an-answer"
  | "stream-ignores-same-origin-mode"
  | "stream-needs-http2"
  | "upload-listeners-need-a-body"
  | "user-agent-cannot-be-set";

/** What the standard says, and what the engine does instead. */
export interface Departure {
  readonly standard: string;
  readonly engine: string;
}

/** Every departure that a profile can have. */
export const DEPARTURES: Readonly<Record<DepartureName, Departure>> = {
  "author-lines-are-joined": {
    standard: "Whether a header is safelisted is asked of each line.",
    engine: "Lines of one name are joined first: two of 100 bytes are more than 128.",
  },
  "client-hints-stay-with-the-page": {
    standard: "A page's own DPR or Width is sent on every hop, like any other line.",
    engine:
      "What Chromium could send itself is left out from the first redirect on that leads away from the page's origin.",
  },
  "client-hints-skip-preflight": {
    standard: "Save-Data, DPR, Width and their like are names like any other: the server is asked first.",
    engine: "With a value of the hint's form they are safelisted, and sent without a preflight.",
  },
  "credentials-by-first-url-without-cors": {
    standard: "Without CORS, too, `same-origin` credentials are left out from the first foreign hop on.",
    engine: "The first URL decides for all hops: what begins at the page's origin takes its cookies along.",
  },
  "embedded-credentials-are-blocked": {
    standard: "A redirect to one's own origin, or without CORS, may have a user and a password in its URL.",
    engine: "`fetch` follows no redirect to a URL with a user or a password; XMLHttpRequest does.",
  },
  "empty-location-is-none": {
    standard: "A Location without a value points to the URL that was asked.",
    engine: "It points nowhere, as if it were not there.",
  },
  "forced-preflight-needs-its-method": {
    standard: "A preflight that upload listeners or a stream force allows its method if it lists none.",
    engine: "The method must be listed as in any other preflight.",
  },
  "list-wildcard-covers-authorization": {
    standard: "`*` in Access-Control-Allow-Headers does not stand for Authorization, which must be listed.",
    engine: "`*` stands for Authorization, too.",
  },
  "location-before-redirect-mode": {
    standard: "With `redirect: manual` nobody looks at Location.",
    engine: "A Location that is no URL is a network error.",
  },
  "max-age-is-capped": {
    standard: "A preflight's answer may be kept for as long as Access-Control-Max-Age says.",
    engine: "It is kept for 7,200 seconds at most.",
  },
  "origin-is-null-after-leaving-without-cors": {
    standard: "A POST without CORS that is redirected away from the page's own origin still names it.",
    engine: "Its Origin is `null` after any redirect to another origin.",
  },
  "proxy-authentication-is-an-error": {
    standard: "407 asks the user, and is an answer like others if there is nobody to ask.",
    engine: "407 from a server that is no proxy is a network error.",
  },
  "redirect-without-location-is-an-answer": {
    standard: "`redirect: error` and `manual` go by the status alone.",
    engine: "With `error`, a redirect without Location is an answer like any other.",
  },
  "stream-ignores-same-origin-mode": {
    standard: "With mode `same-origin`, nothing is sent elsewhere.",
    engine: "With a stream as its body, the request is treated as if its mode were `cors`.",
  },
  "stream-needs-http2": {
    standard: "A body may be a stream over any version of HTTP.",
    engine: "A stream over HTTP/1.1 is a network error.",
  },
  "upload-listeners-need-a-body": {
    standard: "Listeners on an XMLHttpRequest's upload force a preflight.",
    engine: "Only if there is a body.",
  },
  "user-agent-cannot-be-set": {
    standard: "A page may set User-Agent; the server is asked first.",
    engine: "A page's own User-Agent is dropped without a word.",
  },
};

/** An engine, as the list of where it leaves the standard. */
export interface BrowserProfile {
  readonly name: string;
  readonly departures: ReadonlySet<DepartureName>;
}

/** Fetch as it is written. */
export const standard: BrowserProfile = Object.freeze({
  name: "standard",
  departures: new Set<DepartureName>(),
});

/** Chromium, held to version 156 by the differential. */
export const chromium: BrowserProfile = Object.freeze({
  name: "chromium",
  departures: new Set<DepartureName>(Object.keys(DEPARTURES) as DepartureName[]),
});
