import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { ConnectionStates } from "./connection-states.ts";
import type { ListenerName, ToSupervisor, ToWorker } from "./messages.ts";

/** The two ends of a worker's channel, as `process` has them. */
export interface Channel {
  send(message: ToSupervisor): void;
  onMessage(take: (message: ToWorker, socket: Socket | undefined) => void): void;
}

/** A `Server` that is fed with connections in place of a port. */
interface Fed {
  readonly server: Server;
  readonly sockets: Set<Socket>;
}

/**
 * The worker's side of listeners that its supervisor owns: servers are given the connections that come
 * over the channel, and what happens on each is noted where the supervisor finds it when this process is gone.
 */
export class HandedListeners {
  readonly #fed = new Map<ListenerName, Fed>();
  readonly #asked = new Map<ListenerName, (reply: ToWorker) => void>();
  readonly #ids = new WeakMap<Socket, number>();
  readonly #states: ConnectionStates;
  readonly #channel: Channel;

  constructor(channel: Channel, states: ConnectionStates) {
    this.#channel = channel;
    this.#states = states;
    channel.onMessage((message, socket) => {
      if (message.kind === "connection" && socket !== undefined)
        this.#take(message.listener, message.id, socket);
      else if (message.kind === "listening" || message.kind === "cannot-listen")
        this.#asked.get(message.listener)?.(message);
    });
  }

  /** Has the supervisor listen for a server; the port it has. Rejects with Node's error of `listen`. */
  async listen(listener: ListenerName, server: Server, port: number, hostname: string): Promise<number> {
    this.#fed.set(listener, { server, sockets: new Set() });
    server.prependListener("request", (incoming, outgoing) => this.#follow(incoming, outgoing));
    const close = server.close.bind(server);
    server.close = (done) => {
      // It never listened, which `close` would complain of; what it waits for is the connections.
      close(() => {});
      void this.#ended(listener).then(() => done?.());
      return server;
    };
    const reply = new Promise<ToWorker>((resolve) => this.#asked.set(listener, resolve));
    this.#channel.send({ kind: "listen", listener, port, hostname });
    const answer = await reply;
    if (answer.kind === "cannot-listen")
      throw Object.assign(new Error(answer.message), { code: answer.code });
    // From here on Node keeps its list of connections, and looks after those that are too slow.
    server.emit("listening");
    return answer.kind === "listening" ? answer.port : port;
  }

  #take(listener: ListenerName, id: number, socket: Socket): void {
    const fed = this.#fed.get(listener);
    if (fed === undefined) {
      socket.destroy();
      this.#channel.send({ kind: "gone", id });
      return;
    }
    this.#ids.set(socket, id);
    fed.sockets.add(socket);
    this.#states.write(id, { at: "idle" });
    socket.once("close", () => {
      fed.sockets.delete(socket);
      this.#channel.send({ kind: "gone", id });
    });
    fed.server.emit("connection", socket);
  }

  #follow(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { socket } = incoming;
    const id = this.#ids.get(socket);
    if (id === undefined) return;
    this.#states.write(id, { at: "waiting", head: headOf(incoming) });
    const commit = outgoing.writeHead.bind(outgoing) as (...args: unknown[]) => ServerResponse;
    outgoing.writeHead = (...args: unknown[]) => {
      if (typeof args[0] !== "number" || args[0] >= 200) this.#states.write(id, { at: "answering" });
      return commit(...args);
    };
    outgoing.once("close", () => {
      if (!socket.destroyed) this.#states.write(id, { at: "idle" });
    });
  }

  async #ended(listener: ListenerName): Promise<void> {
    const sockets = this.#fed.get(listener)?.sockets ?? new Set();
    await Promise.all([...sockets].map((socket) => new Promise((resolve) => socket.once("close", resolve))));
  }
}

/** What an answer needs to be one that the page may read; the query may hold what nobody else must see. */
function headOf({ method, url, headers }: IncomingMessage): string {
  const path = url?.split("?", 1)[0] ?? "/";
  const origin = headers.origin === undefined ? "" : `Origin: ${headers.origin}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nHost: ${headers.host ?? "localhost"}\r\n${origin}`;
}
