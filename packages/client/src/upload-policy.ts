import type { Capabilities } from "@waybill/protocol";
import { serverErrorVerdict, tooLargeText } from "./answer-verdict.ts";
import type { FailedRequest } from "./compose-verdict.ts";
import type { Verdict } from "./verdict.ts";

/**
 * The verdict on a file that the server has said it does not take; null: it may be sent. As the
 * server would put it, without a status, because nothing was asked.
 */
export function refusalByPolicy(
  capabilities: Capabilities | null,
  file: File,
): ((request: FailedRequest) => Verdict) | null {
  if (capabilities === null) return null;
  const { accept, max_bytes } = capabilities.attachments;
  const type = file.type.split(";", 1)[0]?.toLowerCase() || "application/octet-stream";
  const refuse = (code: string, message: string, seen: string) => (request: FailedRequest) =>
    serverErrorVerdict({ code, message: `${message} Nothing was sent.`, seen: `${seen} (GET v1).` }, request);
  // What the browser cannot name, the server finds out from the bytes.
  if (file.type !== "" && !accept.some((pattern) => covers(pattern, type))) {
    return refuse(
      "attachment_rejected",
      `${file.name} is ${type}.`,
      `The server's published policy takes ${accept.join(", ") || "no files"}`,
    );
  }
  const pattern = Object.keys(max_bytes)
    .filter((candidate) => covers(candidate, type))
    .toSorted((a, b) => a.split("*").length - b.split("*").length)[0];
  const limit = pattern === undefined ? undefined : max_bytes[pattern];
  if (limit === undefined || file.size <= limit) return null;
  return refuse(
    "attachment_too_large",
    tooLargeText(file.name, file.size, limit),
    `The server's published policy takes at most ${limit} bytes of ${pattern}, the file has ${file.size}`,
  );
}

/** Whether a MIME pattern such as `image/*` names a type. */
function covers(pattern: string, type: string): boolean {
  const [kind, rest] = pattern.toLowerCase().split("/");
  const [ownKind, ownRest] = type.split("/");
  return (kind === "*" || kind === ownKind) && (rest === "*" || rest === ownRest);
}
