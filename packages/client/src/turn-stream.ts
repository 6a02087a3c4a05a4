import type { SseEvent, ThreadStreamEvent } from "@waybill/protocol";
import { SseDecoder } from "@waybill/protocol";
import { parseStreamEvent } from "@waybill/protocol/schema";
import type { Answer } from "./answer.ts";
import { reasonOf } from "./answer.ts";
import {
  answerFailedVerdict,
  brokenVerdict,
  parseJson,
  protocolVerdict,
  serverErrorVerdict,
} from "./answer-verdict.ts";
import type { ChatClientOptions } from "./client-types.ts";
import type { ChatFailure } from "./verdict.ts";

const KNOWN: Readonly<Record<ThreadStreamEvent["type"], true>> = {
  "thread.created": true,
  "thread.updated": true,
  "thread.item.added": true,
  "thread.item.updated": true,
  "thread.item.done": true,
  "thread.item.removed": true,
  "thread.item.replaced": true,
  stream_options: true,
  progress_update: true,
  client_effect: true,
  error: true,
  notice: true,
};

/**
 * The events of a turn, as they arrive. Events of unknown types are logged and passed on.
 *
 * The protocol does not mark the end of a turn: an answer is complete when its body ends
 * as HTTP says it must, behind a whole event, and no message is left unfinished (WebKitGTK takes
 * a lost connection for the end of a body); every turn has an event. After an `error` event the rest is still
 * passed on (a change of the thread may follow it), then the failure is thrown.
 *
 * @throws ChatFailure `protocol_error`, `stream_broken`, `timeout`, `answer_failed`, or
 * `server_error` for a request that was refused before its stream began.
 */
export async function* streamTurn(
  answer: Answer,
  onLog: ChatClientOptions["onLog"],
): AsyncGenerator<ThreadStreamEvent, void, undefined> {
  const { response } = answer;
  const type = response.headers.get("content-type") ?? "no content type";
  if (!/^\s*text\/event-stream\s*(?:;|$)/i.test(type)) {
    const body = await answer.text(200);
    const fact = `A stream of events was asked for, ${type} was answered. It begins with: ${body.slice(0, 200)}`;
    throw answer.failure((request) => protocolVerdict(fact, response, request));
  }
  let failed: ChatFailure | null = null;
  let empty = true;
  const unfinished = new Set<string>();
  try {
    for await (const frame of readFrames(answer)) {
      empty = false;
      const event = parseFrame(frame, answer);
      if (!Object.hasOwn(KNOWN, event.type)) onLog?.({ name: "event.unknown", data: { type: event.type } });
      if (event.type === "error") failed = failureOf(event, answer);
      else answer.arrived();
      follow(unfinished, event);
      yield event;
    }
  } catch (error) {
    // The server said why before the connection was lost.
    throw failed ?? error;
  }
  if (failed !== null) throw failed;
  if (empty) {
    throw answer.failure((request) =>
      protocolVerdict("The stream ended without an event.", response, request),
    );
  }
  if (unfinished.size > 0) {
    throw answer.failure((request) =>
      brokenVerdict("The body ended before the answer was said to be done.", response, request),
    );
  }
}

/** Keeps the ids of answers that have begun and are not done. */
function follow(unfinished: Set<string>, event: ThreadStreamEvent): void {
  if (event.type === "thread.item.added" && event.item.type === "assistant_message")
    unfinished.add(event.item.id);
  else if (event.type === "thread.item.done" || event.type === "thread.item.replaced")
    unfinished.delete(event.item.id);
  else if (event.type === "thread.item.removed") unfinished.delete(event.item_id);
}

async function* readFrames(answer: Answer): AsyncGenerator<SseEvent, void, undefined> {
  const { response } = answer;
  const decoder = new SseDecoder();
  let lastByte: number | undefined;
  for await (const bytes of answer.pieces()) {
    let frames: SseEvent[];
    try {
      frames = decoder.push(bytes);
    } catch (error) {
      throw answer.failure((request) => protocolVerdict(reasonOf(error), response, request), error);
    }
    lastByte = bytes.at(-1) ?? lastByte;
    yield* frames;
  }
  const endsLine = lastByte === undefined || lastByte === 0x0a || lastByte === 0x0d;
  if (!endsLine) {
    throw answer.failure((request) =>
      brokenVerdict("The body ended in the middle of an event.", response, request),
    );
  }
}

function parseFrame(frame: SseEvent, answer: Answer): ThreadStreamEvent {
  const value = parseJson(frame.data);
  const parsed = parseStreamEvent(value);
  if (parsed.ok) return parsed.value;
  const wrong = parsed.issues.map(({ path, message }) => `${path || "the event"}: ${message}`).join("; ");
  const fact =
    value === undefined
      ? `A frame of the stream is not JSON. It begins with: ${frame.data.slice(0, 200)}`
      : `The event ${typeOf(value)} is not the protocol's: ${wrong}.`;
  throw answer.failure((request) => protocolVerdict(fact, answer.response, request));
}

function typeOf(value: unknown): string {
  return typeof value === "object" && value !== null && "type" in value ? String(value.type) : "(no type)";
}

function failureOf(event: ThreadStreamEvent & { readonly type: "error" }, answer: Answer): ChatFailure {
  const { headers, status } = answer.response;
  const requestId = headers.get("x-request-id") ?? undefined;
  const code = headers.get("waybill-error");
  // Parsed leniently: other servers send null for "none".
  const message = event.message ?? undefined;
  return answer.failure((request) =>
    code === null
      ? answerFailedVerdict(message, event.allow_retry, requestId, request)
      : serverErrorVerdict(
          {
            status,
            code,
            message,
            requestId,
            seen: `Refused by an error event, with Waybill-Error: ${code}.`,
          },
          request,
        ),
  );
}
