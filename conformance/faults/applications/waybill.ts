import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createChatKitServer, headerUser } from "@waybill/server";
import { type NodeServer, type ServeOptions, serve } from "@waybill/server/node";
import { disk } from "@waybill/storage/disk";
import { sqlite } from "@waybill/storage/sqlite";
import { SELF_SIGNED } from "../../../packages/server/test/support/self-signed.ts";
import type { Route } from "../faults.ts";
import { ALLOWED_ORIGIN, BODY_LIMIT_BYTES } from "./application.ts";
import { DEADLINE_MS } from "./descriptions.ts";
import { brokenBody, failingHandlers, fetchedResponse, REFUSALS } from "./handlers.ts";

const USER = { "x-user": "somebody" };
const asJson = { method: "POST", headers: { ...USER, "Content-Type": "application/json" } };

/** What a chat answers by itself. */
export const WAYBILL_ROUTES: Readonly<Record<string, Route>> = {
  ok: { path: "/v1" },
  "method-not-allowed": { path: "/chatkit" },
  "bad-escape": { path: "/%E0%A4%A" },
  "bad-parameter": { path: "/v1/files/none", headers: USER },
  "body-too-large": { path: "/chatkit", ...asJson, bodyBytes: 20_000 },
  "malformed-json": { path: "/chatkit", ...asJson, body: "{" },
  "body-stalls": { path: "/chatkit", ...asJson },
  unauthenticated: { path: "/v1/files/none" },
};

/** What takes Node's response into its own hands has no place where answers are a `Response`. */
export const WAYBILL_LEFT_OUT = [
  "framework-error",
  // It is really shut down.
  "shutting-down",
  "write-head-object",
  "write-head-array",
  "write-head-raw",
  "headers-cleared",
];

/** What has it begin to shut down. */
export const WAYBILL_SHUT_DOWN = { path: "/shut-down" };
export const WAYBILL_TLS = SELF_SIGNED;
/** Whom a client trusts, so that it takes this server for the one that it asks for. */
export const WAYBILL_TRUST = { ca: SELF_SIGNED.cert, servername: "pictures.test" };

/** A chat on `serve`, beside handlers that fail, and its end. */
export async function startWaybill(upstream: string, tls?: ServeOptions["tls"]): Promise<NodeServer> {
  const folder = await mkdtemp(join(tmpdir(), "waybill-faults-"));
  const chat = createChatKitServer({
    cors: { origins: [ALLOWED_ORIGIN], credentials: true },
    authenticate: headerUser("x-user"),
    store: sqlite(join(folder, "waybill.db")),
    files: disk(join(folder, "attachments")),
    maxRequestBytes: BODY_LIMIT_BYTES,
    log: () => {},
    async *respond() {},
  });
  const failing = failingHandlers(upstream);
  const answers: Readonly<Record<string, () => Response | Promise<Response>>> = {
    ...Object.fromEntries(
      Object.entries(REFUSALS).map(([fault, status]) => [fault, () => new Response(fault, { status })]),
    ),
    "raw-response": () => new Response("fine"),
    "fetched-response": () => fetchedResponse(upstream),
    "shut-down": () => {
      void server.close({ drainTimeoutMs: 5 * DEADLINE_MS });
      return new Response(new ReadableStream());
    },
    "mid-stream": async () => new Response(await brokenBody(upstream)),
  };
  const server = await serve(
    {
      corsFor: (path) => chat.corsFor(path),
      fetch(request, environment) {
        const fault = new URL(request.url).pathname.slice(1);
        const handle = failing[fault];
        if (handle !== undefined) return handle().then((text) => new Response(text));
        return answers[fault]?.() ?? chat.fetch(request, environment);
      },
    },
    { port: 0, deadlineMs: DEADLINE_MS, idleTimeoutMs: DEADLINE_MS, ...(tls && { tls }) },
  );
  return {
    ...server,
    async close(options) {
      await server.close(options);
      await chat.close({ drainTimeoutMs: 0 });
      await rm(folder, { recursive: true, force: true });
    },
  };
}
