/** A link to something in the page: its name, and what it carries along. */
export interface Deeplink {
  readonly name: string;
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Reads `chatkit-link://name?key=value`; null for any other address.
 *
 * Source: `@openai/chatkit` 1.9, `ChatKitEvents["chatkit.deeplink"]`, which leaves the form of
 * the address open: its host and path are taken as the name, its query as the data.
 */
export function parseDeeplink(address: string): Deeplink | null {
  const url = URL.parse(address);
  if (url?.protocol !== "chatkit-link:") return null;
  const name = `${url.host}${url.pathname}`.replace(/^\/+|\/+$/g, "");
  const data = Object.fromEntries(url.searchParams);
  return Object.keys(data).length === 0 ? { name } : { name, data };
}

/** The link of a press; null for any other press. */
export function pressedDeeplink(event: Event): Deeplink | null {
  const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-deeplink]") : null;
  return link === null ? null : parseDeeplink(link.dataset["deeplink"] ?? "");
}
