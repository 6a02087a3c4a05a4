import { createServer } from "node:http";
import { listen } from "./attachment-desk.ts";
import { encodePng } from "./png.ts";

/** A host with one picture. */
export interface LoopbackPictures {
  readonly url: string;
  /** `host:port`, as `importAllow` takes it. */
  readonly host: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts one on a free loopback port. */
export async function pictureServer(): Promise<LoopbackPictures> {
  const picture = encodePng(8, 6);
  const { port, close } = await listen(
    createServer((_request, response) => response.setHeader("content-type", "image/png").end(picture)),
  );
  const host = `127.0.0.1:${port}`;
  return { url: `http://${host}/cat.png`, host, [Symbol.asyncDispose]: close };
}
