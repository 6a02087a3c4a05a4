import { listOf, MIDDLEWARE_CAUSES } from "./middleware.ts";
import type { Recipe } from "./recipe.ts";

/** Changes for Hono. */
export const HONO: readonly Recipe[] = [
  {
    id: "hono/cors-first",
    server: "hono",
    causes: MIDDLEWARE_CAUSES,
    where:
      "directly after `new Hono()`, without a path, in front of every other middleware and route, and in place of all other CORS code",
    language: "js",
    // Without a list, hono/cors allows whatever is asked for.
    text: ({ origin, methods, headers, credentials }) => `// In the imports:
import { cors } from "hono/cors";
// In the first line after new Hono():
app.use(
  cors({
    origin: ${listOf([origin])},
    allowMethods: ${listOf(methods)},
    allowHeaders: ${listOf(headers.length > 0 ? headers : ["content-type"])},${credentials ? "\n    credentials: true," : ""}
  }),
);
`,
  },
];
