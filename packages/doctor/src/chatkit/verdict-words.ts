import type { PageAnswer } from "./chatkit-page.ts";
import type { ChatKitCheck, ChatKitStep } from "./chatkit-report.ts";

/** A step, and the answer that it was learned from; null: none that could be asked for again. */
export interface Looked {
  readonly check: ChatKitCheck;
  readonly answer: PageAnswer | null;
}

/** What came of a step that has sent something. */
export function came(
  step: ChatKitStep,
  answer: Pick<PageAnswer, "seen"> | null,
  outcome: ChatKitCheck["outcome"],
  sentence: string,
  help = "",
): ChatKitCheck {
  return { step, outcome, sentence, help, seen: answer?.seen ?? null };
}

/** A step that nothing was sent for. */
export function leftOut(step: ChatKitStep, sentence: string): ChatKitCheck {
  return came(step, null, "left-out", sentence);
}

/** A step that failed because the page does not get the answer. `what` is the request, as the subject of a sentence. */
export function unreadable(step: ChatKitStep, answer: PageAnswer, what: string): ChatKitCheck {
  const { received, verdict, prediction, failure } = answer;
  if (received === null) {
    return came(
      step,
      answer,
      "broken",
      `${what} gets no answer. ${failure}`.trim(),
      "Is the address right, and the server running?",
    );
  }
  if (prediction.requests.length === 0) {
    const help = `Answer OPTIONS with 204 and headers that allow the origin ${answer.question.origin}, the method and the request's headers, before authentication.`;
    return came(step, answer, "broken", `${what} is never sent: its preflight fails (${verdict}).`, help);
  }
  const hidden = received.status >= 400 ? `, so the page never learns of the ${received.status}` : "";
  const help = `Send the CORS headers for ${answer.question.origin} with every answer, failures first of all.`;
  return came(
    step,
    answer,
    "broken",
    `${what} is answered, and the browser keeps the answer back (${verdict})${hidden}.`,
    help,
  );
}

/** The value of an answer's header, lines joined; "" if it has none. */
export function headerOf({ received }: PageAnswer, wanted: string): string {
  const lines = (received?.headers ?? []).filter(([name]) => name.toLowerCase() === wanted);
  return lines.map(([, value]) => value).join(", ");
}

/** What an answer says of its failure, on one line and cut; "" if it says nothing. */
export function reasonOf({ json, received }: PageAnswer): string {
  const object = asObject(json);
  const said = [object["message"], asObject(object["error"])["message"], object["detail"], received?.body];
  const text = said.find((words): words is string => typeof words === "string" && words.trim() !== "") ?? "";
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

/** The value if it is an object, else an empty one. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
