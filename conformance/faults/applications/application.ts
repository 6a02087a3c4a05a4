import type { RequestListener, Server } from "node:http";

/** Makes a server that does not listen yet, of HTTP/1.1 or HTTP/2: to frameworks they are alike. */
export type CreateServer = (listener?: RequestListener) => Server;

/** An application that commits every fault it can, in one framework. */
export interface Application {
  /** Faults that cannot happen in it: `raw-response` where handlers do not answer with a `Response`. */
  readonly leftOut: readonly string[];
  /** Whether it runs on `node:http2`. @default true */
  readonly http2?: boolean;
  /** The server, not listening yet, with the framework's usual CORS. */
  make(create: CreateServer, upstream: string): Server | Promise<Server>;
}

export const ALLOWED_ORIGIN = "https://app.example";
/** What pages of the allowed origin must be able to read. */
export const EXPOSED = ["X-Request-Id"];
export const BODY_LIMIT_BYTES = 1024;

/** The headers of CORS as an application sets them by hand, where its framework has no usual way. */
export function handMadeCors(origin: string | undefined): Readonly<Record<string, string>> {
  return {
    Vary: "Origin",
    ...(origin === ALLOWED_ORIGIN && {
      "Access-Control-Allow-Origin": origin,
      "Access-Control-Allow-Credentials": "true",
      "Access-Control-Expose-Headers": EXPOSED.join(", "),
    }),
  };
}
