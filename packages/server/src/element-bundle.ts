import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

type Coding = "br" | "gzip";

const compressors: Readonly<Record<Coding, (text: string) => Promise<Uint8Array<ArrayBuffer>>>> = {
  br: async (text) =>
    new Uint8Array(
      await promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }),
    ),
  gzip: async (text) => new Uint8Array(await promisify(gzip)(text, { level: 9 })),
};

/** Whether `Accept-Encoding` names a coding with a weight above 0; `*` is not taken for one. */
function accepts(header: string, coding: Coding): boolean {
  return header
    .toLowerCase()
    .split(",")
    .some((entry) => {
      const [name, ...parameters] = entry.split(";").map((part) => part.trim());
      return name === coding && !parameters.some((part) => /^q=0(?:\.0*)?$/.test(part));
    });
}

/**
 * Answers requests for the element's bundle: compressed as the browser takes it, each way once for
 * all requests, and with 304 for a browser that has it. Browsers ask each time, so that a new
 * version is there at once.
 *
 * Source: RFC 9110, sections 8.8.3 (entity tags), 12.5.3 (Accept-Encoding), 13.1.2 (If-None-Match).
 */
export function createElementBundle(text: string): (request: Request) => Promise<Response> {
  // Weak: the same for all codings.
  const etag = `W/"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  const compressed: Partial<Record<Coding, Promise<Uint8Array<ArrayBuffer>>>> = {};
  return async ({ headers }) => {
    const common = {
      "cache-control": "no-cache",
      "cross-origin-resource-policy": "cross-origin",
      "x-content-type-options": "nosniff",
      etag,
      vary: "Accept-Encoding",
    };
    const known =
      headers
        .get("if-none-match")
        ?.split(",")
        .map((tag) => tag.trim()) ?? [];
    if (known.some((tag) => tag === "*" || tag === etag || `W/${tag}` === etag))
      return new Response(null, { status: 304, headers: common });
    const accepted = headers.get("accept-encoding") ?? "";
    const coding = (["br", "gzip"] as const).find((name) => accepts(accepted, name));
    const content = { ...common, "content-type": "text/javascript; charset=utf-8" };
    if (coding === undefined) return new Response(text, { headers: content });
    compressed[coding] ??= compressors[coding](text);
    return new Response(await compressed[coding], {
      headers: { ...content, "content-encoding": coding },
    });
  };
}
