import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWebServer } from "./web-server.ts";

/** A folder with a `waybill.config.mjs` whose answers are what a test tells. */
export interface ToldResponder {
  /** For `startWaybill`. */
  readonly cwd: string;
  /** The next answer to a message that begins with "wait": what is written becomes its text; it ends with it. */
  next(): Promise<ServerResponse>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Writes the folder. A message "wait…" is answered with what the test writes, any other one at
 * once with `You said: ` and its text; before that, to "many N", come N messages.
 *
 * @param more more properties of the configuration, as source.
 */
export async function tellResponder(more = ""): Promise<ToldResponder> {
  const waiting: ServerResponse[] = [];
  const takers: ((response: ServerResponse) => void)[] = [];
  const gate = await startWebServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/plain" }).flushHeaders();
    const take = takers.shift();
    if (take === undefined) waiting.push(response);
    else take(response);
  });
  const cwd = await mkdtemp(join(tmpdir(), "waybill-config-"));
  await writeFile(
    join(cwd, "waybill.config.mjs"),
    `export default {
  ${more}
  async *respond({ thread, signal }, message) {
    const text = message.content.map((part) => part.text).join("");
    const many = Number(/^many (\\d+)$/.exec(text)?.[1] ?? 0);
    for (let index = 0; index < many; index += 1) yield* thread.streamText("Message " + index);
    if (!text.startsWith("wait")) return yield* thread.streamText("You said: " + text);
    const response = await fetch(${JSON.stringify(gate.origin)}, { signal });
    yield* thread.streamText(response.body.pipeThrough(new TextDecoderStream()));
  },
};\n`,
  );
  return {
    cwd,
    next: () =>
      new Promise((resolve) => {
        const response = waiting.shift();
        if (response === undefined) takers.push(resolve);
        else resolve(response);
      }),
    async [Symbol.asyncDispose]() {
      await gate[Symbol.asyncDispose]();
      await rm(cwd, { recursive: true, force: true });
    },
  };
}
