import { ChatError } from "@waybill/protocol";
import { answer } from "./answer.ts";
import type { NodeRequest, NodeResponse } from "./exchange.ts";
import { guardResponse } from "./guard-cors.ts";
import { refusalOf } from "./refusal-of.ts";
import { refuse } from "./refuse.ts";
import { pathOf, requestIdOf, targetOf } from "./request-id.ts";
import type { NodeApp, ServeOptions } from "./serve.ts";

/** An application that may live in a folder of another one. */
export interface MountedApp extends NodeApp {
  /** The folder, for example `/chat`. @default the root */
  readonly path?: string;
}

/** Answers requests of `node:http` and `node:http2`; what is not below the application's path goes to `next`, if there is one. */
export type NodeHandler = (incoming: NodeRequest, outgoing: NodeResponse, next?: () => void) => void;

/** Options of {@link toNodeHandler}: as with `serve`. */
export type NodeHandlerOptions = Pick<ServeOptions, "allowedHosts" | "deadlineMs" | "onError">;

/**
 * An application as a handler for the server of somebody else: `node:http`, `node:http2`, Express, Fastify (its raw
 * request and response), or whatever else passes on Node's own objects. Its answers carry the policy's headers;
 * those that the server gives by itself do where it was made with `guardCors`. The body must not have been
 * read: a request whose body is gone is answered with 500, and told to `onError`.
 *
 * The server's owner ends it; the application is closed by its own `close`.
 */
export function toNodeHandler(app: MountedApp, options: NodeHandlerOptions = {}): NodeHandler {
  const { path = "" } = app;
  const { allowedHosts, deadlineMs = 55_000, onError } = options;
  return (incoming, outgoing, next) => {
    if (next !== undefined && !`${pathOf(targetOf(incoming))}/`.startsWith(`${path}/`)) {
      next();
      return;
    }
    const requestId = requestIdOf(incoming);
    guardResponse(incoming, outgoing, (path) => app.corsFor(path));
    const refusal = refusalOf(incoming, allowedHosts?.());
    if (refusal !== undefined) refuse(outgoing, requestId, refusal.error, refusal.status, refusal.headers);
    else if (isReadAlready(incoming)) {
      refuse(outgoing, requestId, new ChatError("internal_error"));
      const message =
        "The body of this request was read before it got here. Mount the chat in front of body parsers.";
      onError?.(new Error(message), requestId);
    } else void answer(incoming, outgoing, { app, requestId, deadlineMs, onError });
  };
}

function isReadAlready({ method, readableDidRead, headers, stream }: NodeRequest): boolean {
  const hasBody =
    stream?.endAfterHeaders === false ||
    headers["transfer-encoding"] !== undefined ||
    Number(headers["content-length"] ?? 0) > 0;
  return method !== "GET" && method !== "HEAD" && hasBody && readableDidRead;
}
