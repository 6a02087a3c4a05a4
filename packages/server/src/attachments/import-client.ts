import type { Client, Dispatcher } from "undici";

/** One connection to a server, as undici's `Client` makes it, by its shape. */
export interface ImportClient {
  request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData>;
  destroy(error?: Error): Promise<void>;
}
/** Makes a connection to an origin. */
export type ImportClientClass = new (origin: string, options: Client.Options) => ImportClient;

/** Nothing can listen there. */
const NOWHERE = "http://127.0.0.1:0";

/**
 * Whether connections go where the caller's connector leads, and can be ended: false for what some runtimes
 * put in undici's place, as Bun does, which fetches by itself, past any check of addresses.
 */
export async function obeysConnector(Connection: ImportClientClass): Promise<boolean> {
  let isAsked = false;
  try {
    const client: Partial<ImportClient> = new Connection(NOWHERE, {
      connect: (_options, callback) => {
        isAsked = true;
        callback(new Error("no connection is wanted"), null);
      },
    });
    if (typeof client.destroy !== "function") return false;
    await client.request?.({ method: "GET", path: "/" }).catch(() => undefined);
    await client.destroy();
    return isAsked;
  } catch {
    return false;
  }
}
