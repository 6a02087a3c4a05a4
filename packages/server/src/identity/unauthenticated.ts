import { ChatError } from "@waybill/protocol";

/** Why nobody was recognised, as far as a caller may know. */
export type UnauthenticatedReason = "missing" | "expired" | "not_accepted" | "untrusted_peer";

const MESSAGES: Readonly<Record<UnauthenticatedReason, string>> = {
  missing: "You are not signed in to this chat: the request says nothing about who you are.",
  expired: "Your sign-in to this chat has expired. Sign in again.",
  not_accepted: "The chat server does not accept this sign-in. Sign in again.",
  untrusted_peer: "This chat takes requests through its own proxy alone.",
};

/** A 401 that says why in general terms, also as `details.reason`; never what would help to forge. */
export function unauthenticated(reason: UnauthenticatedReason): ChatError {
  return new ChatError("unauthenticated", { message: MESSAGES[reason], details: { reason } });
}

/** Whether a name can be a user or a tenant: 1 to 256 characters, no control characters, no halves of a character, which no store keeps apart. */
export function isPrincipalName(value: unknown): value is string {
  return typeof value === "string" && /^[^\p{Cc}\p{Cs}]{1,256}$/u.test(value);
}
