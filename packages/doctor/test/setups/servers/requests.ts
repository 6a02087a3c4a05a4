import type { ServerCase } from "./server-setup.ts";

/** A POST of JSON, which is asked for before. */
export const jsonPost: Required<Pick<ServerCase, "request" | "content">> = {
  request: {
    path: "/api/items",
    method: "POST",
    headers: [["Content-Type", "application/json"]],
    body: { kind: "text" },
  },
  content: new TextEncoder().encode('{"name":"new"}'),
};

/** A PUT of 32 KiB. */
export const upload: typeof jsonPost = {
  request: {
    path: "/api/upload",
    method: "PUT",
    headers: [["Content-Type", "image/png"]],
    body: { kind: "bytes" },
  },
  content: new Uint8Array(32_768),
};

/** A GET with a password, which is asked for before. */
export const withPassword: Pick<ServerCase, "request"> = {
  request: { path: "/api/items", headers: [["Authorization", "Basic dXNlcjpwYXNz"]] },
};
