import { listOf, MIDDLEWARE_CAUSES } from "./middleware.ts";
import type { Recipe } from "./recipe.ts";

/** Changes for Koa. */
export const KOA: readonly Recipe[] = [
  {
    id: "koa/cors-first",
    server: "koa",
    causes: MIDDLEWARE_CAUSES,
    where:
      "directly after `new Koa()`, in front of every other middleware, and in place of all other CORS code; Koa drops headers of `ctx.set` when something is thrown, `@koa/cors` keeps them",
    language: "js",
    // Without a list, @koa/cors allows whatever is asked for.
    text: ({ origin, methods, headers, credentials }) => `// In the imports:
import cors from "@koa/cors"; // npm install @koa/cors
// In the first line after new Koa():
app.use(
  cors({
    origin: ${JSON.stringify(origin)},
    allowMethods: ${listOf(methods)},
    allowHeaders: ${listOf(headers.length > 0 ? headers : ["content-type"])},${credentials ? "\n    credentials: true," : ""}
  }),
);
`,
  },
];
