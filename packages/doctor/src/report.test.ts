import { describe, expect, test } from "vitest";
import type { Diagnosis } from "./diagnosis.ts";
import { report } from "./report.ts";
import { withoutSecrets } from "./secrets.ts";
import { toJson } from "./to-json.ts";

const ORIGIN = "https://app.example";
const URL_ASKED = "https://api.example/chat";
const TOKEN = "sk-very-secret-token";

const broken: Diagnosis = {
  question: {
    origin: ORIGIN,
    request: {
      url: URL_ASKED,
      method: "POST",
      headers: [
        ["Authorization", `Bearer ${TOKEN}`],
        ["X-Api-Key", "0123456789"],
      ],
      body: { kind: "text" },
    },
    content: new Uint8Array(3),
  },
  outcome: "broken",
  prediction: {
    verdict: "AllowOriginMismatch",
    at: 0,
    preflights: [],
    requests: [
      {
        hop: 0,
        url: URL_ASKED,
        method: "POST",
        origin: ORIGIN,
        headers: [["Authorization", `Bearer ${TOKEN}`]],
        hasBody: true,
        credentials: false,
      },
    ],
    readable: null,
    departures: [],
  },
  byStandard: null,
  summary: "A page cannot read the answer.",
  consoleMessage: "Access to fetch has been blocked by CORS policy.",
  cause: "origin-not-listed",
  explanation: "The server allows another.",
  layer: "application",
  hidden: { status: 500, body: `no such token: ${TOKEN}\n\x1b[2Jcleared`, exchange: 0 },
  servers: ["nginx", "express"],
  findings: [
    { severity: "warning", code: "vary-missing", message: "No Vary.", help: "Send it.", exchange: 0 },
  ],
  fixes: [
    { server: "nginx", where: "in the server block", language: "nginx", text: "add_header A b always;\n" },
  ],
  exchanges: [
    {
      purpose: "request",
      why: "",
      via: null,
      method: "POST",
      url: URL_ASKED,
      sent: [
        ["Host", "api.example"],
        ["Authorization", `Bearer ${TOKEN}`],
        ["X-Api-Key", "0123456789"],
        ["Origin", ORIGIN],
      ],
      outcome: {
        kind: "received",
        httpVersion: "1.1",
        status: 500,
        headers: [
          ["Access-Control-Allow-Origin", "https://other.example"],
          ["Set-Cookie", "session=abcdef0123; Path=/"],
          ["X-Unrelated", "1"],
        ],
        body: `no such token: ${TOKEN}`,
        bodyEnd: "complete",
        headMs: 3,
      },
    },
  ],
};

describe("the report", () => {
  test("marks the value that is blamed, below it and as wide as it", () => {
    const lines = report(broken).split("\n");
    const at = lines.findIndex((line) => line.includes("Access-Control-Allow-Origin:"));
    expect(lines.slice(at, at + 2)).toEqual([
      "    Access-Control-Allow-Origin: https://other.example",
      "                                 ^^^^^^^^^^^^^^^^^^^^^",
    ]);
  });

  test("marks a header that is not there, in its place", () => {
    const missing = {
      ...broken,
      prediction: { ...broken.prediction, verdict: "InvalidAllowCredentials" as const },
    };
    expect(report(missing)).toContain(
      "    (no Access-Control-Allow-Credentials)\n    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
    );
  });

  test("has verdict, console, cause, what is hidden, findings and the change with its fence, in this order", () => {
    const text = report(broken);
    const places = [
      "✗ A page cannot read the answer.",
      "blocked by CORS policy.",
      "← 500 Internal Server Error",
      "Why: origin-not-listed",
      "nginx, express",
      "What the browser hides: 500",
      "warning[vary-missing]",
      "help: Send it.",
      "```nginx\nadd_header A b always;\n```",
    ].map((words) => text.indexOf(words));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places).not.toContain(-1);
    expect(text).not.toContain("X-Unrelated");
  });

  test("keeps sentences within its width, and words whole", () => {
    const words = "a sentence of some length that needs to be broken somewhere ".repeat(4).trim();
    const lines = report({ ...broken, explanation: words }, { width: 60 }).split("\n");
    const from = lines.findIndex((line) => line.startsWith("Why:")) + 1;
    const to = lines.findIndex((line) => line.includes("To be changed by"));
    expect(Math.max(...lines.slice(from, to).map(({ length }) => length))).toBeLessThanOrEqual(60);
    expect(
      lines
        .slice(from, to)
        .map((line) => line.trim())
        .join(" "),
    ).toBe(words);
  });

  test("shows a server's control characters instead of obeying them", () => {
    const text = report(broken);
    expect(text).toContain("\\x1b[2Jcleared");
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });

  test("has colours only where they are asked for", () => {
    expect(report(broken)).not.toContain("\x1b");
    expect(report(broken, { colour: true })).toContain("\x1b[31m");
  });
});

describe("secrets", () => {
  test("are nowhere in a diagnosis: not in what was asked, sent, predicted, and not where an answer repeats them", () => {
    const shown = withoutSecrets(broken);
    const text = `${report(shown)}${JSON.stringify(toJson(shown))}`;
    for (const secret of [TOKEN, "0123456789", "abcdef0123"]) expect(text).not.toContain(secret);
    expect(shown.exchanges[0]?.sent).toContainEqual(["Authorization", "Bearer …"]);
    expect(shown.hidden?.body).toContain("no such token: …");
    expect(shown.exchanges[0]?.sent).toContainEqual(["Origin", ORIGIN]);
  });
});

test("the JSON has its version, and the number of the body's bytes instead of them", () => {
  const json = toJson(broken);
  expect(json.version).toBe(1);
  expect(json.question).toMatchObject({ origin: ORIGIN, contentBytes: 3 });
  expect(json.question).not.toHaveProperty("content");
});
