import { Server, type Socket } from "node:net";
import { type NodeRequest, type NodeResponse, onceOver } from "./exchange.ts";

/** A request and its response. */
export interface Exchange {
  readonly incoming: NodeRequest;
  readonly outgoing: NodeResponse;
}

/** What is open on a server: sockets, and the exchanges on each connection, of HTTP/1.1 or HTTP/2. */
export class Connections {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** By socket, or by session of HTTP/2. */
  readonly #exchanges = new Map<object, Set<Exchange>>();
  /** While the server closes: the exchanges that it waits for. */
  #awaited: Set<Exchange> | undefined;

  constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  /** Remembers an exchange until it is over. */
  add(exchange: Exchange): void {
    const { incoming, outgoing } = exchange;
    const connection = incoming.stream === undefined ? incoming.socket : incoming.stream.session;
    // The client has left already.
    if (connection === undefined) return;
    const onConnection = this.#exchanges.get(connection) ?? new Set();
    this.#exchanges.set(connection, onConnection.add(exchange));
    onceOver(outgoing, () => {
      onConnection.delete(exchange);
      if (onConnection.size === 0) this.#exchanges.delete(connection);
      this.#awaited?.delete(exchange);
      this.#endIfQuiet();
    });
  }

  /** The newest exchange of a connection that is not over. */
  newestOn(connection: object): Exchange | undefined {
    return [...(this.#exchanges.get(connection) ?? [])].at(-1);
  }

  /**
   * Takes no new connections. Those that are there stay open, so that what is asked on them can still be refused,
   * until the exchanges of now are over, or `drainTimeoutMs` has passed.
   */
  async close(drainTimeoutMs: number): Promise<void> {
    this.#awaited = new Set([...this.#exchanges.values()].flatMap((exchanges) => [...exchanges]));
    const force = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, drainTimeoutMs);
    await new Promise<void>((resolve) => {
      this.#server.once("close", resolve);
      // The servers' own would close connections that are idle for the moment.
      Server.prototype.close.call(this.#server);
      this.#endIfQuiet();
    });
    // A server does not count the connections that somebody else has accepted for it.
    const open = [...this.#sockets];
    await Promise.all(open.map((socket) => new Promise((resolve) => socket.once("close", resolve))));
    clearTimeout(force);
  }

  #endIfQuiet(): void {
    // Again after each later exchange: only then is its connection idle.
    if (this.#awaited?.size === 0) this.#server.close();
  }
}
