import { listOf, MIDDLEWARE_CAUSES } from "./middleware.ts";
import type { Recipe, ServerName } from "./recipe.ts";

const aroundTheApp = (server: ServerName): Recipe => ({
  id: `${server}/cors-around-the-app`,
  server,
  causes: MIDDLEWARE_CAUSES,
  where:
    "at the end of the file, after every route, and in place of `add_middleware(CORSMiddleware, …)`, which unhandled exceptions and redirects of `app.mount` do not pass",
  language: "python",
  text: ({ origin, methods, headers, credentials }) => `from starlette.middleware.cors import CORSMiddleware

app = CORSMiddleware(
    app,
    allow_origins=${listOf([origin])},
    allow_methods=${listOf(methods)},
    allow_headers=${listOf(headers)},${credentials ? "\n    allow_credentials=True," : ""}
)
`,
});

/** Changes for FastAPI, and for Starlette without it. */
export const FASTAPI: readonly Recipe[] = [aroundTheApp("fastapi"), aroundTheApp("starlette")];
