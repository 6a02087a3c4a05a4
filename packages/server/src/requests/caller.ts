import type { Principal } from "../ports/principal.ts";

/** Who asks, and under which id the answer is logged. */
export interface Caller {
  readonly principal: Principal;
  readonly requestId: string;
  /** The `Idempotency-Key` of the request; a turn with a known one is recognised. */
  readonly idempotencyKey: string | undefined;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
}

/** What a hook is told of the request that it is called for. */
export type HookContext = Pick<Caller, "principal" | "requestId" | "signal">;
