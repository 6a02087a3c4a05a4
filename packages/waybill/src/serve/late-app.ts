import { type CorsPolicy, createCorsPolicy } from "@waybill/policy";
import { ChatError, createId, errorBody } from "@waybill/protocol";
import type { NodeApp } from "@waybill/server/node";

/**
 * An application whose place is taken before it is there: listeners are bound first, so
 * that a free port can be asked for and every problem be told at once. Until `become`, it
 * answers 503.
 */
export function lateApp(): NodeApp & {
  become(app: NodeApp, hosts: readonly string[]): void;
  /** The hosts it answers to; empty until then. */
  hosts(): readonly string[] | undefined;
} {
  const compiled = createCorsPolicy({ origins: "*" });
  if (!compiled.ok) throw new Error("The public policy does not compile.");
  const open: CorsPolicy = compiled.policy;
  let current: NodeApp | undefined;
  let currentHosts: readonly string[] | undefined;
  return {
    become(app, hosts) {
      current = app;
      currentHosts = hosts;
    },
    hosts: () => currentHosts,
    corsFor: (path) => current?.corsFor(path) ?? open,
    fetch(request, env) {
      if (current !== undefined) return current.fetch(request, env);
      const error = new ChatError("shutting_down", { message: "The chat server is starting." });
      return Response.json(errorBody(error, createId("request")), {
        status: error.status,
        headers: { "retry-after": "1" },
      });
    },
  };
}
