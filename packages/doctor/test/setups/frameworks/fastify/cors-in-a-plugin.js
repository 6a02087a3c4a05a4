import Fastify from "fastify";

// cors: the imports

import cors from "@fastify/cors";

// /cors

const app = Fastify();
// cors: the first line after Fastify()
async function plugins(scope) {
  await scope.register(cors, { origin: process.env.PAGE_ORIGIN });
}
app.register(plugins);
// /cors
app.get("/api/threads", async () => [{ id: "thr_1", title: "Invoices" }]);

await app.listen({ port: process.env.PORT });
