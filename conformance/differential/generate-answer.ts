import type { Answer } from "@waybill/policy/browser";
import type { Random } from "./random.ts";

type Line = readonly [name: string, value: string];

/** What an answer has to allow for the exchange to go on. */
export interface Wanted {
  readonly origin: string;
  readonly pageOrigin: string;
  readonly withCredentials: boolean;
  readonly method: string;
  readonly headerNames: readonly string[];
}

function allowOrigin(random: Random, { origin, withCredentials }: Wanted, flaws: number): readonly Line[] {
  const name = random.pick(["Access-Control-Allow-Origin", "access-control-allow-origin"]);
  if (!random.chance(flaws)) {
    return [[name, !withCredentials && random.chance(0.4) ? "*" : origin]];
  }
  const value = (text: string): readonly Line[] => [[name, text]];
  return random.pick<() => readonly Line[]>([
    () => [],
    () => [],
    () => value("*"),
    () => value("null"),
    () => value("https://other.example"),
    () => value("{near}"),
    () => value(`${origin}/`),
    () => value(origin.toUpperCase()),
    () => value(`${origin}, ${origin}`),
    () => value(`${origin} https://other.example`),
    () => value("*, *"),
    () => [...value(origin), ...value(origin)],
    () => [...value("*"), ...value(origin)],
    () => value("app.example"),
    () => value("http//broken"),
    () => value("http://[broken"),
    () => value(""),
    () => value(` ${origin} `),
    () => value("**"),
    () => value("localhost:80"),
    () => value("http://*.example.com"),
    () => value("'none'"),
  ])();
}

function allowCredentials(random: Random, { withCredentials }: Wanted, flaws: number): readonly Line[] {
  const name = "Access-Control-Allow-Credentials";
  if (!random.chance(flaws)) return withCredentials || random.chance(0.3) ? [[name, "true"]] : [];
  return random.pick<readonly Line[]>([
    [],
    [[name, "TRUE"]],
    [[name, "false"]],
    [[name, "true, true"]],
    [
      [name, "true"],
      [name, "true"],
    ],
    [[name, " true "]],
    [[name, ""]],
    [[name, "1"]],
  ]);
}

function allowList(random: Random, name: string, wanted: readonly string[], flaws: number): readonly Line[] {
  const all = wanted.join(", ");
  if (!random.chance(flaws)) {
    return random.weighted<readonly Line[]>([
      [5, [[name, all]]],
      [2, [[name, wanted.join(",")]]],
      [1, [[name, all.toLowerCase()]]],
      [1, [[name, `X-Other, ${all}`]]],
      [1, [[name, "*"]]],
      [1, wanted.map((element) => [name, element] as const)],
      [1, [[name, `, ,${all},,`]]],
    ]);
  }
  return random.pick<readonly Line[]>([
    [],
    [],
    [[name, ""]],
    [[name, "*"]],
    [[name, "*"]],
    [[name, "*, X-Other, Authorization"]],
    [[name, "X-Other"]],
    [[name, wanted.slice(1).join(",")]],
    [[name, all.toUpperCase()]],
    [[name, `${all}, not a token`]],
    [[name, `${all}; other`]],
    [[name, `"${all}"`]],
    [[name, `${all}, "a,b"`]],
    [[name, `${all}, "open`]],
    [[name, `${all} X-Other`]],
    [[name, `\t${all}\t,\tX-Other`]],
    [[name, `${all}, é`]],
    [
      [name, "bad token"],
      [name, all],
    ],
    [
      [name, ""],
      [name, all],
    ],
  ]);
}

/** An answer to a preflight; with flaws as likely as told. */
export function generatePreflight(random: Random, wanted: Wanted, flaws: number): Answer {
  const status = random.chance(flaws)
    ? random.pick([301, 302, 307, 304, 400, 401, 403, 404, 405, 407, 500, 503, 299, 203])
    : random.pick([200, 204, 204]);
  const headers: Line[] = [
    ...allowOrigin(random, wanted, flaws),
    ...allowCredentials(random, wanted, flaws),
    ...allowList(random, "Access-Control-Allow-Methods", [wanted.method || "GET"], flaws),
    ...allowList(random, "Access-Control-Allow-Headers", wanted.headerNames, flaws),
  ];
  if (random.chance(0.3)) {
    headers.push([
      "Access-Control-Max-Age",
      random.pick(["0", "600", "86400", "-1", "x", "9999999999999999"]),
    ]);
  }
  if (status > 300 && status < 400 && random.chance(0.7)) headers.push(["Location", "{far}/elsewhere"]);
  if (status !== 204) headers.push(["Content-Length", "0"]);
  return { status, headers };
}

const OTHER_LINES: readonly (readonly [name: string, values: readonly string[]])[] = [
  ["Content-Type", ["text/plain", "application/json", "text/html; charset=utf-8", "image/png"]],
  ["Cache-Control", ["no-store"]],
  ["ETag", ['"tag"']],
  ["X-Request-Id", ["req_1"]],
  ["x-lower", ["lower"]],
  ["Retry-After", ["1"]],
  ["Set-Cookie", ["seen=1; Max-Age=0"]],
  ["Set-Cookie2", ["seen=1"]],
  ["Vary", ["Origin"]],
  ["Pragma", ["no-cache"]],
  ["Server-Timing", ["a;dur=1"]],
  ["Last-Modified", ["Sun, 06 Nov 1994 08:49:37 GMT"]],
  ["Expires", ["0"]],
  ["Content-Language", ["de"]],
  ["X-Content-Type-Options", ["nosniff"]],
  ["Timing-Allow-Origin", ["*"]],
];

const EXPOSED = [
  "X-Request-Id",
  "x-request-id, ETag",
  "*",
  "*, X-Request-Id",
  "Set-Cookie, ETag",
  "X-Request-Id, bad token",
  "X-Request-Id;",
  '"X-Request-Id"',
  "",
  ", ,ETag,",
  "X-LOWER",
  "authorization, Vary",
];

/** The last answer, or one that points elsewhere by `location`. */
export function generateAnswer(
  random: Random,
  wanted: Wanted,
  how: { readonly flaws: number; readonly location: readonly Line[] | null },
): Answer {
  const status =
    how.location === null
      ? random.weighted([
          [60, 200],
          [3, 201],
          [6, 204],
          [3, 206],
          [2, 300],
          [2, 302],
          [4, 304],
          [4, 400],
          [6, 401],
          [4, 403],
          [6, 404],
          [3, 407],
          [3, 429],
          [8, 500],
          [3, 503],
        ] as const)
      : random.weighted([
          [2, 301],
          [4, 302],
          [3, 303],
          [4, 307],
          [2, 308],
        ] as const);
  const body = status === 204 || status === 304 ? "" : random.pick(["", "hello", '{"error":"x"}']);
  const headers: Line[] = [
    ...allowOrigin(random, wanted, how.flaws),
    ...allowCredentials(random, wanted, how.flaws),
    ...(how.location ?? []),
  ];
  for (let count = random.pick([0, 1, 2, 3]); count > 0; count -= 1) {
    const [name, values] = random.pick(OTHER_LINES);
    headers.push([name, random.pick(values)]);
  }
  for (let count = random.pick([0, 0, 1, 1, 2]); count > 0; count -= 1) {
    headers.push(["Access-Control-Expose-Headers", random.pick(EXPOSED)]);
  }
  if (random.chance(0.15)) {
    const policy = random.pick([
      "same-origin",
      "cross-origin",
      "Same-Origin",
      "same-origin, same-origin",
      "x",
    ]);
    // The site of a page without an origin is that of whoever made it, which the model is not told.
    const isTold = wanted.pageOrigin !== "null" && random.chance(0.3);
    headers.push(["Cross-Origin-Resource-Policy", isTold ? "same-site" : policy]);
  }
  if (status !== 204) headers.push(["Content-Length", String(body.length)]);
  return { status, headers, body };
}
