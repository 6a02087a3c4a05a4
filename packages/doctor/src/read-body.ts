import type { Readable } from "node:stream";
import type { Received } from "./exchange.ts";
import type { AskOptions } from "./question.ts";
import { within } from "./within.ts";

/** The beginning of a body, and how it ended. Never rejects but with the signal's reason. */
export async function readBody(
  stream: Readable,
  limit: {
    readonly bytes: number;
    readonly ms: number;
    readonly signal: AbortSignal | undefined;
    readonly onBody?: AskOptions["onBody"];
  },
): Promise<Pick<Received, "body" | "bodyEnd">> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stalled = new Error("stalled");
  const read = async (): Promise<Received["bodyEnd"]> => {
    try {
      for await (const chunk of stream) {
        chunks.push(chunk as Uint8Array);
        limit.onBody?.(chunk as Uint8Array);
        length += (chunk as Uint8Array).length;
        if (length > limit.bytes) return "cut";
      }
      return "complete";
    } catch {
      return "broken";
    }
  };
  let bodyEnd: Received["bodyEnd"];
  try {
    bodyEnd = await within({ ms: limit.ms, signal: limit.signal, late: () => stalled }, read);
  } catch (error) {
    if (error !== stalled) throw error;
    bodyEnd = "stalled";
  }
  const bytes = Buffer.concat(chunks).subarray(0, limit.bytes);
  // A character of which only the first bytes were read is left out.
  const body = new TextDecoder().decode(bytes, { stream: bodyEnd !== "complete" });
  return { body, bodyEnd };
}
