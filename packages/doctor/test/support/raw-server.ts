import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** What a client sent: everything up to the empty line. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** Lines as they were sent. */
  readonly lines: readonly string[];
}

type Respond = (socket: Socket, request: RawRequest) => void;

/** A server that knows nothing of HTTP but where a request ends, and writes what it is told. */
export class RawServer implements AsyncDisposable {
  readonly requests: RawRequest[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** `respond` has the socket once a head has arrived; `greet`, as soon as there is one. */
  static async start(how: {
    respond?: Respond;
    greet?: (socket: Socket) => void;
    host?: string;
  }): Promise<RawServer> {
    const server = createServer({ noDelay: true });
    server.listen(0, how.host ?? "127.0.0.1");
    await once(server, "listening");
    return new RawServer(server, how);
  }

  /** One that answers every request with these bytes, and closes. */
  static says(bytes: string): Promise<RawServer> {
    return RawServer.start({ respond: (socket) => void socket.end(bytes, "latin1") });
  }

  private constructor(server: Server, how: { respond?: Respond; greet?: (socket: Socket) => void }) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      // Clients go when they have seen enough.
      socket.on("error", () => {});
      how.greet?.(socket);
      let received = "";
      socket.setEncoding("latin1");
      socket.on("data", (text: string) => {
        received += text;
        const end = received.indexOf("\r\n\r\n");
        if (end === -1) return;
        const [first = "", ...lines] = received.slice(0, end).split("\r\n");
        received = "";
        const [method = "", path = ""] = first.split(" ");
        const request = { method, path, lines };
        this.requests.push(request);
        how.respond?.(socket, request);
      });
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  /** Settles when no connection is open any more. */
  async isLeft(): Promise<void> {
    const closed = (socket: Socket) => new Promise((resolve) => socket.on("close", resolve));
    await Promise.all([...this.#sockets].map(closed));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
