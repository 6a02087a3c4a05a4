import { DEFAULT_PAGE_LIMIT, MAX_PAGE_LIMIT, type PageQuery } from "@waybill/protocol";
import type { PageRequest } from "../ports/store.ts";

/** Fills in the defaults of a page request and bounds its size. */
export function pageRequest({ limit, order, after }: PageQuery): PageRequest {
  return {
    limit: Math.min(limit || DEFAULT_PAGE_LIMIT, MAX_PAGE_LIMIT),
    order: order ?? "desc",
    ...(after === undefined ? {} : { after }),
  };
}
