import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type AttachmentWay, createChatKitServer, headerUser } from "@waybill/server";
import { serve } from "@waybill/server/node";
import { disk } from "@waybill/storage/disk";
import { sqlite } from "@waybill/storage/sqlite";
import type { Scripts } from "./script.ts";
import { scriptedChat } from "./scripted-chat.ts";

const USAGE =
  "Usage: npm run conformance:server -- --scripts FILE [--port N] [--upload-strategy direct | two_phase | none] [--allowed-origin ORIGIN]";
const WAYS: Readonly<Record<string, readonly AttachmentWay[]>> = {
  direct: ["direct"],
  two_phase: ["two_phase"],
  none: [],
};

const { values } = parseArgs({
  options: {
    scripts: { type: "string" },
    port: { type: "string", default: "0" },
    "upload-strategy": { type: "string", default: "two_phase" },
    "allowed-origin": { type: "string", default: "*" },
  },
});
const port = Number(values.port);
const attachmentWays = WAYS[values["upload-strategy"]];
if (values.scripts === undefined || attachmentWays === undefined || !Number.isInteger(port)) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}
const scripts: Scripts = JSON.parse(readFileSync(values.scripts, "utf8"));

const folder = await mkdtemp(join(tmpdir(), "waybill-conformance-"));
const chat = createChatKitServer({
  cors: { origins: values["allowed-origin"] === "*" ? "*" : [values["allowed-origin"]] },
  authenticate: headerUser("x-golden-user"),
  store: sqlite(join(folder, "waybill.db")),
  files: disk(join(folder, "attachments")),
  attachmentWays,
  ...scriptedChat(scripts),
});
await chat.open();
const server = await serve(chat, { port });
process.stdout.write(`${server.url}\n`);

let ending: Promise<void> | undefined;
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    ending ??= (async () => {
      await server.close({ drainTimeoutMs: 0 });
      await chat.close({ drainTimeoutMs: 0 });
      await rm(folder, { recursive: true, force: true });
      process.exit(0);
    })();
  });
}
