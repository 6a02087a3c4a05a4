import type { Setup } from "../setup.ts";

const encoder = new TextEncoder();

/** A POST or PUT of JSON, as pages of applications send it. */
export const sendJson = (
  path: string,
  value: unknown,
  method = "POST",
): Pick<Setup, "request"> & { readonly content: Uint8Array } => ({
  request: { path, method, headers: [["Content-Type", "application/json"]], body: { kind: "text" } },
  content: encoder.encode(JSON.stringify(value)),
});

/** A GET by a page that is logged in by token. */
export const withToken = (path: string): Pick<Setup, "request"> => ({
  request: { path, headers: [["Authorization", "Bearer secret"]] },
});
