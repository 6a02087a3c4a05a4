import { encodeSse, SSE_PING } from "@waybill/protocol";
import type { DirectBody } from "../direct-exchange.ts";
import { type EventReader, PING_MS } from "../runs/event-stream.ts";
import { breakOff, isBegun, isGone, type NodeResponse } from "./exchange.ts";
import { setHeaders } from "./write-response.ts";

/**
 * Writes a body that never was a web stream, with the head of `response`: JSON in one piece; events as fast as
 * the client reads, those that are ready together in one piece, with the head before the first, and
 * a comment after 15 s of silence. If the client leaves, its reader is closed.
 */
export async function writeDirect(
  body: DirectBody,
  response: Response,
  outgoing: NodeResponse,
): Promise<void> {
  if (isBegun(outgoing)) {
    if (typeof body !== "string") body.close();
    return;
  }
  setHeaders(response, outgoing);
  if (typeof body === "string") {
    outgoing.setHeader("content-length", Buffer.byteLength(body));
    outgoing.writeHead(response.status);
    outgoing.end(body);
    return;
  }
  outgoing.writeHead(response.status);
  await writeEvents(body, outgoing);
}

async function writeEvents(reader: EventReader, outgoing: NodeResponse): Promise<void> {
  let wake = () => {};
  const onDrain = () => wake();
  const onClose = () => {
    reader.close();
    wake();
  };
  outgoing.once("close", onClose).on("drain", onDrain);
  const silence = setTimeout(() => {
    outgoing.write(SSE_PING);
    silence.refresh();
  }, PING_MS);
  try {
    for (;;) {
      const events = await reader.read();
      if (isGone(outgoing)) return;
      if (events === null) break;
      let text = "";
      for (const data of events) text += encodeSse(data);
      silence.refresh();
      if (!outgoing.write(text)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    reader.close();
    outgoing.end();
  } catch (error) {
    breakOff(outgoing);
    reader.close();
    throw error;
  } finally {
    clearTimeout(silence);
    outgoing.off("close", onClose).off("drain", onDrain);
  }
}
