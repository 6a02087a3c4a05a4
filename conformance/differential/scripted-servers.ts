import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Answer, Hop } from "@waybill/policy/browser";
import { hopOf, type OriginName } from "./case.ts";

/** A request as it arrived. */
export interface SeenRequest {
  readonly hop: number;
  readonly isPreflight: boolean;
  readonly method: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly bodyBytes: number;
}

/**
 * Servers of several origins that answer by script, bytes as they are told: any method, lines that
 * repeat, names in any case. Not node:http, whose parser knows its own list of methods alone.
 */
export class ScriptedServers implements AsyncDisposable {
  readonly origins: Readonly<Record<OriginName, string>>;
  readonly #servers: readonly Server[];
  readonly #sockets = new Set<Socket>();
  readonly #scripts = new Map<number, readonly Hop[]>();
  readonly #seen = new Map<number, SeenRequest[]>();

  static async start(): Promise<ScriptedServers> {
    const servers = await Promise.all(
      [0, 1].map(async () => {
        const server = createServer({ noDelay: true });
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        return server;
      }),
    );
    return new ScriptedServers(servers);
  }

  private constructor(servers: readonly Server[]) {
    this.#servers = servers;
    for (const server of servers) {
      server.on("connection", (socket: Socket) => this.#serve(socket));
    }
    const [one = 0, other = 0] = servers.map((server) => (server.address() as AddressInfo).port);
    this.origins = {
      page: `http://localhost:${one}`,
      near: `http://localhost:${other}`,
      far: `http://127.0.0.1:${one}`,
      away: `http://127.0.0.1:${other}`,
    };
  }

  /** From now on a case is answered so. */
  script(id: number, hops: readonly Hop[]): void {
    this.#scripts.set(id, hops);
    this.#seen.set(id, []);
  }

  /** What arrived for a case, in order; forgets the case. */
  take(id: number): readonly SeenRequest[] {
    const seen = this.#seen.get(id) ?? [];
    this.#scripts.delete(id);
    this.#seen.delete(id);
    return seen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(
      this.#servers.map(async (server) => {
        server.close();
        await once(server, "close");
      }),
    );
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    // A browser may drop a connection at any time; what it saw is told by the browser.
    socket.on("error", () => socket.destroy());
    let received = "";
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      received += text;
      for (;;) {
        const end = received.indexOf("\r\n\r\n");
        if (end === -1) return;
        const [requestLine = "", ...lines] = received.slice(0, end).split("\r\n");
        const headers = new Map(
          lines.map((line) => {
            const colon = line.indexOf(":");
            return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
          }),
        );
        const bodyBytes = Number(headers.get("content-length") ?? 0);
        if (received.length < end + 4 + bodyBytes) return;
        received = received.slice(end + 4 + bodyBytes);
        const [method = "", path = ""] = requestLine.split(" ");
        this.#answer(socket, { method, path, headers, bodyBytes });
      }
    });
  }

  #answer(
    socket: Socket,
    request: Omit<SeenRequest, "hop" | "isPreflight"> & { readonly path: string },
  ): void {
    const { method, path, headers, bodyBytes } = request;
    const place = hopOf(path);
    const hop = place === null ? undefined : this.#scripts.get(place.id)?.[place.hop];
    if (place === null || hop === undefined) {
      write(socket, method, path === "/sandbox" ? SANDBOX : PAGE);
      return;
    }
    const isPreflight = method === "OPTIONS" && headers.has("access-control-request-method");
    this.#seen.get(place.id)?.push({ hop: place.hop, isPreflight, method, headers, bodyBytes });
    const answer = isPreflight ? hop.preflight : hop.answer;
    if (answer === undefined) socket.destroy();
    else write(socket, method, answer);
  }
}

const TEXT = "<!doctype html><title>differential</title><link rel=icon href=data:,>";
const LINES = [
  ["content-type", "text/html"],
  ["content-length", String(TEXT.length)],
] as const;
const PAGE: Answer = {
  status: 200,
  headers: [...LINES, ["set-cookie", "user=1; Path=/"]],
  body: TEXT,
};
const SANDBOX: Answer = {
  status: 200,
  headers: [...LINES, ["content-security-policy", "sandbox allow-scripts"]],
  body: TEXT,
};

function write(socket: Socket, method: string, { status, headers, body = "" }: Answer): void {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const hasBody = method !== "HEAD" && status !== 204 && status !== 304;
  socket.write(`HTTP/1.1 ${status} Scripted\r\n${lines}\r\n${hasBody ? body : ""}`, "latin1");
}
