import { ChatError } from "@waybill/protocol";
import { hostOf, type NodeRequest } from "./exchange.ts";

/** Largest head of a request in bytes; beyond it 431. */
const MAX_HEAD_BYTES = 16 * 1024;

/** A request that is refused whatever it asks for. */
export interface Refusal {
  readonly error: ChatError;
  /** @default the error's own */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Why a request is refused before anybody looks at what it asks for: its head is too large, its `Host`
 * is missing, repeated, malformed or not among `allowedHosts` (undefined: any), its target is not ours,
 * or its method is one that no page can use. Undefined if it is not.
 */
export function refusalOf(
  incoming: NodeRequest,
  allowedHosts: readonly string[] | undefined,
): Refusal | undefined {
  const { rawHeaders, method = "GET", url = "/" } = incoming;
  let hosts = 0;
  // Over HTTP/2, method and target are lines of the head themselves.
  let bytes = incoming.stream === undefined ? method.length + url.length : 0;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    bytes += name.length + (rawHeaders[index + 1]?.length ?? 0) + 4;
    if (name.length === 4 && name.toLowerCase() === "host") hosts += 1;
  }
  if (bytes > MAX_HEAD_BYTES) {
    const message = `The request's headers are larger than the ${MAX_HEAD_BYTES} bytes that this server takes.`;
    return { error: new ChatError("invalid_request", { message }), status: 431 };
  }
  const host = hostOf(incoming);
  if (host === undefined || host === "") return invalidHost("The request has no Host header.");
  // RFC 9113, 8.3.1: beside :authority, Host says the same.
  if (hosts > 1 || (hosts === 1 && incoming.headers.host !== host))
    return invalidHost("The request has more than one Host header.");
  if (!/^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(host)) {
    return invalidHost("The request's Host header is no host.");
  }
  // RFC 9112, 3.2.2: such a target overrides Host. Two names for one request are one too many.
  if (!url.startsWith("/") && url !== "*" && !namesHost(url, host)) {
    return invalidHost("The request's address names another host than its Host header.");
  }
  // DNS rebinding: a page of any name can be made to reach this address, but not to name it.
  if (allowedHosts !== undefined && !allowedHosts.includes(host.toLowerCase())) {
    return invalidHost(
      `This server does not answer as ${host}. Use one of its own addresses, or set WAYBILL_PUBLIC_BASE_URL.`,
    );
  }
  if (method === "TRACE") {
    const message = "No address of this server takes TRACE.";
    return {
      error: new ChatError("method_not_allowed", { message }),
      headers: { allow: "GET, HEAD, POST, OPTIONS" },
    };
  }
  return undefined;
}

function namesHost(target: string, host: string): boolean {
  const authority = /^https?:\/\/([^/?#]*)/i.exec(target)?.[1];
  return authority?.toLowerCase() === host.toLowerCase();
}

function invalidHost(message: string): Refusal {
  return { error: new ChatError("invalid_request", { message, details: { header: "Host" } }) };
}
