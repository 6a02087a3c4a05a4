import type { PageRequest, RequestBody } from "@waybill/policy/browser";
import type { Random } from "./random.ts";

type Line = readonly [name: string, value: string];

const METHODS = [
  [30, "GET"],
  [22, "POST"],
  [8, "PUT"],
  [6, "DELETE"],
  [5, "HEAD"],
  [4, "OPTIONS"],
  [6, "PATCH"],
  [3, "patch"],
  [2, "get"],
  [2, "post"],
  [2, "Put"],
  [2, "dElete"],
  [2, "QUERY"],
  [2, "foo"],
  [0.4, "CONNECT"],
  [0.4, "trace"],
  [0.4, "TRACK"],
  [0.3, "NOT A TOKEN"],
  [0.2, ""],
] as const;

const long = (bytes: number) => "a".repeat(bytes);

/** Names with the values that make a difference to some rule. */
const LINES: readonly (readonly [weight: number, name: string, values: readonly string[]])[] = [
  [6, "Accept", ["application/json", 'a"b', "x:y", "a/b;q=1", long(128), long(129), "é", "a\tb", "{}"]],
  [4, "Accept-Language", ["de, en;q=0.5", "de_DE", 'd"e', long(128), long(129), "*", ""]],
  [3, "Content-Language", ["de", "de/en", "a=b", "é"]],
  [
    14,
    "Content-Type",
    [
      "text/plain",
      "application/json",
      "application/json; charset=utf-8",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "TEXT/Plain;charset=UTF-8",
      'text/plain; a="b"',
      "text/plain x",
      "text/plain;",
      "text/plain ; a=b",
      "text/plain, text/plain",
      "text/html, text/plain",
      "text",
      "/plain",
      "",
      `text/plain; a=${long(113)}`,
      `text/plain; a=${long(114)}`,
    ],
  ],
  [
    4,
    "Range",
    [
      "bytes=0-10",
      "bytes=5-",
      "bytes=-5",
      "bytes=10-5",
      "bytes=0-1,3-4",
      "bytes = 0-1",
      "BYTES=0-1",
      "b=0-1",
      "bytes=-",
    ],
  ],
  [6, "Authorization", ["Bearer token", ""]],
  [8, "X-Custom", ["1", "", long(200), " padded ", "é"]],
  [5, "x-b", ["b"]],
  [3, "Z-last", ["z"]],
  [2, "If-Match", ['"tag"']],
  [2, "If-None-Match", ['"tag"']],
  [2, "Cache-Control", ["no-cache"]],
  [2, "Pragma", ["no-cache"]],
  [2, "X-Requested-With", ["XMLHttpRequest"]],
  [2, "Save-Data", ["on", "ON", "off"]],
  [2, "DPR", ["2", "2.5", "2.", "x"]],
  [1, "Device-Memory", ["8", "0.5", "-1"]],
  [1, "Width", ["100", "1.5"]],
  [1, "Viewport-Width", ["100", "x"]],
  [1, "RTT", ["50", "x"]],
  [1, "Downlink", ["1.5", "x"]],
  [1, "ECT", ["4g", "5g"]],
  [1, "Intervention", ["<https://example>", "x"]],
  [1, "User-Agent", ["Mine/1.0"]],
  [1, "Cookie", ["a=b"]],
  [1, "DNT", ["1"]],
  [1, "Origin", ["http://else.example"]],
  [1, "Sec-Mine", ["1"]],
  [1, "Proxy-Mine", ["1"]],
  [1, "Access-Control-Mine", ["1"]],
  [1, "Access-Control-Request-Method", ["GET"]],
  [1, "X-HTTP-Method-Override", ["PUT", "TRACE", "PUT, track"]],
  [1, "X-Method", ["TRACE"]],
  [0.4, "not a token", ["1"]],
  [0.2, "", ["1"]],
  [0.3, "X-Broken", ["a\nb", "€", "a\u0000b"]],
];

const NAMES = LINES.map(([weight, ...line]) => [weight, line] as const);

function line(random: Random): Line {
  const [name, values] = random.weighted(NAMES);
  return [random.chance(0.2) ? name.toLowerCase() : name, random.pick(values)];
}

function lines(random: Random): readonly Line[] {
  const count = random.weighted([
    [35, 0],
    [30, 1],
    [20, 2],
    [10, 3],
    [3, 6],
    [1, 12],
  ] as const);
  const drawn = Array.from({ length: count }, () => line(random));
  if (drawn.length > 0 && random.chance(0.08)) drawn.push(...drawn.slice(0, 1));
  if (random.chance(0.03)) {
    // Each is safelisted; all of them together are more than 1,024 bytes.
    const bytes = random.pick([100, 128]);
    for (const name of ["Accept", "Accept-Language", "Content-Language"]) {
      for (let repeated = 0; repeated < 3; repeated += 1) drawn.push([name, long(bytes)]);
    }
  }
  return drawn;
}

const BODIES: readonly (readonly [weight: number, body: RequestBody])[] = [
  [40, { kind: "text" }],
  [10, { kind: "form" }],
  [10, { kind: "multipart" }],
  [10, { kind: "bytes" }],
  [6, { kind: "blob", type: "application/json" }],
  [4, { kind: "blob", type: "Text/Plain" }],
  [4, { kind: "blob", type: "" }],
  [3, { kind: "stream" }],
];

/** A request to a URL. */
export function generateRequest(random: Random, url: string): PageRequest {
  const method = random.weighted(METHODS);
  const isBodiless = /^(?:get|head)$/i.test(method);
  const body = random.chance(isBodiless ? 0.02 : 0.6) ? random.weighted(BODIES) : null;
  const request = {
    url,
    method,
    headers: lines(random),
    credentials: random.weighted([
      [2, "omit"],
      [4, "same-origin"],
      [4, "include"],
    ] as const),
    body,
  };
  if (url.startsWith("{") && !isBodiless && body?.kind !== "stream" && random.chance(0.06)) {
    // An XMLHttpRequest: it has no `omit`, and always this mode.
    const credentials = request.credentials === "include" ? "include" : "same-origin";
    // It writes the charset of a text again in its own way, which is no matter of this model.
    const headers = request.headers.filter(([, value]) => !value.toLowerCase().includes("charset"));
    return { ...request, headers, credentials, uploadListeners: true };
  }
  return {
    ...request,
    mode: random.weighted([
      [78, "cors"],
      [13, "no-cors"],
      [9, "same-origin"],
    ] as const),
    redirect: random.weighted([
      [88, "follow"],
      [6, "error"],
      [6, "manual"],
    ] as const),
  };
}
