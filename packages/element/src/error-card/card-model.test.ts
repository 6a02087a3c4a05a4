import type { Verdict } from "@waybill/client";
import { describe, expect, test } from "vitest";
import { en } from "../strings/en.ts";
import { cardModel } from "./card-model.ts";

const verdict: Verdict = {
  cause: "cors_missing_or_masked",
  confidence: "likely",
  alternatives: ["a proxy in between answered in its place"],
  title: "The server answered, but this page may not read the answer",
  userMessage: "Its reply lacks the permission (CORS) a browser needs.",
  advice: "Send again: it will not be carried out twice.",
  developerDetail: "fetch rejected after 212 ms",
  request: { method: "POST", url: "https://api.example/chatkit" },
  pageOrigin: "https://app.example",
  requestId: "req_1",
  retry: "keyed",
};
const send = { kind: "send", hasThread: false } as const;

describe("the primary action", () => {
  test.each([
    ["safe", "send", true, { label: "Try again", action: "resend" }],
    ["keyed", "send", true, { label: "Send again", action: "resend" }],
    ["never", "send", true, { label: "Check the conversation", action: "reload" }],
    ["never", "send", false, null],
    ["keyed", "answer", true, { label: "Try again", action: "retry" }],
    ["never", "answer", true, { label: "Check the conversation", action: "reload" }],
    ["safe", "load", true, { label: "Try again", action: "reload" }],
    ["never", "config", false, null],
  ] as const)("after %s, for %s (thread: %s)", (retry, kind, hasThread, primary) => {
    expect(cardModel({ ...verdict, retry }, { kind, hasThread }, en).primary).toEqual(primary);
  });

  test("only a message that was not taken can be edited", () => {
    expect(cardModel(verdict, send, en).canEdit).toBe(true);
    expect(cardModel(verdict, { kind: "answer", hasThread: true }, en).canEdit).toBe(false);
  });
});

test("shows how sure it is in bars and in a word", () => {
  expect(cardModel(verdict, send, en)).toMatchObject({ bars: 2, confidence: "Likely", icon: "eye-off" });
  expect(cardModel({ ...verdict, confidence: "certain" }, send, en)).toMatchObject({
    bars: 3,
    alternatives: [],
  });
});

test("lists the details for the developer, without those that are not known", () => {
  const { details } = cardModel(verdict, send, en);
  expect(details.map(({ term, value }) => [term, value])).toEqual([
    ["Cause", "cors_missing_or_masked"],
    ["Request", "POST https://api.example/chatkit"],
    ["From", "https://app.example"],
    ["Seen", "fetch rejected after 212 ms"],
    ["Retry", "with the same key only"],
    ["Request id", "req_1"],
  ]);
  const more = cardModel({ ...verdict, status: 500, code: "internal_error" }, send, en).details;
  expect(more.map(({ term }) => term)).toContain("HTTP status");
  expect(more.map(({ term }) => term)).toContain("Error code");
});

test("fills in the command that repeats the request", () => {
  expect(cardModel(verdict, send, en).command).toBe(
    "npx waybill doctor --origin 'https://app.example' 'https://api.example/chatkit' --method POST",
  );
});

test("shows and copies no secret of an address", () => {
  const request = { method: "PUT", url: "https://api.example/v1/uploads/atc_1?sig=hush" };
  const { details, command, copyText } = cardModel({ ...verdict, request }, send, en);
  expect(JSON.stringify([details, command, copyText])).not.toContain("hush");
});

test("has everything in the text that is copied", () => {
  const { copyText } = cardModel(verdict, send, en);
  for (const piece of [
    "(Likely)",
    "a proxy in between",
    "What you can do.",
    "Request id: req_1",
    "cors_missing_or_masked",
    "fetch rejected after 212 ms",
    "npx waybill doctor --origin 'https://app.example'",
  ])
    expect(copyText).toContain(piece);
});
