import { expect, test } from "vitest";
import { checkQuestion } from "./check-question.ts";
import type { AskOptions, Question } from "./question.ts";

const url = "https://api.example/chat";
const question: Question = { origin: "https://app.example", request: { url } };

test.each<[name: string, field: string, change: Partial<Question>, options?: AskOptions]>([
  ["an origin with a path", "origin", { origin: "https://app.example/" }],
  ["an origin that is a pattern", "origin", { origin: "*" }],
  ["an origin without a scheme", "origin", { origin: "app.example" }],
  ["a relative URL", "request.url", { request: { url: "/chat" } }],
  [
    "a control character in a value",
    "request.headers[1]",
    {
      request: {
        url,
        headers: [
          ["a", "b"],
          ["c", "\x01"],
        ],
      },
    },
  ],
  ["bytes of no body", "request.body", { content: new Uint8Array(1) }],
  ["a way with a path", "via[1]", { via: ["http://127.0.0.1:1", "http://127.0.0.1:1/a"] }],
  ["a way that is no URL", "via[0]", { via: ["127.0.0.1:1"] }],
  ["a way of another protocol", "via[0]", { via: ["ftp://127.0.0.1"] }],
  ["no time", "options.timeoutMs", {}, { timeoutMs: 0 }],
  ["more time than a timer has", "options.timeoutMs", {}, { timeoutMs: 2 ** 31 }],
  ["half a byte", "options.bodyBytes", {}, { bodyBytes: 0.5 }],
])("%s is a mistake of the question's", (_name, field, change, options = {}) => {
  expect(() => checkQuestion({ ...question, ...change }, options)).toThrow(
    expect.objectContaining({ name: "QuestionError", field, expected: expect.stringMatching(/./) }),
  );
});

test.each<[name: string, change: Partial<Question>]>([
  ["a page without an origin", { origin: "null" }],
  ["an extension's page", { origin: "chrome-extension://abcdefghijklmnop" }],
  [
    "what browsers refuse to send",
    { request: { url: "ftp://api.example/", method: "TRACE", headers: [["a b", "\0\r\n"]] } },
  ],
  ["ways with and without a slash", { via: ["http://127.0.0.1:1", "https://proxy.example/"] }],
])("%s can be asked about", (_name, change) => {
  expect(() => checkQuestion({ ...question, ...change }, {})).not.toThrow();
});
