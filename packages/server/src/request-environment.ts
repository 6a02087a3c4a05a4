import type { DirectExchange } from "./direct-exchange.ts";

/** What a web-standard caller may hand over beside the request: the adapter's view of the connection. */
export interface RequestEnvironment {
  /** The Node request, where there is one. */
  readonly incoming?: { readonly socket: { readonly remoteAddress?: string | undefined } };
  /** From an adapter of ours. @default bodies are web streams */
  readonly direct?: DirectExchange;
  /** The id under which the adapter knows the request. @default a new one */
  readonly requestId?: string;
}
