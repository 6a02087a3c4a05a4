import type { Readable } from "node:stream";
import { Busboy } from "@fastify/busboy";
import { ChatError } from "@waybill/protocol";
import type { RequestBody } from "./request-body.ts";

/** The one file of a form. */
export interface FormFile {
  /** As the client sent it; undefined if it sent none. */
  readonly name: string | undefined;
  /** `Content-Type` of the part. */
  readonly contentType: string;
  /**
   * Its bytes, once. They end when the whole form has been read and is sound, and throw otherwise. Leaving them
   * early ends the reading.
   */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Ends the reading; needed where the bytes may never have been asked for. Twice is no error. */
  cancel(): void;
}

const FILE_FIELD = "file";
const BUFFER_BYTES = 1024 * 1024;
const LIMITS = Object.freeze({
  files: 1,
  fields: 8,
  fieldSize: 4 * 1024,
  parts: 10,
  headerPairs: 16,
  headerSize: 16 * 1024,
});

function wrong(message: string): ChatError {
  return new ChatError("invalid_request", { message, details: { path: FILE_FIELD } });
}

function unfinished(): ChatError {
  return wrong("The form ended before its last boundary.");
}

function parserOf(contentType: string) {
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      highWaterMark: BUFFER_BYTES,
      fileHwm: BUFFER_BYTES,
      // The file need not have a name, and other fields may claim to be files.
      isPartAFile: (field, _type, name) => field === FILE_FIELD || name !== undefined,
      limits: LIMITS,
    });
  } catch {
    throw wrong("The Content-Type names no boundary between the parts of the form.");
  }
}

/**
 * Opens a `multipart/form-data` body, as far as the beginning of its file: the field `file`, exactly once, with
 * up to 8 other fields of up to 4 KiB, which are read and ignored.
 *
 * @throws ChatError `invalid_request` for any other form, and for a body that is none or breaks off.
 */
export function openForm(body: RequestBody, contentType: string): Promise<FormFile> {
  const parser = parserOf(contentType);
  const opened = Promise.withResolvers<FormFile>();
  const ended = Promise.withResolvers<void>();
  ended.promise.catch(() => undefined);
  let file: Readable | undefined;
  let failed = false;
  let wake = (): void => {};
  const fail = (error: unknown): void => {
    if (failed) return;
    failed = true;
    opened.reject(error);
    ended.reject(error);
    file?.destroy();
    body.cancel();
    wake();
  };

  async function* bytesOf(part: Readable): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of part) yield chunk;
    } catch {
      // The reason is the form's, and follows.
    } finally {
      if (!part.readableEnded) fail(unfinished());
    }
    await ended.promise;
  }

  parser.on("file", (field, part, name, _encoding, type) => {
    part.on("error", () => fail(unfinished()));
    if (field !== FILE_FIELD)
      return fail(wrong(`The form has a file in the field "${field}"; it belongs into "file".`));
    file = part;
    opened.resolve({ name, contentType: type, bytes: bytesOf(part), cancel: () => fail(unfinished()) });
  });
  parser.on("field", (field, _value, nameTruncated, valueTruncated) => {
    if (nameTruncated || valueTruncated)
      fail(wrong(`The field "${field}" is longer than ${LIMITS.fieldSize} bytes.`));
  });
  parser.on("filesLimit", () => fail(wrong("The form has more than one file.")));
  parser.on("fieldsLimit", () =>
    fail(wrong(`The form has more than ${LIMITS.fields} fields beside its file.`)),
  );
  parser.on("partsLimit", () => fail(wrong(`The form has more than ${LIMITS.parts} parts.`)));
  parser.on("error", () => fail(unfinished()));
  parser.on("drain", () => wake());
  parser.on("finish", () => {
    if (file === undefined) fail(wrong('The form has no file in the field "file".'));
    else ended.resolve();
  });

  const pump = async (): Promise<void> => {
    for (;;) {
      const piece = await body.next();
      if (failed) return;
      if (piece === null) {
        parser.end();
        return;
      }
      if (parser.write(piece)) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  pump().catch(fail);
  return opened.promise;
}
