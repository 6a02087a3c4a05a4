import type { Need, Recipe } from "./recipe.ts";

/** S3 adds `Vary` and credentials by itself; a rule says the rest. */
function rule(need: Need): string {
  const lines = [
    `<AllowedOrigin>${need.origin}</AllowedOrigin>`,
    ...need.methods.map((method) => `<AllowedMethod>${method}</AllowedMethod>`),
    ...need.headers.map((name) => `<AllowedHeader>${name}</AllowedHeader>`),
    "<ExposeHeader>ETag</ExposeHeader>",
    "<MaxAgeSeconds>600</MaxAgeSeconds>",
  ];
  return ["<CORSRule>", ...lines.map((line) => `    ${line}`), "</CORSRule>", ""].join("\n");
}

/** S3 knows these methods alone in a rule. Source: Amazon S3 API, CORSRule, AllowedMethods. */
const METHODS = new Set(["GET", "PUT", "POST", "DELETE", "HEAD"]);

/** Recipes for S3 and what speaks its protocol. */
export const S3: readonly Recipe[] = [
  {
    id: "s3/cors-rule",
    server: "s3",
    causes: [
      "no-cors",
      "preflight-not-handled",
      "origin-not-listed",
      "method-not-listed",
      "header-not-listed",
    ],
    fits: (need) => need.methods.every((method) => METHODS.has(method)),
    where:
      "in the bucket's <CORSConfiguration> (PutBucketCors), as one more rule, or instead of the one that is there",
    language: "xml",
    text: rule,
  },
];
