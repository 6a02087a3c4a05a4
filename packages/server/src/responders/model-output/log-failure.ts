import { ChatError } from "@waybill/protocol";
import type { Log } from "../../log.ts";
import type { TurnContext } from "../respond.ts";

/** Passes on, and tells the log of a failure: the person is told less. */
export async function* logged<T, R>(
  events: AsyncGenerator<T, R>,
  { requestId }: Pick<TurnContext, "requestId">,
  log: Log,
): AsyncGenerator<T, R> {
  try {
    return yield* events;
  } catch (error) {
    if (error instanceof ChatError) logFailure(log, "The model's server failed", error, requestId);
    throw error;
  }
}

/** Tells the log what a person is not told. */
export function logFailure(
  log: Log,
  what: string,
  { message, details, cause }: ChatError,
  requestId: string,
): void {
  // Words about a key may hold the key.
  const secret = details?.["reason"] === "auth_failed";
  log({
    level: "warning",
    message: `${what}: ${message} ${JSON.stringify(details ?? {})}`,
    request_id: requestId,
    ...(secret || cause === undefined ? {} : { error: cause }),
  });
}
