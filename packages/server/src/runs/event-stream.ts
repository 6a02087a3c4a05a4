import { encodeSse, SSE_PING } from "@waybill/protocol";

/** How long a stream may be silent. */
export const PING_MS = 15_000;

/** Somebody who reads the events of a run. */
export interface EventReader {
  /** Events that have come since the last call, as JSON, waiting for one if there is none; null at the end. */
  read(): Promise<readonly string[] | null>;
  /** This reader has left. Closing twice is no error. */
  close(): void;
}

/** The headers of every event stream. */
export const EVENT_STREAM_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
});

/** A reader of events that are there already. */
export function eventsOf(...events: readonly string[]): EventReader {
  let rest: readonly string[] | null = events;
  return {
    async read() {
      const batch = rest;
      rest = null;
      return batch;
    },
    close() {
      rest = null;
    },
  };
}

/**
 * A response body of what `reader` reads, with a comment after 15 s of silence so that no
 * proxy takes the stream for dead. Events that are ready together share a chunk. Reads only
 * as fast as it is read; cancelling it closes the reader at once.
 */
export function eventStream(reader: EventReader): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next: Promise<readonly string[] | null> | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        next ??= reader.read();
        const silence = Promise.withResolvers<"silence">();
        const timer = setTimeout(() => silence.resolve("silence"), PING_MS);
        try {
          const events = await Promise.race([next, silence.promise]);
          if (events === "silence") {
            controller.enqueue(encoder.encode(SSE_PING));
            return;
          }
          next = undefined;
          if (events === null) {
            reader.close();
            controller.close();
          } else {
            controller.enqueue(encoder.encode(events.map((data) => encodeSse(data)).join("")));
          }
        } finally {
          clearTimeout(timer);
        }
      },
      cancel() {
        reader.close();
      },
    },
    { highWaterMark: 0 },
  );
}
