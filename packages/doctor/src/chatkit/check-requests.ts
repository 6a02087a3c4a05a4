import type { ChatKitPage, PageAnswer } from "./chatkit-page.ts";
import type { ChatKitCheck } from "./chatkit-report.ts";
import { asObject, came, leftOut, reasonOf, unreadable } from "./verdict-words.ts";

/** Asks for the newest thread, which changes nothing. */
export function askList(page: ChatKitPage): Promise<PageAnswer> {
  return page.tell("threads.list", { limit: 1, order: "desc" });
}

/** What the browser asked before it. */
export function checkPreflight(answer: PageAnswer): ChatKitCheck {
  const { prediction } = answer;
  const [preflight] = prediction.preflights;
  if (preflight === undefined && prediction.requests.length > 0) {
    return leftOut("preflight", "The page is of the server's own origin: its browser asks nothing first.");
  }
  if (prediction.requests.length === 0) return unreadable("preflight", answer, "The request");
  const { maxAgeSeconds } = preflight ?? { maxAgeSeconds: null };
  const kept = maxAgeSeconds === null ? "" : `; browsers keep that for ${maxAgeSeconds} s`;
  const names = preflight?.requestHeaders ?? "";
  return came("preflight", null, "fine", `POST with ${names.replaceAll(",", ", ")} is allowed${kept}.`);
}

/** Whether what answered speaks ChatKit. */
export function checkJson(answer: PageAnswer): ChatKitCheck {
  if (!answer.isReadable) {
    return answer.prediction.requests.length === 0
      ? leftOut("json", "The request is not sent, because of its preflight.")
      : unreadable("json", answer, "A request for JSON");
  }
  const status = answer.received?.status ?? 0;
  const reason = reasonOf(answer);
  if (status === 401 || status === 403) {
    const help =
      "Give what the page sends, for example `--header 'Authorization: Bearer …'`, to see the rest.";
    return came(
      "json",
      answer,
      "unknown",
      `The server wants to know who asks (${status}), and the page reads that.`,
      help,
    );
  }
  if (status < 200 || status > 299) {
    const help =
      status === 404 || status === 405 ? "Is this the address of the ChatKit protocol? It takes POST." : "";
    return came(
      "json",
      answer,
      "broken",
      `threads.list is answered with ${status}: ${reason || "without a word"}.`,
      help,
    );
  }
  if (!Array.isArray(asObject(answer.json)["data"])) {
    const help = "Is this the address of the ChatKit protocol?";
    return came("json", answer, "broken", "threads.list is answered, but not with a page of threads.", help);
  }
  return came("json", answer, "fine", "threads.list is answered with JSON, and the page reads it.");
}
