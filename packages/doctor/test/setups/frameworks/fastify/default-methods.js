import Fastify from "fastify";

// cors: the imports

import cors from "@fastify/cors";

// /cors

const app = Fastify();
// cors: the first line after Fastify()
await app.register(cors, { origin: [process.env.PAGE_ORIGIN] });
// /cors
app.delete("/api/threads/:id", async (_request, reply) => reply.code(204).send());

await app.listen({ port: process.env.PORT });
