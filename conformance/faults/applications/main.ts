import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo, Server as NetServer } from "node:net";
import { createCorsPolicy } from "@waybill/policy";
import { guardCors } from "@waybill/server/node";
import { ALLOWED_ORIGIN, type Application, type CreateServer, EXPOSED } from "./application.ts";
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

async function startAll(application: Application, upstream: string): Promise<Started> {
  const compiled = createCorsPolicy({
    origins: [ALLOWED_ORIGIN],
    credentials: true,
    exposedHeaders: EXPOSED,
  });
  if (!compiled.ok) throw new Error("The policy does not compile.");
  const { ServerResponse, Http2ServerResponse, attach } = guardCors(compiled.policy, {
    deadlineMs: DEADLINE_MS,
  });
  const options = { requestTimeout: DEADLINE_MS, connectionsCheckingInterval: 100 };
  const inBothWays = async (plain: CreateServer, guarded: CreateServer) => {
    const server = await application.make(guarded, upstream);
    attach(server);
    return { plain: await listen(await application.make(plain, upstream)), guarded: await listen(server) };
  };
  const http1 = await inBothWays(
    (listener) => createServer(options, listener),
    (listener) => createServer({ ...options, ServerResponse }, listener),
  );
  const http2 =
    application.http2 === false
      ? undefined
      : await inBothWays(
          (listener) => asHttp1(createHttp2Server(), listener),
          (listener) => asHttp1(createHttp2Server({ Http2ServerResponse }), listener),
        );
  return {
    ...http1,
    description: descriptionOf([...application.leftOut, "worker-lost"]),
    ...(http2 && { http2 }),
  };
}

/** The compatibility API is made for listeners that know HTTP/1.1 alone; only its types say otherwise. */
function asHttp1(server: NetServer, listener: RequestListener | undefined): Server {
  if (listener !== undefined) server.on("request", listener);
  return server as Server;
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
if (load !== undefined) started = await startAll(await load(), upstream);
else {
  const { startWaybill, WAYBILL_LEFT_OUT, WAYBILL_ROUTES, WAYBILL_SHUT_DOWN, WAYBILL_TRUST, WAYBILL_TLS } =
    await import("./waybill.ts");
  const { startMortal } = await import("./mortal.ts");
  const [http1, http2] = [await startWaybill(upstream), await startWaybill(upstream, WAYBILL_TLS)];
  const mortal = await startMortal();
  end = async () => {
    await Promise.all([
      mortal.close(),
      ...[http1, http2].map((server) => server.close({ drainTimeoutMs: 0 })),
    ]);
  };
  const routes = { ...WAYBILL_ROUTES, "worker-lost": { path: "/v1/files/none", baseUrl: mortal.url } };
  started = {
    guarded: http1.url,
    description: { ...descriptionOf(WAYBILL_LEFT_OUT, routes), shutDown: WAYBILL_SHUT_DOWN },
    http2: { guarded: http2.url, trust: WAYBILL_TRUST },
  };
}
process.stdout.write(`${JSON.stringify(started)}\n`);
