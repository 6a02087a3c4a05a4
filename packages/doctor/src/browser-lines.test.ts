import type { SentPreflight, SentRequest } from "@waybill/policy/browser";
import { expect, test } from "vitest";
import { preflightLines, requestLines, type Sender } from "./browser-lines.ts";

const request = (change: Partial<SentRequest> = {}): SentRequest => ({
  hop: 0,
  url: "",
  method: "GET",
  origin: "https://app.example",
  headers: [],
  hasBody: false,
  credentials: false,
  ...change,
});
const sender = (chain: readonly string[], origin = "https://app.example"): Sender => ({
  origin,
  mode: "cors",
  chain,
});
const valuesOf = (lines: readonly (readonly [string, string])[], wanted: RegExp) =>
  lines.filter(([name]) => wanted.test(name)).map(([, value]) => value);

test.each<[name: string, chain: readonly string[], origin: string, site: readonly string[]]>([
  ["its own origin", ["https://app.example/a"], "https://app.example", ["same-origin"]],
  ["its own site", ["https://api.app.example/"], "https://app.example", ["same-site"]],
  [
    "its own site, by way of another",
    ["https://cdn.other/", "https://app.example/"],
    "https://app.example",
    ["cross-site"],
  ],
  ["another scheme of its own site", ["https://api.app.example/"], "http://app.example", ["cross-site"]],
  ["elsewhere, from a page without an origin", ["https://api.example/"], "null", ["cross-site"]],
  ["this machine", ["http://127.0.0.1:8787/"], "http://localhost:8780", ["cross-site"]],
  ["where everybody on the way can read it", ["http://api.example/"], "http://app.example", []],
])("Sec-Fetch-Site: to %s", (_name, chain, origin, site) => {
  const lines = requestLines(request(), sender(chain, origin), null);
  expect(valuesOf(lines, /^Sec-Fetch-Site$/)).toEqual(site);
  expect(valuesOf(lines, /^Sec-Fetch/)).toHaveLength(site.length * 3);
});

test.each<[name: string, url: string, origin: string, referer: readonly string[]]>([
  ["the origin", "https://api.example/", "https://app.example", ["https://app.example/"]],
  ["nothing to where it could be read", "http://api.example/", "https://app.example", []],
  ["nothing of a page without an origin", "https://api.example/", "null", []],
])("Referer tells %s", (_name, url, origin, referer) => {
  expect(valuesOf(requestLines(request(), sender([url], origin), null), /^Referer$/)).toEqual(referer);
});

test("the page's own lines stand for the browser's, spelled as the page spells them", () => {
  const headers = [
    ["accept", "text/event-stream"],
    ["x-own", "1, 2"],
  ] as const;
  const own = [
    ["ACCEPT", "text/event-stream"],
    ["X-Own", "1"],
    ["x-own", "2"],
  ] as const;
  const lines = requestLines(
    request({ headers }),
    { ...sender(["https://api.example/"]), headers: own },
    null,
  );
  expect(lines.filter(([name]) => /^(?:accept|x-own)$/i.test(name))).toEqual([
    ["ACCEPT", "text/event-stream"],
    ["X-Own", "1, 2"],
  ]);
});

test("a form's boundary is its body's; a body that begins with none has the model's", () => {
  const headers = [["content-type", "multipart/form-data; boundary=----boundary"]] as const;
  const typeOf = (content: string) =>
    valuesOf(
      requestLines(
        request({ method: "POST", headers }),
        sender(["https://api.example/"]),
        Buffer.from(content),
      ),
      /^Content-Type$/,
    );
  expect(typeOf('--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--xyz--\r\n')).toEqual([
    "multipart/form-data; boundary=xyz",
  ]);
  expect(typeOf("")).toEqual(["multipart/form-data; boundary=----boundary"]);
});

test.each([
  ["POST", ["0"]],
  ["PUT", ["0"]],
  ["DELETE", []],
])("%s without a body says so, or nothing", (method, length) => {
  const lines = requestLines(request({ method }), sender(["https://api.example/"]), null);
  expect(valuesOf(lines, /^Content-Length$/)).toEqual(length);
});

test("a preflight names what it asks for, and no headers if there are none", () => {
  const preflight: SentPreflight = {
    hop: 0,
    url: "https://api.example/",
    origin: "null",
    requestMethod: "patch",
    requestHeaders: null,
    maxAgeSeconds: null,
  };
  const linesOf = (change: Partial<SentPreflight>) =>
    preflightLines({ ...preflight, ...change }, sender([preflight.url])).filter(([name]) =>
      /^(?:Access|Origin)/.test(name),
    );
  expect(linesOf({})).toEqual([
    ["Access-Control-Request-Method", "patch"],
    ["Origin", "null"],
  ]);
  expect(linesOf({ requestHeaders: "x-a,x-b" })).toContainEqual([
    "Access-Control-Request-Headers",
    "x-a,x-b",
  ]);
});
