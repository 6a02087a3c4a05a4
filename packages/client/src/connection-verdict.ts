import type { Finding } from "./classify.ts";
import {
  adviceOf,
  composeVerdict,
  FATE,
  type FailedRequest,
  retryRuleOf,
  type VerdictWords,
} from "./compose-verdict.ts";
import type { Verdict } from "./verdict.ts";

// The first three never leave the page. A page that is not on the list gets its preflight refused, and a request
// without one refused before any side effect.
const NOT_CARRIED_OUT = new Set([
  "csp_blocked",
  "mixed_content",
  "local_network_access",
  "origin_not_allowed",
]);

/** The verdict on a request that got no answer the page may read. */
export function connectionVerdict(finding: Finding, failed: FailedRequest): Verdict {
  const request: FailedRequest =
    failed.message === "unknown" && NOT_CARRIED_OUT.has(finding.cause)
      ? { ...failed, message: "unsent" }
      : failed;
  const { code, status } = finding;
  return composeVerdict(finding, request, { ...wordsOf(finding, request), code, status });
}

function wordsOf(finding: Finding, request: FailedRequest): VerdictWords {
  const fate = FATE[request.message];
  const retry = retryRuleOf(request);
  const again = adviceOf(retry, request);
  switch (finding.cause) {
    case "offline":
      return request.message === "unsent"
        ? {
            title: "You are offline",
            meaning: ["Your message is kept and was not sent."],
            advice: "Send it when you are back.",
          }
        : {
            title: "You are offline",
            meaning: ["This device has no connection.", fate],
            advice: `Wait until you are back. ${again}`,
          };
    case "csp_blocked":
      return {
        title: "This page forbids the connection",
        meaning: ["The page's own security rules (CSP) do not list the chat server.", fate],
        advice: "Tell the people who run this site; they must add the address in the details.",
      };
    case "mixed_content":
      return {
        title: "The browser blocked an unsafe connection",
        meaning: ["The page is secure, the chat server's address is not (http).", fate],
        advice: "Tell the people who run this site; the address must begin with https.",
      };
    case "local_network_access":
      return {
        title: "The browser may not reach your local network",
        meaning: ["The server is on your own network, and this page has no permission for it.", fate],
        advice: "Allow local network access for this site, then try again.",
      };
    case "origin_not_allowed":
      return {
        title: "This page is not on the chat server's list",
        meaning: [`The server is running, but takes nothing from ${nameOf(request.pageOrigin)}.`, fate],
        advice: "Tell the people who run the server; what they must add is in the details.",
      };
    case "cors_missing_or_masked":
      return {
        title: "The server answered, but this page may not read the answer",
        meaning: [
          "Its reply lacks the permission (CORS) a browser needs.",
          `${finding.code === undefined ? "Often that" : "It"} hides a failure of the server itself.`,
          fate,
        ],
        advice: `${again} If it comes back, give the details to whoever runs the server.`,
      };
    case "network_down":
      return {
        title: "The connection is not working",
        meaning: ["Not even this site answers.", fate],
        advice: "Check the network, then try again.",
      };
    default: {
      const isUp = finding.cause === "way_broken";
      return {
        title: isUp
          ? "The server is up, but could not be reached from here"
          : "The server could not be reached",
        meaning: [
          finding.note ?? "",
          isUp ? "" : "The server, its name, its certificate or a blocker may be the reason.",
          fate,
        ],
        advice: retry === "never" ? again : "Try again in a minute; allow this site in your blocker.",
      };
    }
  }
}

function nameOf(origin: string | null): string {
  return origin === null || origin === "null"
    ? "a page without an address of its own (a file, or a sandboxed frame)"
    : `pages at ${origin}`;
}
