import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BYTES = 512;
const NO_HEAD = "GET / HTTP/1.1\r\nHost: localhost\r\n";

/** How far the newest request of a connection is. */
export type ConnectionState =
  /** None is under way. */
  | { readonly at: "idle" }
  /** Its head was read, and nothing was answered yet. */
  | { readonly at: "waiting"; readonly head: string }
  /** The head of its answer is out. */
  | { readonly at: "answering" };

/**
 * What a worker was doing on each connection, readable after it was killed: written into a file that has no
 * name, which the kernel keeps for as long as one of both has it open. Two or three short writes a request.
 */
export class ConnectionStates {
  readonly fd: number;
  readonly #buffer = Buffer.alloc(BYTES);

  /** A new file; its descriptor is handed to the worker. */
  static create(): ConnectionStates {
    const folder = mkdtempSync(join(tmpdir(), "waybill-"));
    try {
      return new ConnectionStates(openSync(join(folder, "connections"), "wx+", 0o600));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  constructor(fd: number) {
    this.fd = fd;
  }

  /** A head that is longer than its place becomes that of a page without an origin. */
  write(id: number, state: ConnectionState): void {
    const head = state.at === "waiting" ? state.head : "";
    const text = head.length < BYTES - 1 ? head : NO_HEAD;
    const length = this.#buffer.write(`${state.at.charAt(0)}${text}\0`, "latin1");
    writeSync(this.fd, this.#buffer, 0, length, id * BYTES);
  }

  read(id: number): ConnectionState {
    this.#buffer.fill(0);
    readSync(this.fd, this.#buffer, 0, BYTES, id * BYTES);
    const at = String.fromCharCode(this.#buffer[0] ?? 0);
    if (at === "a") return { at: "answering" };
    if (at !== "w") return { at: "idle" };
    return { at: "waiting", head: this.#buffer.toString("latin1", 1, this.#buffer.indexOf(0, 1)) };
  }

  close(): void {
    closeSync(this.fd);
  }
}
