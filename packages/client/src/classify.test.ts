import { expect, test } from "vitest";
import {
  classifyByProbes,
  classifyBySignals,
  type ProbeResult,
  type ProbeResults,
  type RejectionSignals,
} from "./classify.ts";
import type { FailedRequest } from "./compose-verdict.ts";
import { connectionVerdict } from "./connection-verdict.ts";

const PAGE: RejectionSignals = {
  url: "https://api.example/chatkit",
  pageOrigin: "https://app.example",
  pageUrl: "https://app.example/chat",
  online: true,
  blockedBy: null,
  preflight: true,
  localNetwork: "unknown",
  reason: "x",
};

const probes = (list: string): ProbeResults => {
  const [capabilities, bundle, opaque, control] = list.split(" ") as ProbeResult[];
  return {
    capabilities: capabilities ?? "skipped",
    bundle: bundle ?? "skipped",
    opaque: opaque ?? "skipped",
    control: control ?? "skipped",
    relay: "skipped",
  };
};

const local = { localNetwork: "denied" as const, url: "http://localhost:8787/chatkit" };

test.each<[string, Partial<RejectionSignals>, string | null]>([
  ["offline before anything else", { online: false, blockedBy: "connect-src" }, "offline certain"],
  ["the page's policy", { blockedBy: "connect-src", url: "http://api.example/x" }, "csp_blocked certain"],
  ["an http address from a secure page", { url: "http://api.example/x" }, "mixed_content certain"],
  ["an http loopback address from a secure page", { url: "http://127.0.0.1:1/x" }, null],
  ["http from an http page", { url: "http://api.example/x", pageUrl: "http://app.example/" }, null],
  ["a refused local address", local, "local_network_access likely"],
  ["a refused private address", { ...local, url: "https://192.168.0.7/x" }, "local_network_access likely"],
  ["an unanswered question", { ...local, localNetwork: "prompt" }, "local_network_access possible"],
  ["a granted local address", { ...local, localNetwork: "granted" }, null],
  ["a local address from a local page", { ...local, pageUrl: "http://localhost:1/" }, null],
  ["a public address and a refused permission", { localNetwork: "denied" }, null],
  ["a program", { pageOrigin: null, pageUrl: null }, "server_unreachable likely"],
  ["nothing known", {}, null],
])("concludes from signals: %s", (_, signals, expected) => {
  const finding = classifyBySignals({ ...PAGE, ...signals });
  expect(finding && `${finding.cause} ${finding.confidence}`).toBe(expected);
});

test.each<[string, string]>([
  ["waybill waybill opaque readable", "cors_missing_or_masked likely"],
  ["readable failed opaque readable", "cors_missing_or_masked likely"],
  ["failed waybill opaque readable", "origin_not_allowed certain"],
  ["timeout waybill opaque readable", "cors_missing_or_masked likely"],
  ["failed readable opaque readable", "cors_missing_or_masked likely"],
  ["failed failed opaque readable", "cors_missing_or_masked likely"],
  ["failed failed failed readable", "server_unreachable possible"],
  ["timeout timeout timeout readable", "server_unreachable possible"],
  ["failed failed failed skipped", "server_unreachable possible"],
  ["failed failed failed failed", "network_down likely"],
  ["timeout timeout timeout timeout", "network_down likely"],
])("concludes from probes %s: %s", (results, expected) => {
  const finding = classifyByProbes(PAGE, probes(results));
  expect(`${finding.cause} ${finding.confidence}`).toBe(expected);
  expect(finding.alternatives.length > 0).toBe(finding.confidence !== "certain");
});

test("counts a refused preflight among the reasons only where there was one", () => {
  for (const list of ["waybill waybill opaque readable", "failed failed opaque readable"]) {
    const [asked, unasked] = [true, false].map((preflight) =>
      classifyByProbes({ ...PAGE, preflight }, probes(list)),
    );
    expect(asked?.alternatives).toContain("a refused preflight");
    expect(unasked?.alternatives).not.toContain("a refused preflight");
  }
});

test("says that the own connection works only where it was seen", () => {
  const said = (list: string) => connectionVerdict(classifyByProbes(PAGE, probes(list)), TURN).userMessage;
  expect(said("failed failed failed readable")).toContain("Your own connection works.");
  expect(said("failed failed failed skipped")).not.toContain("Your own connection works.");
});

test("never blames CORS for a request to the page's own origin", () => {
  const own = { ...PAGE, url: "https://app.example/chatkit" };
  const finding = classifyByProbes(own, probes("waybill waybill readable readable"));
  expect(finding).toMatchObject({ cause: "server_unreachable", confidence: "likely" });
});

const TURN: FailedRequest = {
  method: "POST",
  url: PAGE.url,
  pageOrigin: PAGE.pageOrigin,
  message: "unknown",
  keyed: true,
};

test("says exactly what to put on the server's list, and that nothing was sent", () => {
  const verdict = connectionVerdict(classifyByProbes(PAGE, probes("failed waybill opaque readable")), TURN);
  expect(verdict).toMatchObject({
    title: "This page is not on the chat server's list",
    userMessage:
      "The server is running, but takes nothing from pages at https://app.example. Your message was not sent.",
    retry: "safe",
  });
  expect(verdict.developerDetail).toContain("WAYBILL_ALLOWED_ORIGINS (comma-separated): https://app.example");
  expect(verdict.developerDetail).not.toContain("127.0.0.1");
});

test("tells localhost from 127.0.0.1", () => {
  const signals = { ...PAGE, pageOrigin: "http://localhost:3000" };
  const finding = classifyByProbes(signals, probes("failed failed opaque readable"));
  expect(finding.facts.join(" ")).toContain(
    "(comma-separated): http://localhost:3000. localhost and 127.0.0.1 are two different origins",
  );
});

test("tells a page without an origin that no list can name it", () => {
  const signals = { ...PAGE, pageOrigin: "null" };
  const verdict = connectionVerdict(classifyByProbes(signals, probes("failed waybill opaque skipped")), {
    ...TURN,
    pageOrigin: "null",
  });
  expect(verdict.userMessage).toContain("a file, or a sandboxed frame");
  expect(verdict.developerDetail).toContain("allow-same-origin");
});

const findings = [
  "waybill waybill opaque readable",
  "failed waybill opaque readable",
  "failed failed opaque readable",
  "failed failed failed readable",
  "failed failed failed failed",
].map((list) => classifyByProbes(PAGE, probes(list)));
const relayFindings = [200, 502].map((status) =>
  classifyByProbes(PAGE, {
    ...probes("failed failed failed readable"),
    relay: "waybill",
    status,
  }),
);
const toldFinding = classifyByProbes(PAGE, {
  ...probes("failed failed opaque readable"),
  code: "internal_error",
});
const signalFindings = [
  { online: false },
  { blockedBy: "connect-src" },
  { url: "http://api.example/x" },
  { localNetwork: "denied" as const, url: "https://10.0.0.1/" },
  { pageOrigin: null, pageUrl: null },
].flatMap((signals) => classifyBySignals({ ...PAGE, ...signals }) ?? []);

test.each([...findings, ...relayFindings, toldFinding, ...signalFindings])(
  "words $cause $confidence plainly",
  (finding) => {
    for (const message of ["none", "unsent", "refused", "unknown", "arrived"] as const) {
      for (const keyed of [true, false]) {
        const verdict = connectionVerdict(finding, { ...TURN, message, keyed });
        const text = `${verdict.title}. ${verdict.userMessage} ${verdict.advice}`;
        expect(text).not.toMatch(
          /Failed to fetch|CORS policy|!|sorry|oops|undefined|went wrong|\b[45]\d\d\b/i,
        );
        expect(verdict.title).not.toMatch(/[.]$/);
        for (const sentence of [verdict.userMessage, verdict.advice]) expect(sentence).toMatch(/^[A-Z].*\.$/);
        if (message !== "none") expect(verdict.userMessage).toMatch(/Your message/);
        if (verdict.retry === "keyed") expect(keyed).toBe(true);
      }
    }
  },
);
