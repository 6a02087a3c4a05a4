import { get, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";

/** Handlers without an answer of their own, by fault. Not async where the fault is not. */
export function failingHandlers(upstream: string): Readonly<Record<string, () => Promise<string>>> {
  return {
    ok: async () => "fine",
    "sync-throw": () => {
      throw new Error("inside");
    },
    "async-throw": async () => {
      await Promise.resolve();
      throw new Error("inside");
    },
    rejected: () => Promise.reject(new Error("inside")),
    hang: () => new Promise(() => {}),
    "dead-upstream": async () => (await fetch(`${upstream}/dead`)).text(),
    "slow-upstream": async () =>
      (await fetch(`${upstream}/slow`, { signal: AbortSignal.timeout(50) })).text(),
  };
}

/** Statuses with which handlers refuse, by fault. */
export const REFUSALS: Readonly<Record<string, number>> = {
  unauthenticated: 401,
  forbidden: 403,
  quota: 429,
  "shutting-down": 503,
};

/** Handlers that take Node's response into their own hands, by fault. */
export function nodeHandlers(
  upstream: string,
): Readonly<Record<string, (response: ServerResponse) => Promise<void> | void>> {
  return {
    "write-head-object": (response) =>
      void response.writeHead(200, { "Content-Type": "text/plain", "X-A": "1" }).end("fine"),
    "write-head-array": (response) =>
      void response.writeHead(200, ["Content-Type", "text/plain", "X-A", "1"]).end("fine"),
    "write-head-raw": async (response) => {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        get(`${upstream}/cors`, resolve).on("error", reject);
      });
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    },
    "headers-cleared": (response) => {
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      response.statusCode = 200;
      response.end("fine");
    },
  };
}

/** An answer with CORS of its own. */
export const fetchedResponse = (upstream: string): Promise<Response> => fetch(`${upstream}/cors`);

/** The headers of a fetched answer that are passed on: not those of its connection. */
export const passedOn = ({ headers }: Response): readonly (readonly [name: string, value: string])[] =>
  [...headers].filter(([name]) => !["connection", "keep-alive", "transfer-encoding"].includes(name));

/** A body that breaks in its middle. */
export const brokenBody = async (upstream: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null> =>
  (await fetch(`${upstream}/breaks`)).body;

/** The same as one of Node's streams. */
export const brokenStream = async (upstream: string): Promise<Readable> =>
  Readable.from((await brokenBody(upstream)) ?? [], { objectMode: false });

/** A number from an address; undefined if it is none. */
export const numberOf = (text: string | undefined): number | undefined =>
  /^\d+$/.test(text ?? "") ? Number(text) : undefined;
