import { SERVER_CAUSES } from "./middleware.ts";
import type { Need, Recipe } from "./recipe.ts";

/** Caddy answers preflights by itself and is the only one that adds headers; to failures, too. */
function cors(need: Need): string {
  const allowing = [
    `Access-Control-Allow-Origin "${need.origin}"`,
    ...(need.credentials ? ['Access-Control-Allow-Credentials "true"'] : []),
  ];
  const preflight = [
    `Access-Control-Allow-Methods "${need.methods.join(", ")}"`,
    ...(need.headers.length === 0 ? [] : [`Access-Control-Allow-Headers "${need.headers.join(", ")}"`]),
    'Access-Control-Max-Age "600"',
  ];
  return [
    "# One such matcher for each origin that may read this API.",
    `@cors header Origin "${need.origin}"`,
    "@preflight {",
    "    method OPTIONS",
    `    header Origin "${need.origin}"`,
    "    header Access-Control-Request-Method *",
    "}",
    "# Now, for failures of Caddy's own; and again at the end, instead of what the application adds.",
    "header @cors {",
    ...allowing.map((line) => `    ${line}`),
    "}",
    "header @cors {",
    ...allowing.map((line) => `    ${line}`),
    "    defer",
    "}",
    "header +Vary Origin",
    "header @preflight {",
    ...preflight.map((line) => `    ${line}`),
    "}",
    "respond @preflight 204",
    "",
  ].join("\n");
}

/** Recipes for Caddy. */
export const CADDY: readonly Recipe[] = [
  {
    id: "caddy/cors",
    server: "caddy",
    causes: SERVER_CAUSES,
    where:
      "in a `route` around everything of the site that serves the API, at its beginning, instead of the CORS lines that are there",
    language: "caddyfile",
    text: cors,
  },
];
