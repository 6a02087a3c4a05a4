import { SERVER_CAUSES } from "./middleware.ts";
import type { Need, Recipe } from "./recipe.ts";

/** HAProxy answers preflights by itself and is the only one that adds headers; to its own answers, too. */
function cors(need: Need): string {
  const allowed = "if { var(txn.cors_origin) -m found }";
  const set = (name: string, value: string) => `http-after-response set-header ${name} ${value} ${allowed}`;
  const lists = [
    `hdr Access-Control-Allow-Methods "${need.methods.join(", ")}"`,
    ...(need.headers.length === 0 ? [] : [`hdr Access-Control-Allow-Headers "${need.headers.join(", ")}"`]),
    "hdr Access-Control-Max-Age 600",
  ];
  return [
    "# One line for each origin that may read this API.",
    `http-request set-var(txn.cors_origin) str(${need.origin}) if { req.hdr(Origin) -m str ${need.origin} }`,
    `http-request return status 204 ${lists.join(" ")} if METH_OPTIONS { req.hdr(Access-Control-Request-Method) -m found }`,
    "# Not http-response: that one does not see the answers that HAProxy gives itself.",
    "http-after-response del-header Access-Control-Allow-Origin",
    set("Access-Control-Allow-Origin", "%[var(txn.cors_origin)]"),
    ...(need.credentials ? [set("Access-Control-Allow-Credentials", "true")] : []),
    "http-after-response add-header Vary Origin",
    "",
  ].join("\n");
}

/** Recipes for HAProxy. */
export const HAPROXY: readonly Recipe[] = [
  {
    id: "haproxy/cors",
    server: "haproxy",
    causes: SERVER_CAUSES,
    where:
      "in the frontend, before its other rules, instead of the CORS lines that are there; HAProxy 2.2 or newer",
    language: "haproxy",
    text: cors,
  },
];
