import { ChatError } from "@waybill/protocol";
import type { Principal } from "../ports/principal.ts";

/** Anything that belongs to somebody. */
export interface Owned {
  readonly owner: Principal;
}

/**
 * The one question of ownership, asked of every record before it is used, also where
 * the store has already asked for the owner's records alone: hands the record back if
 * it is the principal's own.
 *
 * @throws ChatError `not_found`, the same for a foreign record and for none: whether an
 * id exists is nobody else's business. `what` names it for the person.
 */
export function authorize<T extends Owned>(principal: Principal, record: T | null, what: string): T {
  if (record !== null && record.owner.tenant === principal.tenant && record.owner.user === principal.user) {
    return record;
  }
  throw new ChatError("not_found", { message: `There is no such ${what}, or it is not yours.` });
}
