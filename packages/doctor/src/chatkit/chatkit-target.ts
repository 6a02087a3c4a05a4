import type { HeaderLine } from "@waybill/policy";
import type { PageRequest } from "@waybill/policy/browser";

/** The page and the server that are to fit together. */
export interface ChatKitTarget {
  /** The page's. */
  readonly origin: string;
  /** Of the ChatKit protocol, as the page names it: `https://api.example/chatkit`. */
  readonly url: string;
  /** What the page adds to every request, for example `Authorization`. @default [] */
  readonly headers?: readonly HeaderLine[];
  /** @default "same-origin" */
  readonly credentials?: NonNullable<PageRequest["credentials"]>;
}
