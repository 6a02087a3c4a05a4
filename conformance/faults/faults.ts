/** How an application under test is made to commit one fault. */
export interface Route {
  /** Where it is committed, if not by the server under test itself: another of the same kind, which may die of it. */
  readonly baseUrl?: string;
  /** The request's target, as it goes over the wire. */
  readonly path: string;
  /** @default "GET" */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** @default none */
  readonly body?: string;
  /** Instead of `body`: so many bytes of filling. */
  readonly bodyBytes?: number;
  /** Statuses that are right. @default the fault's own */
  readonly statuses?: readonly number[];
}

/** One way in which an answer can go wrong. */
export interface Fault {
  readonly id: string;
  readonly title: string;
  /** Statuses that are right. A denied origin may be refused with 403 instead. */
  readonly statuses: readonly number[];
  /**
   * For a fault of the bytes themselves: the request, given the lines of an ordinary one to that route.
   * Without it, the request is ordinary, and the route makes the fault.
   */
  readonly bytes?: (start: string, lines: readonly string[]) => string;
  /**
   * The same fault over HTTP/2, where it differs: null where there is none, since a request that HTTP/2 cannot put into
   * frames, or forbids, is reset and not answered.
   */
  readonly http2?: Http2Twin | null;
}

/** How a fault is committed over HTTP/2. */
export interface Http2Twin {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** @default those of HTTP/1.1 */
  readonly statuses?: readonly number[];
}

const head = (...lines: readonly string[]) => `${lines.join("\r\n")}\r\n\r\n`;

/** All faults, in the order of the table. */
export const FAULTS: readonly Fault[] = [
  { id: "ok", title: "nothing is wrong", statuses: [200] },
  { id: "not-found", title: "no such address", statuses: [404] },
  // Some routers know an address by its method only.
  { id: "method-not-allowed", title: "a method that the address does not take", statuses: [405, 404] },
  { id: "sync-throw", title: "a handler throws", statuses: [500] },
  { id: "async-throw", title: "an async handler throws", statuses: [500, 504] },
  { id: "rejected", title: "a handler returns a rejected promise", statuses: [500, 504] },
  { id: "framework-error", title: "the framework's error, with a response of its own", statuses: [418] },
  { id: "raw-response", title: "a handler returns a `Response`", statuses: [200] },
  { id: "fetched-response", title: "a fetched answer is passed on, with its own headers", statuses: [200] },
  { id: "write-head-object", title: "`writeHead` with an object", statuses: [200] },
  { id: "write-head-array", title: "`writeHead` with a list", statuses: [200] },
  { id: "write-head-raw", title: "`writeHead` with another answer's raw headers", statuses: [200] },
  { id: "headers-cleared", title: "headers are cleared before sending", statuses: [200] },
  { id: "bad-escape", title: "an escape in the address that is none", statuses: [400, 404] },
  { id: "bad-parameter", title: "a parameter in the address that is none", statuses: [400, 404] },
  { id: "body-too-large", title: "a body over the limit", statuses: [413] },
  { id: "malformed-json", title: "malformed JSON", statuses: [400] },
  { id: "dead-upstream", title: "an upstream that is dead", statuses: [500, 502, 504] },
  { id: "slow-upstream", title: "an upstream that is too slow", statuses: [500, 502, 504] },
  { id: "hang", title: "a handler that hangs", statuses: [504] },
  { id: "mid-stream", title: "a stream that fails in its middle", statuses: [200] },
  { id: "unauthenticated", title: "unauthenticated", statuses: [401] },
  { id: "forbidden", title: "forbidden", statuses: [403] },
  { id: "quota", title: "too many requests", statuses: [429] },
  {
    id: "worker-lost",
    title: "the process that works on it is killed",
    statuses: [502],
    http2: null,
  },
  { id: "shutting-down", title: "shutting down", statuses: [503] },
  {
    id: "head-too-large",
    title: "headers that are too large",
    statuses: [431],
    bytes: (start, lines) => head(start, ...lines, `X-Large: ${"x".repeat(20_000)}`),
    // Node takes four times as much over HTTP/2 as over HTTP/1.1, and resets what is larger.
    http2: { headers: { "x-large": "x".repeat(20_000) }, statuses: [431, 200] },
  },
  {
    id: "unparsable-header",
    title: "a header that cannot be parsed",
    statuses: [400],
    bytes: (start, lines) => head(start, ...lines, "Bad Header: x"),
    http2: null,
  },
  {
    id: "missing-host",
    title: "no Host",
    statuses: [400],
    bytes: (start, lines) => head(start, ...lines.filter((line) => !line.startsWith("Host:"))),
    http2: null,
  },
  {
    id: "expectation",
    title: "an expectation that is not met",
    statuses: [417],
    bytes: (start, lines) => head(start, ...lines, "Expect: the-unexpected"),
    http2: { headers: { expect: "the-unexpected" } },
  },
  {
    id: "refused-method",
    title: "a method that HTTP does not know",
    statuses: [400, 405, 501],
    bytes: (start, lines) => head(start.replace(/^\S+/, "BREW"), ...lines),
    // To HTTP/2 it is a method like any other, for the application to refuse.
    http2: { method: "BREW", statuses: [400, 404, 405, 501] },
  },
  {
    id: "body-stalls",
    title: "a body that stops in its middle",
    statuses: [408],
    bytes: (start, lines) => `${head(start, ...lines, "Content-Length: 10")}{`,
    // Node waits for it as long as the application does.
    http2: { headers: { "content-length": "10" }, statuses: [408, 504] },
  },
];

/** Whether a fault lies in the bytes: it needs no route of its own, and is sent to that of `ok`. */
export const isOfBytes = (fault: Fault): boolean => fault.bytes !== undefined && fault.id !== "body-stalls";
