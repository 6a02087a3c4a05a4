import { listOf, MIDDLEWARE_CAUSES } from "./middleware.ts";
import type { Recipe } from "./recipe.ts";

/** Changes for Fastify. */
export const FASTIFY: readonly Recipe[] = [
  {
    id: "fastify/cors-at-the-root",
    server: "fastify",
    causes: MIDDLEWARE_CAUSES,
    where:
      "directly after `Fastify()`, on the root and inside no plugin, whose hooks hold for its own routes alone; in place of all other CORS code",
    language: "js",
    text: ({ origin, methods, headers, credentials }) => `// In the imports:
import cors from "@fastify/cors"; // npm install @fastify/cors
// In the first line after Fastify():
await app.register(cors, {
  origin: ${listOf([origin])},
  methods: ${listOf(methods)},
  allowedHeaders: ${listOf(headers)},${credentials ? "\n  credentials: true," : ""}
});
`,
  },
];
