import { describe, expect, test } from "vitest";
import { fromHar } from "./from-har.ts";
import { QuestionError } from "./question-error.ts";

type Lines = Readonly<Record<string, string>>;

const lines = (headers: Lines) => Object.entries(headers).map(([name, value]) => ({ name, value }));

/** An entry as Chromium's DevTools write it. */
function entry(method: string, url: string, status: number, headers: Lines, more: object = {}): object {
  return {
    _resourceType: "fetch",
    pageref: "page_1",
    request: { method, url, httpVersion: "http/2.0", headers: lines(headers), cookies: [], ...more },
    response: { status, headers: [], content: {}, ...(status === 0 ? { _error: "net::ERR_FAILED" } : {}) },
  };
}

const har = (...entries: object[]): string =>
  JSON.stringify({
    log: { version: "1.2", pages: [{ id: "page_1", title: "https://app.example/chat?x=1" }], entries },
  });

const cross = { origin: "https://app.example", "sec-fetch-mode": "cors" };
const own = entry("GET", "https://app.example/app.js", 200, { "sec-fetch-mode": "no-cors" });
const fine = entry("GET", "https://api.example/v1", 200, cross);
const blocked = entry(
  "POST",
  "https://api.example/v1/chat?key=s3cret",
  0,
  { ...cross, "content-type": "application/json", ":authority": "api.example" },
  {
    postData: { mimeType: "application/json", text: '{"a":"é"}' },
    cookies: [{ name: "session", value: "x" }],
  },
);

const failure = (text: string, number?: number): QuestionError => {
  try {
    fromHar(text, number);
  } catch (error) {
    if (error instanceof QuestionError) return error;
    throw error;
  }
  throw new Error("It was read.");
};

describe("fromHar", () => {
  test("takes the request to another origin that got no answer", () => {
    const choice = fromHar(har(own, fine, blocked, fine));
    expect(choice).toEqual({
      kind: "one",
      entry: { number: 3, method: "POST", url: "https://api.example/v1/chat", status: 0 },
      copied: {
        origin: "https://app.example",
        request: {
          url: "https://api.example/v1/chat?key=s3cret",
          method: "POST",
          headers: [["content-type", "application/json"]],
          mode: "cors",
          credentials: "include",
          body: { kind: "bytes" },
        },
        content: Buffer.from('{"a":"é"}'),
        dropped: ["origin", "sec-fetch-mode"],
      },
    });
  });

  test("takes the last request to another origin where none failed", () => {
    const last = entry("GET", "https://other.example/", 500, cross);
    expect(fromHar(har(fine, last, own))).toMatchObject({ kind: "one", entry: { number: 2, status: 500 } });
  });

  test("lets choose where several failed, and counts a repetition once", () => {
    const other = entry("PUT", "https://other.example/x", 0, cross);
    const choice = fromHar(har(blocked, other, blocked));
    expect(choice).toEqual({
      kind: "several",
      entries: [
        { number: 2, method: "PUT", url: "https://other.example/x", status: 0 },
        { number: 3, method: "POST", url: "https://api.example/v1/chat", status: 0 },
      ],
    });
    expect(fromHar(har(blocked, other, blocked), 2)).toMatchObject({ kind: "one", entry: { number: 2 } });
    expect(fromHar(har(blocked, blocked))).toMatchObject({ kind: "one", entry: { number: 2 } });
  });

  test("learns from the page and the preflight what a request that was never sent would have had", () => {
    const preflight = {
      ...entry("OPTIONS", "https://api.example/v1/x", 404, {
        ...cross,
        "access-control-request-method": "DELETE",
        "access-control-request-headers": "authorization,content-type,x-trace",
      }),
      _resourceType: "preflight",
    };
    const provisional = entry("DELETE", "https://api.example/v1/x", 0, { authorization: "Bearer s3cret" });
    const choice = fromHar(har(preflight, provisional));
    expect(choice).toMatchObject({
      kind: "one",
      entry: { number: 2 },
      copied: {
        origin: "https://app.example",
        request: {
          method: "DELETE",
          headers: [
            ["authorization", "Bearer s3cret"],
            ["content-type", "application/json"],
            ["x-trace", "doctor"],
          ],
        },
      },
    });
  });

  test("reads a form of fields, and a body in base64", () => {
    const form = entry("POST", "https://api.example/", 200, cross, {
      postData: { mimeType: "application/x-www-form-urlencoded", params: [{ name: "a", value: "b c" }] },
    });
    const bytes = entry("POST", "https://api.example/", 200, cross, {
      postData: { mimeType: "image/png", encoding: "base64", text: "AQI=" },
    });
    expect(fromHar(har(form))).toMatchObject({
      copied: {
        request: { headers: [["content-type", "application/x-www-form-urlencoded"]] },
        content: Buffer.from("a=b+c"),
      },
    });
    expect(fromHar(har(bytes))).toMatchObject({ copied: { content: Buffer.from([1, 2]) } });
  });

  test.each([
    ["s3cret", undefined, "HAR"],
    ["null", undefined, "HAR"],
    ['{"log":{}}', undefined, "HAR"],
    ['{"log":{"entries":[]}}', undefined, "HAR"],
    ['{"log":{"entries":[null,7,{"request":"s3cret"}]}}', undefined, "HAR"],
    ['{"log":{"entries":[null,7,{"request":"s3cret"}]}}', 2, "HAR"],
    [har(own), undefined, "HAR"],
    [har(own, fine), 3, "entry"],
    [har(own, fine), 0, "entry"],
  ])("says what is missing in %s (%s)", (text, number, field) => {
    const error = failure(text, number);
    expect(error.field).toBe(field);
    expect(error.message).not.toContain("s3cret");
  });
});
