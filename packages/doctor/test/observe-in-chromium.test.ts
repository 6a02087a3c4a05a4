import type { PageRequest } from "@waybill/policy/browser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pathOf } from "../../../conformance/differential/case.ts";
import { ChromiumPage, launchChromium } from "../../../conformance/differential/chromium.ts";
import { conclude } from "../../../conformance/differential/conclude.ts";
import { observe } from "../src/observe.ts";
import { type RawRequest, RawServer } from "./support/raw-server.ts";

/** Answers as bytes; `{origin}` is the page's. */
interface BadServer {
  readonly name: string;
  readonly request?: Omit<PageRequest, "url">;
  readonly preflight?: string;
  readonly answer?: string;
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nAccess-Control-Allow-Origin: *\r\n";
const ALLOWED =
  "HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: *\r\n";
const asksFirst = { headers: [["X-Own", "1"]] } as const;
const hello = { body: { kind: "text" }, method: "POST" } as const;

const SERVERS: readonly BadServer[] = [
  { name: "two equal lines of Allow-Origin", answer: `${OK}Access-Control-Allow-Origin: *\r\n\r\nhi` },
  {
    name: "two different lines of Allow-Origin",
    answer: `HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: {origin}\r\nAccess-Control-Allow-Origin: *\r\n\r\nhi`,
  },
  {
    name: "a preflight that gets 405",
    request: asksFirst,
    preflight: "HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n",
  },
  {
    name: "a preflight that gets 405 with CORS headers",
    request: asksFirst,
    preflight: "HTTP/1.1 405 No\r\nContent-Length: 0\r\nAccess-Control-Allow-Origin: *\r\n\r\n",
  },
  {
    name: "a preflight that gets 401",
    request: asksFirst,
    preflight: "HTTP/1.1 401 Who\r\nContent-Length: 0\r\nWWW-Authenticate: Bearer\r\n\r\n",
  },
  {
    name: "a preflight that is sent elsewhere",
    request: asksFirst,
    preflight: "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n",
  },
  {
    name: "OPTIONS that is treated as GET, without CORS",
    request: asksFirst,
    preflight: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
  },
  { name: "OPTIONS that is treated as GET, with CORS", request: asksFirst, preflight: `${OK}\r\nhi` },
  {
    name: "a redirect to itself, for ever",
    answer:
      "HTTP/1.1 302 Found\r\nLocation: 0\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n",
  },
  {
    name: "a redirect without CORS",
    answer: "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
  },
  { name: "a connection that is closed", answer: "" },
  { name: "a preflight whose connection is closed", request: asksFirst, preflight: "" },
  { name: "no HTTP", answer: "SSH-2.0-OpenSSH_9.6\r\n" },
  { name: "HTTP/1.0", answer: "HTTP/1.0 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\nhi" },
  {
    name: "103 and 100 before the answer",
    answer: `HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${OK}\r\nhi`,
  },
  {
    name: "another protocol",
    answer:
      "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\nAccess-Control-Allow-Origin: *\r\n\r\n",
  },
  { name: "headers of 300 kB", answer: `${OK}${`X-Filler: ${"x".repeat(990)}\r\n`.repeat(300)}\r\nhi` },
  { name: "headers of 200 kB", answer: `${OK}${`X-Filler: ${"x".repeat(990)}\r\n`.repeat(200)}\r\nhi` },
  {
    name: "lines that end with a line feed alone",
    answer: "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\n\nhi",
  },
  { name: "bytes beyond ASCII in a header", answer: `${OK}X-Own: \xe9\x01\x7f\r\n\r\nhi` },
  {
    name: "a line that goes on in the next",
    answer: "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin:\r\n *\r\nContent-Length: 2\r\n\r\nhi",
  },
  {
    name: "no reason phrase",
    answer: "HTTP/1.1 200\r\nContent-Length: 2\r\nAccess-Control-Allow-Origin: *\r\n\r\nhi",
  },
  { name: "two lengths", answer: `${OK}Content-Length: 3\r\n\r\nhi!` },
  { name: "a length and chunks", answer: `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n` },
  {
    name: "204 with a body",
    answer: "HTTP/1.1 204 No\r\nContent-Length: 2\r\nAccess-Control-Allow-Origin: *\r\n\r\nhi",
  },
  {
    name: "a Location of bytes beyond ASCII",
    answer:
      "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:6000/\xc3\xa9\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n",
  },
  {
    name: "a request that changes things",
    request: { ...hello, ...asksFirst },
    preflight: `${ALLOWED}\r\n`,
    answer: `${OK}\r\nhi`,
  },
  { name: "a form of its own", request: { method: "POST", body: { kind: "form" } }, answer: `${OK}\r\nhi` },
  {
    name: "a method in lower case",
    request: { method: "patch" },
    preflight: `${ALLOWED}Access-Control-Allow-Methods: *\r\n\r\n`,
    answer: `${OK}\r\nhi`,
  },
  { name: "a POST without a body", request: { method: "POST" }, answer: `${OK}\r\nhi` },
  {
    name: "a request without CORS",
    request: { mode: "no-cors" },
    answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
  },
];

// The network's words for what is no answer.
const NO_ANSWER = /^unknown: .*net::ERR_(?:INVALID_HTTP_RESPONSE|RESPONSE_HEADERS_)/;

const CONTENT: Readonly<Record<string, string>> = { text: "hello", form: "a=b" };
let api: RawServer;
let front: RawServer;
let origin: string;
const open = new AsyncDisposableStack();
const askedBy = { doctor: [] as RawRequest[], chromium: [] as RawRequest[] };
const verdicts = new Map<string, string>();

const requestOf = (id: number): PageRequest => ({
  ...SERVERS[id]?.request,
  url: `http://127.0.0.1:${api.port}${pathOf(id, 0)}`,
});

beforeAll(async () => {
  api = open.use(
    await RawServer.start({
      respond: (socket, { method, path }) => {
        const server = SERVERS[Number(path.split("/")[2])];
        const bytes = (method === "OPTIONS" ? server?.preflight : server?.answer) ?? "";
        socket.end(bytes.replaceAll("{origin}", origin), "latin1");
      },
    }),
  );
  front = open.use(
    await RawServer.says(
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 40\r\n\r\n<link rel=icon href=data:,><title></title>",
    ),
  );
  origin = `http://localhost:${front.port}`;
  const browser = open.use(await launchChromium());
  const page = await ChromiumPage.open(browser, `${origin}/`);
  for (const [id, { name }] of SERVERS.entries()) {
    const request = requestOf(id);
    const [outcome] = await page.run([request]);
    if (outcome === undefined) throw new Error("Chromium did not answer");
    const exchange = { page: { origin, secure: false }, request, hops: [] };
    const verdict = conclude(exchange, { outcome, failure: page.failureOf(id), lastHop: -1 });
    verdicts.set(name, NO_ANSWER.test(verdict) ? "ConnectionFailed" : verdict);
  }
  askedBy.chromium = api.requests.splice(0);
});

afterAll(() => open.disposeAsync());

test.each(SERVERS.map(({ name }, id) => [name, id] as const))(
  "Chromium says the same: %s",
  async (name, id) => {
    const request = requestOf(id);
    const content = CONTENT[request.body?.kind ?? ""];
    const { prediction } = await observe({
      origin,
      request,
      ...(content === undefined ? {} : { content: Buffer.from(content) }),
    });
    askedBy.doctor.push(...api.requests.splice(0));
    expect(prediction.verdict).toBe(verdicts.get(name));
  },
);

/** What must be equal: all but what Chromium tells of itself, and in which order. */
const linesOf = ({ lines }: RawRequest) =>
  lines
    .filter((line) => !/^sec-ch-ua/i.test(line))
    .map((line) => line.replace(/^(User-Agent|Accept-Encoding): .*/, "$1"))
    .sort();

// Each once: Chromium asks again where a connection that it keeps was closed.
const comparable = (requests: readonly RawRequest[]) =>
  Object.fromEntries(
    requests.map((request) => [`${request.method} ${request.path}`, linesOf(request)] as const),
  );

test("what is sent is what Chromium sends, line by line", () => {
  const doctors = comparable(askedBy.doctor);
  expect(Object.keys(doctors).length).toBeGreaterThan(SERVERS.length);
  expect(doctors).toEqual(comparable(askedBy.chromium));
});
