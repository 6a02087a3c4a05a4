import type { Principal } from "../ports/principal.ts";

/** What is known of the connection beside the request; absent where no socket is ours. */
export interface Connection {
  readonly remoteAddress: string | undefined;
}

/**
 * Names who asks. Null means nobody: the request is answered with 401. A `ChatError` says why in
 * its own words; any other exception is a failure of the server (500).
 */
export type Authenticate = (
  request: Request,
  connection: Connection | undefined,
) => Principal | null | Promise<Principal | null>;
