import { createHash } from "node:crypto";
import { ChatError, type StreamingRequest } from "@waybill/protocol";
import type { KeyedRun, Store, TurnKey } from "../ports/store.ts";
import type { Runs } from "../runs/runs.ts";
import type { Caller } from "./caller.ts";

const MAX_KEY_CHARS = 256;
/** The official client sends a turn again for less than a minute; a person who writes the same later means a new one. */
const REPEATED_WITHIN_MS = 120_000;

/** What recognising needs. */
export interface RecogniseParts {
  readonly store: Store;
  readonly runs: Runs;
  readonly now: () => Date;
}

/** What a turn is recognised by. */
export interface RecognisedTurn {
  /** Stored with the turn; absent where it is not to be recognised. */
  readonly key?: TurnKey;
  /** The run of the same turn that has come before, or null. */
  readonly earlier: KeyedRun | null;
  /** The run that gives its key to this turn's. */
  readonly replaces?: string;
}

/**
 * Finds the run of a turn that is sent again: by its `Idempotency-Key`, or without one by the caller and
 * the body, if the first attempt never got an answer. An answer that came to its end, or that a person
 * stopped when words of it were there, is never taken for one that broke off.
 *
 * @throws ChatError `invalid_request` for a key that is longer than 256 characters or belongs to another request.
 */
export async function recogniseTurn(
  parts: RecogniseParts,
  caller: Caller,
  request: StreamingRequest,
): Promise<RecognisedTurn> {
  const given = caller.idempotencyKey;
  if (given === undefined && !isRecognisedByBody(request)) return { earlier: null };
  if (given !== undefined && given.length > MAX_KEY_CHARS) {
    throw wrongKey(`The Idempotency-Key is longer than ${MAX_KEY_CHARS} characters.`);
  }
  const fingerprint = createHash("sha256").update(JSON.stringify(request)).digest("base64url");
  // A header never holds a control character: the two kinds of key do not meet.
  const key: TurnKey = { key: given ?? `\n${fingerprint}`, fingerprint };
  const earlier = await parts.store.runs.findByKey(caller.principal, key.key);
  if (earlier === null) return { key, earlier };
  if (given !== undefined) {
    if (earlier.fingerprint === fingerprint) return { key, earlier };
    throw wrongKey("The Idempotency-Key belongs to another request. Use a new one for each turn.");
  }
  if (earlier.run.state === "active") {
    // The first attempt is being answered. In a thread of their own, two tabs may well say the same.
    return request.type === "threads.create" ? { earlier: null } : { key, earlier };
  }
  return (await brokeOff(parts, caller, earlier))
    ? { key, earlier }
    : { key, earlier: null, replaces: earlier.run.id };
}

/** An answer anew and an action are asked for as often as a person asks. */
function isRecognisedByBody({ type }: StreamingRequest): boolean {
  return type !== "threads.retry_after_item" && type !== "threads.custom_action";
}

/** Whether a run ended without its reader's doing, lately, and nothing has come after it. */
async function brokeOff(
  { store, now }: RecogniseParts,
  { principal }: Caller,
  { run, started_at, item_id }: KeyedRun,
): Promise<boolean> {
  if (run.state !== "interrupted" && run.state !== "stopped") return false;
  if (now().getTime() - Date.parse(started_at) > REPEATED_WITHIN_MS) return false;
  const newest = await store.runs.newest(principal, run.thread_id);
  if (newest?.id !== run.id) return false;
  if (run.state === "interrupted") return true;
  const page = await store.threads.listItems(principal, run.thread_id, {
    limit: 1,
    order: "desc",
    hidden: false,
  });
  return page.data[0]?.id === item_id;
}

function wrongKey(message: string): ChatError {
  return new ChatError("invalid_request", { message, details: { header: "Idempotency-Key" } });
}
