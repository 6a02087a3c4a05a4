import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { createElementBundle } from "./element-bundle.ts";

const TEXT = `const greeting = "Grüße";\n`.repeat(500);
const bundle = createElementBundle(TEXT);

const ask = (headers: Record<string, string> = {}) =>
  bundle(new Request("http://chat.example/chatkit.js", { headers }));

test.each([
  ["identity", "", null],
  ["br before gzip", "gzip, deflate, br, zstd", "br"],
  ["gzip alone", "gzip", "gzip"],
  ["gzip where br is refused", "br;q=0, GZIP;q=0.5", "gzip"],
  ["neither where both are refused", "br; q=0.0, gzip;q=0", null],
  ["nothing for a star", "*", null],
])("answers %s", async (_name, accepted, coding) => {
  const response = await ask(accepted === "" ? {} : { "accept-encoding": accepted });
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = coding === "br" ? brotliDecompressSync(bytes) : coding === "gzip" ? gunzipSync(bytes) : bytes;
  expect(text.toString()).toBe(TEXT);
  expect(response.headers.get("content-encoding")).toBe(coding);
  expect(response.headers.get("vary")).toBe("Accept-Encoding");
  expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-cache");
});

test("has nothing to send to a browser that has the bundle, whatever coding it came in", async () => {
  const etag = (await ask({ "accept-encoding": "br" })).headers.get("etag") ?? "";
  for (const known of [etag, etag.slice(2), `"other", ${etag}`, "*"]) {
    const response = await ask({ "if-none-match": known });
    expect([known, response.status, await response.text()]).toEqual([known, 304, ""]);
    expect(response.headers.get("etag")).toBe(etag);
    expect(response.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
  }
  expect((await ask({ "if-none-match": '"other"' })).status).toBe(200);
});

test("names another bundle differently", async () => {
  const other = await createElementBundle("other")(new Request("http://chat.example/chatkit.js"));
  expect(other.headers.get("etag")).not.toBe((await ask()).headers.get("etag"));
});
