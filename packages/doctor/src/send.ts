import type { HeaderLine } from "@waybill/policy";
import { askHttp1 } from "./ask-http1.ts";
import { askHttp2 } from "./ask-http2.ts";
import { connect, type Destination } from "./connect.ts";
import type { Exchange, Failed } from "./exchange.ts";
import { Fault, failedBy } from "./fault.ts";
import type { AskOptions } from "./question.ts";
import { QuestionError } from "./question-error.ts";
import { readBody } from "./read-body.ts";
import { within } from "./within.ts";

/** One request, as it is to be sent. */
export interface Outgoing {
  readonly purpose: Exchange["purpose"];
  readonly why: string;
  readonly via: string | null;
  /** Sent in the case in which it is written. */
  readonly method: string;
  /** `http:` or `https:`, absolute. */
  readonly url: string;
  /** Sent in this order, lines of one name together. Host, Connection and Content-Length are added where they are missing. */
  readonly headers: readonly HeaderLine[];
  readonly content?: Uint8Array;
}

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether a method changes nothing: may be sent where a browser would not send it, and with `dryRun`. */
export const isSafe = (method: string): boolean => SAFE_METHODS.has(method);

const SECRET_NAME = /authorization|cookie|key|password|secret|session|token/i;

/**
 * Sends one request over a connection of its own, and reads the answer, whatever it is worth: bad
 * bytes, a bad certificate. It follows no redirect, keeps no cookie, decodes no content coding, and asks
 * no proxy of the environment's. When it returns, its connection is closed.
 *
 * A certificate that browsers refuse is told in `Received.certificate`, and the answer is read all the
 * same; what a browser keeps to itself then is kept here, too: lines whose names speak of secrets are left out, and
 * anything but GET, HEAD and OPTIONS is not sent: `Failed`.
 *
 * A failure of the network is an outcome. Two flaws that Chromium reads past are one here, `not-http`: a
 * header without a colon, and a space before one.
 *
 * @throws QuestionError `options.dryRun`, if it is set and the method changes things; the reason of
 * `options.signal`, once it is aborted.
 */
export async function send(outgoing: Outgoing, options: AskOptions = {}): Promise<Exchange> {
  const { signal, timeoutMs = 10_000, bodyBytes = 65_536, lookup } = options;
  const { purpose, why, via, method } = outgoing;
  if (options.dryRun === true && !isSafe(method)) {
    throw new QuestionError("options.dryRun", `it unset where ${method} is to be sent`);
  }
  const url = new URL(outgoing.url);
  let sent = linesOf(outgoing, url, { isHttp2: false, isTrusted: true });
  const exchange = () => ({ purpose, why, via, method, url: outgoing.url, sent });
  using open = new DisposableStack();
  const began = performance.now();
  let missing = "connection";
  try {
    const late = () => new Fault("timeout", `There was no ${missing} within ${timeoutMs} ms.`);
    const { head, certificate } = await within({ ms: timeoutMs, signal, late }, async (limit) => {
      const { socket, isHttp2, certificate } = await connect(destinationOf(url, via), {
        lookup,
        signal: limit,
        open,
      });
      if (certificate !== null && !isSafe(method)) throw new Fault(certificate.fault, certificate.message);
      sent = linesOf(outgoing, url, { isHttp2, isTrusted: certificate === null });
      missing = "answer";
      const path = `${url.pathname}${url.search}`;
      const message = { socket, method, origin: url.origin, path, lines: sent, content: outgoing.content };
      return { head: await (isHttp2 ? askHttp2 : askHttp1)(message), certificate };
    });
    const { stream, ...rest } = head;
    const headMs = performance.now() - began;
    const body = await readBody(stream, { bytes: bodyBytes, ms: timeoutMs, signal, onBody: options.onBody });
    return { ...exchange(), outcome: { kind: "received", ...rest, headMs, ...body, ...marked(certificate) } };
  } catch (error) {
    signal?.throwIfAborted();
    return { ...exchange(), outcome: failedBy(error) };
  }
}

const marked = (certificate: Failed | null) => (certificate === null ? {} : { certificate });

const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "");

function destinationOf(url: URL, via: string | null): Destination {
  const way = via === null ? url : new URL(via);
  const isTls = way.protocol === "https:";
  const port = way.port === "" ? (isTls ? 443 : 80) : Number(way.port);
  return { isTls, host: bareHost(way), port, certificateName: bareHost(url) };
}

function linesOf(
  { headers, content }: Outgoing,
  { host }: URL,
  over: { readonly isHttp2: boolean; readonly isTrusted: boolean },
): readonly HeaderLine[] {
  const has = (wanted: string) => headers.some(([name]) => name.toLowerCase() === wanted);
  const lines: HeaderLine[] = [];
  if (!has("host")) lines.push(["Host", host]);
  if (!has("connection")) lines.push(["Connection", "keep-alive"]);
  if (content !== undefined && !has("content-length")) lines.push(["Content-Length", String(content.length)]);
  lines.push(...headers);
  const kept = over.isTrusted ? lines : lines.filter(([name]) => !SECRET_NAME.test(name));
  return over.isHttp2
    ? kept.map(([name, value]) => [name.toLowerCase(), value] as const).filter(isHttp2Line)
    : kept;
}

// RFC 9113, 8.2.2: lines of the connection; `:authority` is what Host was.
const isHttp2Line = ([name]: HeaderLine): boolean => name !== "connection" && name !== "host";
