import type { ParseResult } from "@waybill/protocol/schema";
import { brokenVerdict, parseJson, protocolVerdict, timeoutVerdict } from "./answer-verdict.ts";
import type { FailedRequest } from "./compose-verdict.ts";
import type { Deadline } from "./deadline.ts";
import { ChatFailure, type Verdict } from "./verdict.ts";

/** An answer whose head has arrived. It must be read to its end, or closed. */
export interface Answer {
  readonly response: Response;
  /** The pieces of the body. Leaving the iteration early closes the connection. */
  pieces(): AsyncGenerator<Uint8Array, void, undefined>;
  /** The body, or as many whole pieces as make up `maxChars` characters. */
  text(maxChars?: number): Promise<string>;
  /** A failure of this request, with what is known of the message by now. */
  failure(verdict: (request: FailedRequest) => Verdict, cause?: unknown): ChatFailure;
  /** From now on, failures say that the message has arrived. */
  arrived(): void;
  /** Ends the connection, if it is still open. */
  close(): void;
}

/** Bounds and explains the reading of a response. Each wait for a piece is the deadline's. */
export function createAnswer(
  response: Response,
  deadline: Deadline,
  timeoutMs: number,
  sent: FailedRequest,
): Answer {
  let request = sent;
  const failure: Answer["failure"] = (verdict, cause) => new ChatFailure(verdict(request), { cause });

  async function* pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    const reader = response.body?.getReader();
    if (reader === undefined) return;
    try {
      while (true) {
        const piece = await deadline.wait(reader.read());
        if (piece.done) return;
        yield piece.value;
      }
    } catch (error) {
      deadline.throwIfStopped();
      throw failure(
        (told) =>
          deadline.expired
            ? timeoutVerdict(timeoutMs, told)
            : brokenVerdict(`The body ended with an error: ${reasonOf(error)}.`, response, told),
        error,
      );
    } finally {
      deadline.close();
    }
  }

  return {
    response,
    pieces,
    async text(maxChars = Number.POSITIVE_INFINITY) {
      const decoder = new TextDecoder();
      let text = "";
      for await (const piece of pieces()) {
        text += decoder.decode(piece, { stream: true });
        if (text.length >= maxChars) break;
      }
      return text;
    },
    failure,
    arrived() {
      if (request.message === "unknown") request = { ...request, message: "arrived" };
    },
    close: () => deadline.close(),
  };
}

/**
 * The JSON value of an answer.
 *
 * @throws ChatFailure `protocol_error` naming the field, if it is not what `parse` takes.
 */
export async function readJson<T>(answer: Answer, parse: (value: unknown) => ParseResult<T>): Promise<T> {
  const text = await answer.text();
  const parsed = parse(parseJson(text));
  if (parsed.ok) return parsed.value;
  const type = answer.response.headers.get("content-type") ?? "no content type";
  const wrong = parsed.issues.map(({ path, message }) => `${path || "the value"}: ${message}`).join("; ");
  const fact = `The answer (${type}) is not what was asked for: ${wrong}. It begins with: ${text.slice(0, 200)}`;
  throw answer.failure((request) => protocolVerdict(fact, answer.response, request));
}

/** An error's own words and, in Node, those of the system beneath it. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? ` [${error.code}]` : "";
  const beneath = error.cause instanceof Error ? `, by ${reasonOf(error.cause)}` : "";
  return `${error.message || error.name}${code}${beneath}`;
}
