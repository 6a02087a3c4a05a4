import { breakOff, isBegun, isGone, type NodeResponse } from "./exchange.ts";

/**
 * Writes a web response as fast as the client reads. If the client leaves, the body is
 * cancelled; if the body fails after the head is out, or is not as long as the head says, the
 * connection breaks, which is the one honest sign that is left.
 */
export async function writeWebResponse(response: Response, outgoing: NodeResponse): Promise<void> {
  const { body } = response;
  if (isBegun(outgoing)) {
    await body?.cancel();
    return;
  }
  const reader = body?.getReader();
  setHeaders(response, outgoing);
  outgoing.writeHead(response.status);
  if (reader === undefined || outgoing.req.method === "HEAD") {
    outgoing.end();
    await reader?.cancel();
    return;
  }
  let wake = () => {};
  const onClose = () => {
    reader.cancel().catch(() => {});
    wake();
  };
  const onDrain = () => wake();
  outgoing.once("close", onClose).on("drain", onDrain);
  outgoing.strictContentLength = true;
  outgoing.flushHeaders?.();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (isGone(outgoing)) return;
      if (done) break;
      if (!outgoing.write(value)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    outgoing.end();
  } catch (error) {
    breakOff(outgoing);
    reader.cancel().catch(() => {});
    throw error;
  } finally {
    outgoing.off("close", onClose).off("drain", onDrain);
  }
}

/** Takes over the headers of a response. */
export function setHeaders(response: Response, outgoing: NodeResponse): void {
  // fetch has decoded the body of a response that is passed on, but its headers still describe the code.
  const decoded = response.url !== "" && response.headers.has("content-encoding");
  for (const [name, value] of response.headers) {
    // How the body is framed is this connection's own affair.
    if (name === "set-cookie" || name === "transfer-encoding") continue;
    if (name === "connection" && outgoing.stream !== undefined) continue;
    if (decoded && (name === "content-encoding" || name === "content-length")) continue;
    outgoing.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader("set-cookie", cookies);
}
