import { ChatError } from "@waybill/protocol";

/** The body of a request, piece by piece. */
export interface RequestBody {
  /** The next piece; null at the end. @throws ChatError `invalid_request` if the body breaks off */
  next(): Promise<Uint8Array | null>;
  /** Ends the reading, also while a piece is waited for. Twice is no error. */
  cancel(): void;
}

/** Opens a body; null is an empty one. */
export function openBody(body: ReadableStream<Uint8Array> | null): RequestBody {
  const reader = body?.getReader();
  return {
    async next() {
      try {
        const result = await reader?.read();
        return result?.value ?? null;
      } catch {
        throw new ChatError("invalid_request", { message: "The upload broke off before its end." });
      }
    },
    cancel() {
      reader?.cancel().catch(() => undefined);
    },
  };
}

/** All pieces of a body; leaving them early ends the reading. */
export async function* bytesOf(body: RequestBody): AsyncGenerator<Uint8Array> {
  try {
    for (let piece = await body.next(); piece !== null; piece = await body.next()) yield piece;
  } finally {
    body.cancel();
  }
}
