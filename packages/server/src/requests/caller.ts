import type { Principal } from "../ports/principal.ts";

/** Who asks, and under which id the answer is logged. */
export interface Caller {
  readonly principal: Principal;
  readonly requestId: string;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
}
