import type { IncomingMessage } from "node:http";
import { createId } from "@waybill/protocol";

const ids = new WeakMap<IncomingMessage, string>();

/** The id under which a request is logged and answered: the same whenever it is asked. */
export function requestIdOf(incoming: IncomingMessage): string {
  let id = ids.get(incoming);
  if (id === undefined) {
    id = createId("request");
    ids.set(incoming, id);
  }
  return id;
}

/** The path of a request target, without its query; a malformed one counts as the root. */
export function pathOf(target: string | undefined): string {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*)?(\/[^?#]*)/i.exec(target ?? "/")?.[1] ?? "/";
}

/** The request target as it came over the wire: frameworks cut the path of a mount off, and keep it aside. */
export function targetOf(incoming: IncomingMessage): string {
  const { originalUrl } = incoming as { readonly originalUrl?: unknown };
  return typeof originalUrl === "string" ? originalUrl : (incoming.url ?? "/");
}
