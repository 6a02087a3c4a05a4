import { chromium, type PageRequest, predict, standard } from "@waybill/policy/browser";
import { expect, test } from "vitest";
import { describeHeaders, needsPreflight } from "./sent-headers.ts";

const page = { origin: "https://app.example", secure: true };
const url = "https://api.example/chatkit";
const json = { "content-type": "application/json" };
const stream = { accept: "text/event-stream", ...json };

test.each<[string, string, Readonly<Record<string, string>>, PageRequest["body"], boolean]>([
  ["a turn", "POST", { ...stream, "idempotency-key": "1-2-3-4" }, { kind: "text" }, true],
  ["a turn to another's server", "POST", stream, { kind: "text" }, true],
  ["a question in JSON", "POST", { accept: "application/json", ...json }, { kind: "text" }, true],
  ["GET v1", "GET", { accept: "application/json" }, null, false],
  ["a read with the page's token", "GET", { accept: "application/json", authorization: "x" }, null, true],
  ["a read in a language", "GET", { accept: "application/json", "accept-language": "de" }, null, false],
  ["a form", "POST", { accept: "application/json" }, { kind: "multipart" }, true],
  ["a file", "PUT", { "content-type": "image/png" }, { kind: "blob", type: "image/png" }, true],
])("knows, as the model of browsers does, whether %s is asked for first", (_, method, lines, body, asked) => {
  const uploadListeners = body?.kind === "multipart";
  const request: PageRequest = {
    url,
    method,
    headers: Object.entries(lines),
    body: body ?? null,
    ...(uploadListeners ? { uploadListeners } : {}),
  };
  const allowed = {
    status: 200,
    headers: [
      ["access-control-allow-origin", "*"],
      ["access-control-allow-headers", "*"],
    ],
  } as const;
  const hops = [{ preflight: allowed, answer: allowed }];
  for (const profile of [standard, chromium]) {
    expect(predict({ page, request, hops, profile }).preflights.length > 0).toBe(asked);
  }
  expect(needsPreflight(method, describeHeaders(new Headers(lines)))).toBe(asked);
});

test("shows the values of the protocol's headers alone", () => {
  const headers = new Headers({ ...stream, authorization: "Bearer a", cookie: "b", "x-api-key": "c" });
  expect(describeHeaders(headers)).toEqual([
    "accept: text/event-stream",
    "authorization: REDACTED",
    "content-type: application/json",
    "cookie: REDACTED",
    "x-api-key: REDACTED",
  ]);
});
