// The server under test, as people run it. Run by turns.ts: node turns-server.ts FOLDER
import { join } from "node:path";
import { createChatKitServer } from "@waybill/server";
import { serve } from "@waybill/server/node";
import { disk } from "@waybill/storage/disk";
import { sqlite } from "@waybill/storage/sqlite";

const folder = process.argv[2] ?? ".";
const pieces = Array.from({ length: 20 }, (_, index) => `piece ${String(index).padStart(3, "0")} `);

const chat = createChatKitServer({
  cors: { origins: ["http://127.0.0.1:8780"] },
  store: sqlite(join(folder, "waybill.db")),
  files: disk(join(folder, "attachments")),
  async *respond({ thread }) {
    yield* thread.streamText(
      (async function* () {
        yield* pieces;
      })(),
    );
  },
});
await chat.open();
const server = await serve(chat, { port: 0 });
process.stdout.write(`${server.port}\n`);
process.on("SIGTERM", async () => {
  await server.close({ drainTimeoutMs: 0 });
  await chat.close({ drainTimeoutMs: 0 });
  process.exit(0);
});
