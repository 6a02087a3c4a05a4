import type { ServerHttp2Stream } from "node:http2";
import { arrivalOf } from "./arrival.ts";
import type { NodeRequest } from "./exchange.ts";

/**
 * Calls `giveUp` once `deadlineMs` have passed in which nothing of the request has arrived: an upload that still
 * comes is no delay of the handler. What it returns ends the waiting.
 */
export function startDeadline(
  request: NodeRequest | ServerHttp2Stream,
  deadlineMs: number,
  giveUp: () => void,
): () => void {
  let received = 0;
  const timer = setTimeout(() => {
    const { isComplete, bytes } = arrivalOf(request);
    if (isComplete || bytes <= received) {
      giveUp();
      return;
    }
    received = bytes;
    timer.refresh();
  }, deadlineMs);
  return () => clearTimeout(timer);
}
