import type { Need, Recipe } from "./recipe.ts";

/** lighttpd replaces what the application says, and answers preflights instead of it. */
function cors(need: Need): string {
  const lines = [
    `"Access-Control-Allow-Origin" => "${need.origin}"`,
    ...(need.credentials ? ['"Access-Control-Allow-Credentials" => "true"'] : []),
    `"Access-Control-Allow-Methods" => "${need.methods.join(", ")}"`,
    ...(need.headers.length === 0 ? [] : [`"Access-Control-Allow-Headers" => "${need.headers.join(", ")}"`]),
    '"Access-Control-Max-Age" => "600"',
    '"Vary" => "Origin"',
  ];
  return [
    "# One such block for each origin that may read this API.",
    `$REQUEST_HEADER["Origin"] == "${need.origin}" {`,
    "    setenv.set-response-header = (",
    lines.map((line) => `        ${line}`).join(",\n"),
    "    )",
    '    $HTTP["request-method"] == "OPTIONS" {',
    "        proxy.server = ()",
    "        auth.require = ()",
    "    }",
    "}",
    "",
  ].join("\n");
}

/** Recipes for lighttpd. */
export const LIGHTTPD: readonly Recipe[] = [
  {
    id: "lighttpd/cors",
    server: "lighttpd",
    causes: [
      "no-cors",
      "failure-without-cors",
      "preflight-not-handled",
      "preflight-only",
      "origin-not-listed",
      "added-twice",
      "wildcard-with-credentials",
      "credentials-not-allowed",
      "method-not-listed",
      "header-not-listed",
      "malformed-header",
    ],
    where: "at the end of lighttpd.conf, instead of the CORS lines that are there; with mod_setenv",
    language: "lighttpd",
    text: cors,
  },
];
