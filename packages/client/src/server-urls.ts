/** The header by which every answer of a Waybill server says its version. */
export const WAYBILL_HEADER = "Waybill";

/**
 * The protocol route as an absolute URL. Its siblings (`v1/…`, `chatkit.js`) are resolved
 * relative to its folder.
 *
 * @throws TypeError if the text is no http or https URL, or carries a user name or password,
 * which `fetch` refuses.
 */
export function parseServerUrl(text: string, base: string | null): string {
  const url = parseUrl(text, base);
  if (url === null) throw new TypeError(`The chat server's address is not a URL: ${text}`);
  if (!isHttp(url)) throw new TypeError(`The chat server's address must be http or https: ${text}`);
  if (url.username !== "" || url.password !== "") {
    throw new TypeError("The chat server's address must not have a user name or password.");
  }
  url.hash = "";
  return url.href;
}

/** The absolute URL that a server can fetch an attachment from; null for `blob:`, `data:` and what is no URL. */
export function parseSourceUrl(text: string, base: string | null): string | null {
  const url = parseUrl(text, base);
  return url !== null && isHttp(url) ? url.href : null;
}

const parseUrl = (text: string, base: string | null): URL | null =>
  URL.canParse(text, base ?? undefined) ? new URL(text, base ?? undefined) : null;

const isHttp = (url: URL): boolean => url.protocol === "http:" || url.protocol === "https:";
