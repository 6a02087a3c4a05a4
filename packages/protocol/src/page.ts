/**
 * One page of a list. `after` is the id of the last entry and present only when
 * there is more; handing it back as `after` continues behind that entry.
 * The empty page is `{ data: [], has_more: false }`.
 *
 * Source: openai-chatkit 1.6.5, `types.py`, `Page`.
 */
export interface Page<T> {
  readonly data: readonly T[];
  readonly has_more: boolean;
  readonly after?: string;
}

/** What a list request may ask for. */
export interface PageQuery {
  /** Entries wanted; 0 and absent mean {@link DEFAULT_PAGE_LIMIT}. */
  readonly limit?: number;
  /** @default "desc" */
  readonly order?: "asc" | "desc";
  /** Id of the entry behind which the page begins (exclusive). */
  readonly after?: string;
}

/** Entries on a page when a request names no limit, or 0. */
export const DEFAULT_PAGE_LIMIT = 20;

/** The most entries that one page has; a larger `limit` is answered with this many. */
export const MAX_PAGE_LIMIT = 1000;
