import { expect, test } from "vitest";
import type { ChatKitReport } from "./chatkit-report.ts";
import { reportChatKit } from "./report-chatkit.ts";

const found: ChatKitReport = {
  origin: "https://app.example",
  url: "https://api.example/chatkit",
  outcome: "broken",
  waybill: "0.1.0",
  checks: [
    { step: "json", outcome: "fine", sentence: "It is answered.", help: "", seen: null },
    {
      step: "buffering",
      outcome: "broken",
      sentence: "The answer is held\u001b back.",
      help: "Do not buffer.",
      seen: null,
    },
  ],
  left: ["thr_1"],
  diagnosis: null,
};

test("says of each step what was seen and what to do, and what is left behind", () => {
  expect(reportChatKit(found)).toBe(`✗ A page of https://app.example cannot use all of this ChatKit server.
  https://api.example/chatkit (Waybill 0.1.0)

  ✓ json       It is answered.
  ✗ buffering  The answer is held\\x1b back.
               help: Do not buffer.

Left behind: thr_1.
`);
});

test("keeps to the width", () => {
  const lines = reportChatKit(found, { width: 40 }).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(45);
});
