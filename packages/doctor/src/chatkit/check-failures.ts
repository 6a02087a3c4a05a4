import type { HeaderLine } from "@waybill/policy";
import type { AskOptions } from "../question.ts";
import { ChatKitPage, type PageAnswer } from "./chatkit-page.ts";
import { came, type Looked, leftOut, reasonOf, unreadable } from "./verdict-words.ts";

const HUGE_BYTES = 50_000_000;
/** What of it is sent: a server that looks at the size does not wait for more. */
const SENT_BYTES = 65_536;
const HUGE_WAIT_MS = 3_000;
const WRONG: HeaderLine = ["authorization", "Bearer waybill-doctor.not-a-token"];

/** Whether the page reads that its body is no JSON. Nothing is stored by it. */
export async function checkMalformedBody(page: ChatKitPage): Promise<Looked> {
  const answer = await page.ask(page.protocol('{"type": "threads.list", "params": '));
  const step = "malformed-body";
  if (!answer.isReadable) return { answer, check: unreadable(step, answer, "A malformed body") };
  const status = answer.received?.status ?? 0;
  const said = `A malformed body is answered with ${status}, and the page reads it`;
  const help = status >= 500 ? "A 4xx would blame the request: clients send a 5xx again." : "";
  return { answer, check: came(step, answer, "fine", `${said}${quoted(answer)}.`, help) };
}

/** Whether the page reads that its token is not accepted. */
export async function checkWrongToken(page: ChatKitPage, options: AskOptions): Promise<Looked> {
  const step = "wrong-token";
  const own = page.target.headers ?? [];
  const others = own.filter(([name]) => name.toLowerCase() !== "authorization");
  const stranger = new ChatKitPage(
    { ...page.target, headers: [...others, WRONG], credentials: "omit" },
    options,
  );
  const answer = await stranger.tell("threads.list", { limit: 1, order: "desc" });
  if (!answer.isReadable) {
    // A server that knows its users otherwise need not allow the header.
    const isHeaderRefused = answer.prediction.requests.length === 0 && others.length === own.length;
    const check = isHeaderRefused
      ? leftOut(step, "The server allows no Authorization header, and the page sends none.")
      : unreadable(step, answer, "A wrong token");
    return { answer: isHeaderRefused ? null : answer, check };
  }
  const status = answer.received?.status ?? 0;
  if (status < 400)
    return {
      answer,
      check: came(step, answer, "unknown", "Tokens are not looked at: a wrong one is answered like none."),
    };
  return {
    answer,
    check: came(
      step,
      answer,
      "fine",
      `A wrong token is answered with ${status}, and the page reads it${quoted(answer)}.`,
    ),
  };
}

/** Whether the page reads that its body is too large. The size is declared; little of it is sent. */
export async function checkHugeBody(page: ChatKitPage, options: AskOptions): Promise<Looked> {
  const step = "huge-body";
  const asks = page.protocol(`{"type":"threads.list","params":{"filling":"${"x".repeat(SENT_BYTES)}`);
  const answer = await page.askWith(asks, [["Content-Length", String(HUGE_BYTES)]], {
    timeoutMs: Math.min(HUGE_WAIT_MS, options.timeoutMs ?? HUGE_WAIT_MS),
  });
  if (answer.received === null) {
    const sentence =
      "A body that says it has 50 MB is read to its end before it is refused, or its connection is closed: what a page would get was not seen.";
    return { answer: null, check: came(step, answer, "unknown", sentence) };
  }
  if (!answer.isReadable) return { answer: null, check: unreadable(step, answer, "A body of 50 MB") };
  const { status } = answer.received;
  return {
    answer: null,
    check: came(
      step,
      answer,
      "fine",
      `A body of 50 MB is answered with ${status}, and the page reads it${quoted(answer)}.`,
    ),
  };
}

function quoted(answer: PageAnswer): string {
  const reason = reasonOf(answer);
  return reason === "" ? "" : `: “${reason.replace(/\.$/, "")}”`;
}
