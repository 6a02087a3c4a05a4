import { SERVER_CAUSES } from "./middleware.ts";
import type { Need, Recipe } from "./recipe.ts";

/** The lines that allow, each for every status. */
function allowing(need: Need): readonly string[] {
  return [
    "add_header Access-Control-Allow-Origin $cors_origin always;",
    ...(need.credentials ? ["add_header Access-Control-Allow-Credentials true always;"] : []),
    "add_header Vary Origin always;",
  ];
}

/** nginx answers preflights by itself and is the only one that adds headers; to failures, too. */
function cors(need: Need): string {
  const preflight = [
    ...allowing(need),
    `add_header Access-Control-Allow-Methods "${need.methods.join(", ")}" always;`,
    ...(need.headers.length === 0
      ? []
      : [`add_header Access-Control-Allow-Headers "${need.headers.join(", ")}" always;`]),
    "add_header Access-Control-Max-Age 600 always;",
    "return 204;",
  ];
  return [
    "# In http:",
    "# One line for each origin that may read this API.",
    "map $http_origin $cors_origin {",
    '    default "";',
    `    "${need.origin}" "${need.origin}";`,
    "}",
    'map "$request_method $http_access_control_request_method" $cors_preflight {',
    '    default "";',
    '    "~^OPTIONS ." 1;',
    "}",
    "# In location:",
    "# What the application behind adds itself would be there twice.",
    "proxy_hide_header Access-Control-Allow-Origin;",
    "proxy_hide_header Access-Control-Allow-Credentials;",
    ...allowing(need),
    "if ($cors_preflight) {",
    ...preflight.map((line) => `    ${line}`),
    "}",
    "",
  ].join("\n");
}

/** Whether a redirect adds a slash to the path, and does nothing else. */
function addsSlash(need: Need): boolean {
  return need.redirectsTo !== undefined && new URL(need.redirectsTo).pathname === `${need.path}/`;
}

/** Recipes for nginx. */
export const NGINX: readonly Recipe[] = [
  {
    id: "nginx/trailing-slash",
    server: "nginx",
    causes: ["redirect"],
    fits: addsSlash,
    where: `in the server block, beside the location whose name ends with a slash`,
    language: "nginx",
    text: (need) => [`location = ${need.path} {`, `    rewrite ^ ${need.path}/ last;`, "}", ""].join("\n"),
  },
  {
    id: "nginx/cors",
    server: "nginx",
    causes: SERVER_CAUSES,
    where:
      "the maps in the http block, the rest at the beginning of the location that serves the API, instead of the CORS lines that are there",
    language: "nginx",
    text: cors,
  },
];
