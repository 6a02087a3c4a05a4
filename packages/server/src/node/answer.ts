import type { IncomingMessage, ServerResponse } from "node:http";
import { ChatError } from "@waybill/protocol";
import { type DirectExchange, isDirect } from "../direct-exchange.ts";
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
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  parts: AnswerParts,
): Promise<void> {
  const { app, requestId, deadlineMs, onError } = parts;
  const abort = new AbortController();
  let isOwn = false;
  outgoing.once("finish", () => {
    if (!incoming.complete)
      abort.abort(new DOMException("The request was answered before its end.", "AbortError"));
  });
  outgoing.once("close", () => {
    if (!isOwn || !outgoing.writableFinished) abort.abort(new DOMException("The client left.", "AbortError"));
  });
  const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
  const pieces = hasBody ? new IncomingBody(incoming, abort.signal) : undefined;
  const request = webRequestOf(incoming, abort.signal, pieces);
  if (request === undefined) {
    const message = "The request's address is not a URL.";
    refuse(outgoing, requestId, new ChatError("invalid_request", { message }));
    return;
  }
  let received = 0;
  const giveUp = () => {
    // An upload that still arrives is not the application's delay.
    if (!incoming.complete && incoming.socket.bytesRead > received) {
      received = incoming.socket.bytesRead;
      deadline = setTimeout(giveUp, deadlineMs);
      return;
    }
    const late = new ChatError("deadline_exceeded");
    takeOver(outgoing, requestId, late);
    abort.abort(new DOMException("The answer took too long.", "TimeoutError"));
    onError?.(late, requestId);
  };
  let deadline = setTimeout(giveUp, deadlineMs);
  try {
    const environment = { incoming, outgoing, requestId };
    const direct: DirectExchange | undefined = isDirect(app.fetch)
      ? { request, ...(pieces === undefined ? {} : { pieces }) }
      : undefined;
    const response = await app.fetch(
      request,
      direct === undefined ? environment : { ...environment, direct },
    );
    clearTimeout(deadline);
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
    clearTimeout(deadline);
    // Nobody is left to be told, and what fails because of that is no fault.
    if (abort.signal.aborted) return;
    if (outgoing.headersSent) outgoing.destroy();
    else refuse(outgoing, requestId, new ChatError("internal_error"));
    onError?.(error, requestId);
  }
}

function webRequestOf(
  incoming: IncomingMessage,
  signal: AbortSignal,
  body: IncomingBody | undefined,
): Request | undefined {
  try {
    return toWebRequest(incoming, incoming.headers.host ?? "localhost", signal, body);
  } catch {
    return undefined;
  }
}
