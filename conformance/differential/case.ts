import type { Exchange } from "@waybill/policy/browser";

/**
 * One exchange to carry out. Its texts have placeholders for the origins, so that a seed means the same
 * on every machine: `{page}` is the page's own, `{near}` another port of its host, `{far}` and `{away}`
 * two of another host.
 */
export interface Case {
  readonly id: number;
  readonly exchange: Exchange;
}

/** What the placeholders stand for; `sandbox` is a page without an origin. */
export type OriginName = "page" | "near" | "far" | "away";

/** Where a hop of a case is asked. */
export const pathOf = (id: number, hop: number): string => `/c/${id}/${hop}`;

/** Which hop of which case a URL asks; null: none. */
export function hopOf(url: string): { readonly id: number; readonly hop: number } | null {
  const found = /\/c\/(\d+)\/(\d+)/.exec(url);
  return found === null ? null : { id: Number(found[1]), hop: Number(found[2]) };
}

/** The case with its origins in place. */
export function placeOrigins(given: Case, origins: Readonly<Record<OriginName, string>>): Case {
  const text = JSON.stringify(given).replace(
    /\{(page|near|far|away)(\.host)?\}/g,
    (_, name: OriginName, host: string | undefined) =>
      host === undefined ? origins[name] : new URL(origins[name]).host,
  );
  return JSON.parse(text) as Case;
}
