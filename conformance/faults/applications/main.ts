import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createCorsPolicy } from "@waybill/policy";
import { guardCors } from "@waybill/server/node";
import { ALLOWED_ORIGIN, type Application, EXPOSED } from "./application.ts";
import { DEADLINE_MS, descriptionOf } from "./descriptions.ts";
import type { Started } from "./start.ts";
import { createUpstream } from "./upstream.ts";

// One application, as it is and guarded, until the process is told to end: says as JSON where it is.

/** A process has only what it needs: some frameworks change what is global. */
const LOADERS: Readonly<Record<string, () => Promise<Application>>> = {
  "Express 4": async () => expressOf((await import("express4")).default),
  "Express 5": async () => expressOf((await import("express")).default),
  Fastify: async () => (await import("./fastify.ts")).fastifyApplication,
  Koa: async () => (await import("./koa.ts")).koaApplication,
  hapi: async () => (await import("./hapi.ts")).hapiApplication,
  h3: async () => (await import("./h3.ts")).h3Application,
  Hono: async () => (await import("./hono.ts")).honoApplication,
};

const expressOf = async (create: typeof import("express")) =>
  (await import("./express.ts")).expressApplication(create);

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function startTwice(application: Application, upstream: string): Promise<Started> {
  const compiled = createCorsPolicy({
    origins: [ALLOWED_ORIGIN],
    credentials: true,
    exposedHeaders: EXPOSED,
  });
  if (!compiled.ok) throw new Error("The policy does not compile.");
  const guard = guardCors(compiled.policy, { deadlineMs: DEADLINE_MS });
  const options = { requestTimeout: DEADLINE_MS, connectionsCheckingInterval: 100 };
  const guarded = await application.make({ ...options, ServerResponse: guard.ServerResponse }, upstream);
  guard.attach(guarded);
  const plain = await application.make(options, upstream);
  return {
    plain: await listen(plain),
    guarded: await listen(guarded),
    description: descriptionOf(application.leftOut),
  };
}

// A handler whose promise nobody looks at is one of the faults.
process.on("unhandledRejection", () => {});
let end = async () => {};
process.once("SIGTERM", async () => {
  await end();
  process.exit(0);
});

const name = process.argv[2] ?? "";
const upstream = await listen(createUpstream());
const load = LOADERS[name];
let started: Started;
if (load !== undefined) started = await startTwice(await load(), upstream);
else {
  const { startWaybill, WAYBILL_LEFT_OUT, WAYBILL_ROUTES } = await import("./waybill.ts");
  const server = await startWaybill(upstream);
  end = () => server.close({ drainTimeoutMs: 0 });
  started = { guarded: server.url, description: descriptionOf(WAYBILL_LEFT_OUT, WAYBILL_ROUTES) };
}
process.stdout.write(`${JSON.stringify(started)}\n`);
