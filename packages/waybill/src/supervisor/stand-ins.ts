import type { Server } from "node:http";
import type { Socket } from "node:net";
import { createStandIn, type ServerCors } from "@waybill/server";
import { type NodeServer, serve } from "@waybill/server/node";
import type { ListenerName } from "./messages.ts";

/** The answer to a request whose head is already read: its body may go on, and is thrown away. */
const BODY_OF_ANY_LENGTH = "Content-Length: 9007199254740991\r\n\r\n";

const NOBODY = "https://nobody.invalid";

/** What answers while there is no worker. */
export class StandIns {
  #api: Fed | undefined;
  #files: Fed | undefined;

  /** A worker is up: its policies hold from now on, and what waits for a next request is let go. Null: no page may read. */
  async rest(cors: ServerCors | null, authenticates: boolean): Promise<void> {
    const app = createStandIn({ cors: cors ?? { origins: [NOBODY] }, authenticates, code: "worker_lost" });
    const [api, files] = await Promise.all([feed(app), feed(app.files)]);
    const old = this.close();
    this.#api = api;
    this.#files = files;
    await old;
  }

  /** Answers what comes on a connection; first of all the request whose head the lost worker had read. */
  take(listener: ListenerName, socket: Socket, head?: string): void {
    const fed = listener === "api" ? this.#api : this.#files;
    if (fed === undefined || socket.destroyed) {
      socket.destroy();
      return;
    }
    if (head !== undefined) socket.unshift(Buffer.from(`${head}${BODY_OF_ANY_LENGTH}`, "latin1"));
    fed.server.emit("connection", socket);
    socket.resume();
  }

  async close(): Promise<void> {
    const old = [this.#api, this.#files];
    this.#api = undefined;
    this.#files = undefined;
    const ended = old.map((fed) => fed?.node.close());
    // What waits for a next request is not to be told that this server ends: its next connection finds the worker.
    for (const fed of old) fed?.server.closeIdleConnections();
    await Promise.all(ended);
  }
}

/** A server without a port. */
interface Fed {
  readonly server: Server;
  readonly node: NodeServer;
}

async function feed(app: Parameters<typeof serve>[0]): Promise<Fed> {
  let fed: Server | undefined;
  const node = await serve(app, {
    port: 0,
    listen: async (server) => {
      fed = server;
      server.emit("listening");
      return 0;
    },
  });
  if (fed === undefined) throw new Error("serve() asked nobody to listen.");
  return { server: fed, node };
}
