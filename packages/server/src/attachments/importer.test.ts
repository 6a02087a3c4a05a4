import { Client, type Dispatcher } from "undici";
import { expect, test } from "vitest";
import { type ImportClientClass, obeysConnector } from "./import-client.ts";
import { createImporter } from "./importer.ts";

let asked: string[] = [];

/** Fetches by itself. */
class Heedless {
  readonly origin: string;
  constructor(origin: string) {
    this.origin = origin;
  }
  request(): Promise<Dispatcher.ResponseData> {
    asked.push(this.origin);
    return Promise.reject(new TypeError("fetch failed"));
  }
  async destroy(): Promise<void> {}
}
/** Cannot be ended, as Bun's. */
class Endless {
  async request(): Promise<Dispatcher.ResponseData> {
    throw new TypeError("not implemented");
  }
}
function Broken() {
  throw new TypeError("not implemented");
}

test("undici's connections go where they are led", async () => {
  expect(await obeysConnector(Client)).toBe(true);
});

test.each<[string, unknown]>([
  ["fetches by itself", Heedless],
  ["cannot be ended", Endless],
  ["cannot be made", Broken],
])("nothing is imported by a client that %s", async (_, given) => {
  asked = [];
  const importer = createImporter({ version: "0.1.0", Connection: given as ImportClientClass });
  const options = { maxBytes: 9, timeoutMs: 9_000, signal: new AbortController().signal };
  for (const url of ["http://a.example/1.png", "https://a.example/2.png"]) {
    await expect(importer.open(url, options)).rejects.toMatchObject({
      code: "not_implemented",
      details: { host: "a.example" },
    });
  }
  expect(asked.filter((origin) => origin !== "http://127.0.0.1:0")).toEqual([]);
});
