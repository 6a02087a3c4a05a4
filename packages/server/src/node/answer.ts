import { ChatError } from "@waybill/protocol";
import { type DirectExchange, isDirect } from "../direct-exchange.ts";
import { arrivalOf } from "./arrival.ts";
import { startDeadline } from "./deadline.ts";
import {
  breakOff,
  isAnswered,
  isBegun,
  type NodeRequest,
  type NodeResponse,
  onceOver,
  onceWritten,
} from "./exchange.ts";
import { IncomingBody } from "./incoming-body.ts";
import { refuse, takeOver } from "./refuse.ts";
import type { NodeApp, ServeOptions } from "./serve.ts";
import { toWebRequest } from "./web-request.ts";
import { writeDirect } from "./write-direct.ts";
import { writeWebResponse } from "./write-response.ts";

/** What one answer is made with. */
export interface AnswerParts {
  readonly app: NodeApp;
  readonly requestId: string;
  /** Longest wait for the head of the answer, from the last byte of the request. */
  readonly deadlineMs: number;
  readonly onError: ServeOptions["onError"];
}

/** Asks the application, and answers for it where it does not: 500 if it throws, 504 if it hangs. Never rejects. */
export async function answer(
  incoming: NodeRequest,
  outgoing: NodeResponse,
  parts: AnswerParts,
): Promise<void> {
  const { app, requestId, deadlineMs, onError } = parts;
  const abort = new AbortController();
  let isOwn = false;
  onceWritten(outgoing, () => {
    if (!arrivalOf(incoming).isComplete)
      abort.abort(new DOMException("The request was answered before its end.", "AbortError"));
  });
  onceOver(outgoing, () => {
    if (!isOwn || !isAnswered(outgoing)) abort.abort(new DOMException("The client left.", "AbortError"));
  });
  const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
  const pieces = hasBody ? new IncomingBody(incoming, abort.signal) : undefined;
  const request = webRequestOf(incoming, abort.signal, pieces);
  if (request === undefined) {
    const message = "The request's address is not a URL.";
    refuse(outgoing, requestId, new ChatError("invalid_request", { message }));
    return;
  }
  const stopWaiting = startDeadline(incoming, deadlineMs, () => {
    // Its application answers by itself.
    if (outgoing.headersSent) return;
    const late = new ChatError("deadline_exceeded");
    takeOver(outgoing, requestId, late);
    abort.abort(new DOMException("The answer took too long.", "TimeoutError"));
    onError?.(late, requestId);
  });
  try {
    const environment = { incoming, outgoing, requestId };
    const direct: DirectExchange | undefined = isDirect(app.fetch)
      ? { request, ...(pieces === undefined ? {} : { pieces }) }
      : undefined;
    const response = await app.fetch(
      request,
      direct === undefined ? environment : { ...environment, direct },
    );
    stopWaiting();
    isOwn = !outgoing.headersSent;
    const body = direct?.body;
    if (body !== undefined && response.body === null && response.ok) {
      await writeDirect(body, response, outgoing);
    } else {
      // Another answer has come in its place.
      if (typeof body === "object") body.close();
      await writeWebResponse(response, outgoing);
    }
  } catch (error) {
    stopWaiting();
    // Nobody is left to be told, and what fails because of that is no fault.
    if (abort.signal.aborted) return;
    if (isBegun(outgoing)) breakOff(outgoing);
    else refuse(outgoing, requestId, new ChatError("internal_error"));
    onError?.(error, requestId);
  }
}

function webRequestOf(
  incoming: NodeRequest,
  signal: AbortSignal,
  body: IncomingBody | undefined,
): Request | undefined {
  try {
    return toWebRequest(incoming, signal, body);
  } catch {
    return undefined;
  }
}
