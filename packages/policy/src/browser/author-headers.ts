import type { HeaderLine } from "../cors-policy.ts";
import { isForbiddenMethod, isForbiddenRequestHeader, isToken } from "../header-names.ts";
import type { PageRequest, RequestBody } from "./exchange.ts";
import { normalise, valueOf } from "./header-list.ts";
import { type Departs, isNoCorsSafelisted } from "./safelist.ts";

/** Whether a page's own line is dropped without a word. Source: Fetch, "forbidden request-header". */
function isForbidden(name: string, value: string): boolean {
  if (/^x-http-method(?:-override)?$|^x-method-override$/.test(name)) {
    return value.split(",").some((method) => isForbiddenMethod(normalise(method)));
  }
  // The policy counts all of access-control-* as forbidden; a page may set those that mean nothing in requests.
  if (name.startsWith("access-control-")) return /^access-control-request-(?:headers|method)$/.test(name);
  return isForbiddenRequestHeader(name);
}

/** The type that a body brings along; null: none. Source: Fetch, "extract a body". */
function typeOf(body: RequestBody): string | null {
  switch (body.kind) {
    case "text":
      return "text/plain;charset=UTF-8";
    case "form":
      return "application/x-www-form-urlencoded;charset=UTF-8";
    case "multipart":
      // The browser chooses the boundary; it is no part of any rule.
      return "multipart/form-data; boundary=----boundary";
    case "blob":
      return body.type === "" ? null : body.type.toLowerCase();
    default:
      return null;
  }
}

/**
 * The lines that a request keeps of those that the page appends, or null if one of them throws.
 *
 * Source: Fetch, Headers, "append" and the guards "request" and "request-no-cors"; Request's constructor.
 */
export function authorHeaders(request: PageRequest, departs: Departs): readonly HeaderLine[] | null {
  const kept: HeaderLine[] = [];
  const append = (key: string, text: string): boolean => {
    const value = normalise(text);
    // Fetch, "header value".
    if (!isToken(key) || /[\0\r\n]/.test(value)) return false;
    const name = key.toLowerCase();
    if (isForbidden(name, value)) return true;
    if (name === "user-agent" && departs("user-agent-cannot-be-set")) return true;
    if (request.mode === "no-cors") {
      const before = valueOf(kept, name);
      if (!isNoCorsSafelisted(name, before === null ? value : `${before}, ${value}`)) return true;
    }
    kept.push([name, value]);
    return true;
  };
  for (const [name, value] of request.headers ?? []) if (!append(name, value)) return null;
  const type = request.body ? typeOf(request.body) : null;
  if (type !== null && valueOf(kept, "content-type") === null) append("content-type", type);
  return kept;
}
