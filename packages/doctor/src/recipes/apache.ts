import { SERVER_CAUSES } from "./middleware.ts";
import type { Need, Recipe } from "./recipe.ts";

/** A condition that is exact: nothing of what the browser sends is given back. */
const fromPage = (need: Need): string => `"expr=%{HTTP:Origin} == '${need.origin}'"`;

/** Apache answers preflights by itself and is the only one that adds headers; to failures, too. */
function cors(need: Need): string {
  const set = (name: string, value: string) => `Header always set ${name} "${value}" ${fromPage(need)}`;
  return [
    "# What the application behind adds itself would be there twice.",
    "Header onsuccess unset Access-Control-Allow-Origin",
    "Header onsuccess unset Access-Control-Allow-Credentials",
    "# These lines once for each origin that may read this API.",
    set("Access-Control-Allow-Origin", need.origin),
    ...(need.credentials ? [set("Access-Control-Allow-Credentials", "true")] : []),
    set("Access-Control-Allow-Methods", need.methods.join(", ")),
    ...(need.headers.length === 0 ? [] : [set("Access-Control-Allow-Headers", need.headers.join(", "))]),
    set("Access-Control-Max-Age", "600"),
    "Header always merge Vary Origin",
    "# Preflights, before passwords, limits and other rules.",
    "RewriteEngine On",
    "RewriteCond %{REQUEST_METHOD} =OPTIONS",
    "RewriteCond %{HTTP:Access-Control-Request-Method} .",
    "RewriteRule ^ - [R=204,L]",
    "",
  ].join("\n");
}

/** Recipes for Apache. */
export const APACHE: readonly Recipe[] = [
  {
    id: "apache/cors",
    server: "apache",
    causes: SERVER_CAUSES,
    where:
      "in the <VirtualHost>, outside of <Directory> and <Location> and before its other rules, instead of the CORS lines that are there; with mod_headers and mod_rewrite",
    language: "apache",
    text: cors,
  },
];
