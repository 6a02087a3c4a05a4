import { ChatError } from "@waybill/protocol";
import {
  bytesOf,
  claim,
  cleanFileName,
  type IntakeDeps,
  openBody,
  openForm,
  parseDeclaredType,
  receive,
  settleType,
  takeIn,
  tooLarge,
  type UploadSigner,
} from "../attachments/index.ts";
import type { AttachmentRecord } from "../ports/store.ts";
import type { Caller } from "./caller.ts";

/** Whether a request carries a form. */
export function isForm(request: Request): boolean {
  return /^\s*multipart\/form-data\s*(?:;|$)/i.test(request.headers.get("content-type") ?? "");
}

function rejected(message: string, details: Readonly<Record<string, unknown>>): ChatError {
  return new ChatError("attachment_rejected", { message, details });
}

function mismatch(name: string) {
  return (declared: string, found: string): ChatError =>
    rejected(`${name} was said to be ${declared}, but its bytes are ${found}.`, { declared, found });
}

/** A file without bytes, whichever way it comes. */
export function emptyFile(name: string): ChatError {
  return rejected(`${name} is empty.`, { size_bytes: 0 });
}

/**
 * `POST /v1/files` as a form: the file in the field `file`, as a new attachment in state `ready`. On failure and
 * on abort neither a record nor bytes remain.
 *
 * @throws ChatError `invalid_request` (the form), `attachment_rejected`, `attachment_too_large`, `quota_exceeded`
 */
export async function uploadFile(
  deps: IntakeDeps,
  caller: Caller,
  request: Request,
): Promise<AttachmentRecord> {
  const form = await openForm(openBody(request.body), request.headers.get("content-type") ?? "");
  const given = form.name ?? "";
  const declaredType = parseDeclaredType(form.contentType);
  const nameFor = (mimeType: string) => cleanFileName(given, mimeType);
  const name = nameFor(declaredType ?? "");
  const length = request.headers.get("content-length");
  try {
    return await takeIn(
      deps,
      caller.principal,
      {
        name,
        declaredType,
        // The form is larger than its file.
        boundBytes: length === null ? undefined : Number(length),
        bytes: form.bytes,
        nameFor,
        tooLarge: (received, max) => tooLarge(name, received, max, true),
        checkSize(sizeBytes) {
          if (sizeBytes === 0) throw emptyFile(name);
        },
        settleType: (found) => settleType(found, { mimeType: form.contentType, name: given }, mismatch(name)),
      },
      caller.signal,
    );
  } finally {
    form.cancel();
  }
}

/**
 * `PUT` and `POST /v1/uploads/{id}`: the bytes of a reserved attachment, as they are or in a form. It is
 * `ready` when the last of them is in. What breaks off can be sent again while the URL is valid; what is
 * refused for its bytes cannot.
 *
 * @throws ChatError `forbidden` (the URL), `not_found` (deleted or expired), `upload_conflict` (another upload
 * of it is under way, or over), `invalid_request` (the form), `attachment_rejected` (more or fewer bytes than
 * declared among it), `attachment_too_large`
 */
export async function receiveUpload(
  deps: IntakeDeps,
  signer: UploadSigner,
  request: Request,
): Promise<AttachmentRecord> {
  const claims = signer.verify(request.method, request.url);
  if (claims === null) {
    throw new ChatError("forbidden", {
      message: "This upload's address is not valid, or not any more. Attach the file again.",
    });
  }
  const record = await deps.store.getForSignedUrl(claims.id);
  if (record === null || record.owner.tenant !== claims.tenant || record.epoch < claims.epoch) {
    throw new ChatError("not_found");
  }
  const { name } = record;
  const { size_bytes: declared } = claims;
  const held = await claim(deps, record);
  const otherSize = (received: number, more: string) =>
    rejected(`${name} was said to have ${declared} bytes, but ${more}${received} came.`, {
      declared_bytes: declared,
      received_bytes: received,
    });
  return receive(
    deps,
    held,
    {
      bytes: bodyBytes(request),
      maxBytes: declared,
      overflow: (received) => otherSize(received, "at least "),
      checkSize(received) {
        if (received !== declared) throw otherSize(received, "");
      },
      settleType: (found) => settleType(found, { mimeType: claims.mime_type, name }, mismatch(name)),
      nameFor: () => name,
      otherwise: "keep",
    },
    request.signal,
  );
}

async function* bodyBytes(request: Request): AsyncGenerator<Uint8Array> {
  const body = openBody(request.body);
  if (isForm(request)) yield* (await openForm(body, request.headers.get("content-type") ?? "")).bytes;
  else yield* bytesOf(body);
}
