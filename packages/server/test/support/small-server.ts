import { createCorsPolicy } from "@waybill/policy";
import { type NodeApp, type NodeServer, type ServeOptions, serve } from "@waybill/server/node";

const compiled = createCorsPolicy({ origins: ["https://app.example"] });
if (!compiled.ok) throw new Error("The policy does not compile.");
const { policy } = compiled;

/** Servers of applications made for one test. */
export interface SmallServers {
  /** Serves an application on a free port, under a policy that allows `https://app.example`. */
  start(fetch: NodeApp["fetch"], options?: Partial<ServeOptions>): Promise<NodeServer>;
  /** What the servers have told as errors. */
  readonly told: unknown[];
  /** Closes all servers at once and forgets what they told. */
  close(): Promise<void>;
}

/** None yet. */
export function smallServers(): SmallServers {
  const servers: NodeServer[] = [];
  const told: unknown[] = [];
  return {
    told,
    async start(fetch, options = {}) {
      const app: NodeApp = { fetch, corsFor: () => policy };
      const server = await serve(app, { port: 0, onError: (error) => told.push(error), ...options });
      servers.push(server);
      return server;
    },
    async close() {
      await Promise.all(servers.splice(0).map((server) => server.close({ drainTimeoutMs: 0 })));
      told.length = 0;
    },
  };
}

/** The code in the typed JSON of a failure; undefined if there is none. */
export function codeOf(body: Buffer | undefined): unknown {
  return JSON.parse(body?.toString() || "null")?.error?.code;
}
