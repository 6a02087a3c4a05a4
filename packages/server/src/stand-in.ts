import type { CorsPolicy } from "@waybill/policy";
import { ChatError, createId, type ErrorCode, errorBody } from "@waybill/protocol";
import type { WebApp } from "./chatkit-server.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { compileCors, type ServerCors } from "./cors-policies.ts";
import { errorTiming } from "./error-timing.ts";

/** Options of {@link createStandIn}. */
export interface StandInOptions {
  /** As the server has it that is stood in for. */
  readonly cors: ServerCors;
  /** Whether that server asks who people are. */
  readonly authenticates: boolean;
  /** What every request is told. */
  readonly code: ErrorCode;
  /** Of `Retry-After`. @default 1 */
  readonly retryAfterSeconds?: number;
}

/**
 * Answers in place of a ChatKit server that is not there: preflights as that one would, so that pages may
 * read what comes, and everything else with one error.
 *
 * @throws ConfigurationError if `cors` does not compile.
 */
export function createStandIn({
  cors,
  authenticates,
  code,
  retryAfterSeconds = 1,
}: StandInOptions): WebApp & { readonly files: WebApp } {
  const policies = compileCors(cors, { authenticates, log: () => {} });
  if ("issues" in policies) throw new ConfigurationError(policies.issues);
  const by = (corsFor: (path: string) => CorsPolicy): WebApp => ({
    corsFor,
    fetch(request, env) {
      const decision = corsFor(new URL(request.url).pathname).decide({
        method: request.method,
        origin: request.headers.get("origin") ?? undefined,
        requestMethod: request.headers.get("access-control-request-method") ?? undefined,
        requestHeaders: request.headers.get("access-control-request-headers") ?? undefined,
      });
      if (decision.kind === "preflight") return new Response(null, { status: decision.status });
      const failure = new ChatError(code);
      return Response.json(errorBody(failure, env?.requestId ?? createId("request")), {
        status: failure.status,
        headers: {
          ...errorTiming(code),
          "retry-after": String(retryAfterSeconds),
          connection: "close",
        },
      });
    },
  });
  return {
    ...by((path) => (path.endsWith("/chatkit.js") ? policies.publicPolicy : policies.policy)),
    files: by(() => policies.publicPolicy),
  };
}
