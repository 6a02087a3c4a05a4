import type { ServerHttp2Stream } from "node:http2";
import { createId } from "@waybill/protocol";
import type { NodeRequest } from "./exchange.ts";

const ids = new WeakMap<object, string>();

/** The id under which a request, or the stream that it came on, is logged and answered: the same whenever it is asked. */
export function requestIdOf(request: NodeRequest | ServerHttp2Stream): string {
  const key = "pushStream" in request ? request : (request.stream ?? request);
  let id = ids.get(key);
  if (id === undefined) {
    id = createId("request");
    ids.set(key, id);
  }
  return id;
}

/** The path of a request target, without its query; a malformed one counts as the root. */
export function pathOf(target: string | undefined): string {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*)?(\/[^?#]*)/i.exec(target ?? "/")?.[1] ?? "/";
}

/** The request target as it came over the wire: frameworks cut the path of a mount off, and keep it aside. */
export function targetOf(incoming: NodeRequest): string {
  const { originalUrl } = incoming as { readonly originalUrl?: unknown };
  return typeof originalUrl === "string" ? originalUrl : (incoming.url ?? "/");
}
