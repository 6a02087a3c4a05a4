import type { RequestBody } from "./attachments/request-body.ts";
import { type EventReader, eventStream } from "./runs/event-stream.ts";

/** The body of an answer before it becomes a web stream: JSON, or the events of a run. */
export type DirectBody = string | EventReader;

/**
 * Bodies on their way past web streams, which cost more than the rest of a request: between an adapter and an
 * application of ours that it asks by itself, with nobody in between who could look at them.
 */
export interface DirectExchange {
  readonly request: Request;
  /** The body of `request`; absent without one. */
  readonly pieces?: RequestBody;
  /** The body of the answer, whose response then has none. */
  body?: DirectBody;
}

const direct = new WeakSet<object>();

/** Says of a `fetch` that what it answers may be in the {@link DirectExchange} that it is given. */
export function markDirect<Fetch extends object>(fetch: Fetch): Fetch {
  direct.add(fetch);
  return fetch;
}

/** Whether a `fetch` is one of ours, and not somebody's around it. */
export function isDirect(fetch: object): boolean {
  return direct.has(fetch);
}

/** The body of a request, past web streams if nobody has touched it. */
export function piecesOf(request: Request, exchange: DirectExchange | undefined): RequestBody {
  const { body } = request;
  if (exchange?.pieces !== undefined && exchange.request === request && !request.bodyUsed && !body?.locked)
    return exchange.pieces;
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  return {
    async next() {
      reader ??= body?.getReader();
      return (await reader?.read())?.value ?? null;
    },
    cancel: () => void reader?.cancel().catch(() => {}),
  };
}

const JSON_HEADERS = Object.freeze({ "content-type": "application/json" });

/** An answer of JSON. */
export function jsonResponse(value: unknown, exchange: DirectExchange | undefined): Response {
  const text = JSON.stringify(value);
  if (exchange === undefined) return new Response(text, { headers: JSON_HEADERS });
  exchange.body = text;
  return new Response(null, { headers: JSON_HEADERS });
}

/** An answer of events. */
export function eventResponse(
  reader: EventReader,
  headers: Readonly<Record<string, string>>,
  exchange: DirectExchange | undefined,
): Response {
  if (exchange === undefined) return new Response(eventStream(reader), { headers });
  exchange.body = reader;
  return new Response(null, { headers });
}
