import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Fix } from "@waybill/doctor";
import { freePort, startProgram } from "../run.ts";
import { applyFix, type Running, type Setup } from "../setup.ts";
import { nginx } from "./nginx.ts";
import { serverSetups } from "./server-setup.ts";

const BIN = fileURLToPath(new URL("../../../../waybill/src/bin.ts", import.meta.url));
const THREADS = JSON.stringify({ type: "threads.list", params: { limit: 1 } });

/** A page that asks for its threads. */
const asking: Pick<Setup, "request"> & { content: Uint8Array } = {
  request: {
    path: "/chatkit",
    method: "POST",
    headers: [["Content-Type", "application/json"]],
    body: { kind: "text" },
  },
  content: new TextEncoder().encode(THREADS),
};

/** Starts `waybill serve` with the variables of a file. */
async function serve(folder: string, variables: string): Promise<Running> {
  const port = await freePort();
  const file = join(folder, "waybill.env");
  await writeFile(file, variables);
  const close = await startProgram({
    command: process.execPath,
    args: [`--env-file=${file}`, "--conditions=@waybill/source", BIN, "serve"],
    cwd: folder,
    env: {
      PORT: `${port}`,
      WAYBILL_FILES_PORT: `${await freePort()}`,
      WAYBILL_DEMO_PORT: "off",
      WAYBILL_DATA_DIR: join(folder, "data"),
    },
    port,
    // Until its worker is up, its supervisor answers.
    readyPath: "/readyz",
  });
  return { url: `http://127.0.0.1:${port}`, close };
}

const notListed: Setup = {
  name: "Waybill: the origin is not among WAYBILL_ALLOWED_ORIGINS",
  cause: "origin-not-listed",
  servers: ["waybill"],
  fixedBy: "waybill",
  ...asking,
  readsAfterwards: 200,
  start: (folder, _, fix: Fix | null) =>
    serve(folder, applyFix("# cors\nWAYBILL_ALLOWED_ORIGINS=https://app.example.com\n# /cors\n", fix)),
};

const ALLOW = 'add_header Access-Control-Allow-Origin "{{ORIGIN}}" always;';

const passing = (lines: string, others = "") => `
server {
    listen 127.0.0.1:{{PORT}};
${others}
    location / {
        # cors: location
        ${lines}
        # /cors
        proxy_pass http://{{UPSTREAM}};
    }
}`;

const behind = serverSetups(nginx, [
  {
    name: "Waybill behind nginx, which is still there when Waybill is not",
    cause: "failure-without-cors",
    hiddenStatus: 502,
    readsAfterwards: 502,
    ...asking,
    configuration: passing(`if ($request_method = OPTIONS) {
            ${ALLOW}
            add_header Access-Control-Allow-Headers Content-Type;
            return 204;
        }`),
  },
  {
    name: "Waybill behind nginx, which adds the header, too",
    cause: "added-twice",
    servers: ["nginx", "waybill"],
    readsAfterwards: 200,
    ...asking,
    configuration: passing(ALLOW),
    upstreamProgram: (folder, origin) => serve(folder, `WAYBILL_ALLOWED_ORIGINS=${origin}\n`),
  },
  {
    name: "Waybill behind nginx, whose limit is below Waybill's",
    cause: "failure-without-cors",
    hiddenStatus: 413,
    servers: ["nginx", "waybill"],
    readsAfterwards: 413,
    ...asking,
    content: new TextEncoder().encode(THREADS.padEnd(32_768)),
    configuration: passing("", "    client_max_body_size 16k;"),
    upstreamProgram: (folder, origin) => serve(folder, `WAYBILL_ALLOWED_ORIGINS=${origin}\n`),
  },
]);

/** Broken set-ups of Waybill, alone and behind nginx. */
export const waybillSetups: readonly Setup[] = [notListed, ...behind];
