import type { Server } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Authenticate, type ChatKitServer, createChatKitServer } from "@waybill/server";
import { disk } from "@waybill/storage/disk";
import { sqlite } from "@waybill/storage/sqlite";

/** The port that an example listens on: `PORT`, or the one given. */
export const portOr = (port: number): number => Number(process.env["PORT"] || port);

const listOf = (variable: string): readonly string[] =>
  (process.env[variable] ?? "").split(",").filter((entry) => entry !== "");

/**
 * The chat of every example, in the folder `path` of an application. It says which files came, and repeats the
 * message word by word. `ALLOWED_ORIGINS` names the pages that may use it, `IMPORT_ALLOW` private hosts that
 * pictures may be fetched from, `DATA_DIR` where it keeps things. Without `authenticate` it is for this machine alone.
 */
export function createChat(path: string, port: number, authenticate?: Authenticate): ChatKitServer {
  const folder = process.env["DATA_DIR"] || "./data";
  const origins = listOf("ALLOWED_ORIGINS");
  return createChatKitServer({
    cors: { origins: origins.length > 0 ? origins : ["http://localhost:5173"], credentials: true },
    authenticate,
    path,
    publicBaseUrl: `http://127.0.0.1:${port}${path}`,
    store: sqlite(join(folder, "waybill.db")),
    files: disk(join(folder, "attachments")),
    importAllow: listOf("IMPORT_ALLOW"),
    async *respond({ thread, attachments, signal }, message) {
      signal.addEventListener("abort", () => console.log("An answer was stopped."), { once: true });
      async function* words() {
        for (const { name, mime_type } of attachments) yield `${name} is ${mime_type}.\n\n`;
        for (const part of message?.content ?? []) {
          for (const word of part.text.split(" ")) {
            await wait(10, undefined, { signal });
            yield `${word} `;
          }
        }
      }
      yield* thread.streamText(words());
    },
  });
}

/** Ends the server and its chat on SIGTERM and SIGINT: answers under way get some seconds. */
export function endOnSignal(server: Server, chat: ChatKitServer): void {
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.once(signal, async () => {
      server.close();
      await chat.close();
      server.closeAllConnections();
    });
  }
}
