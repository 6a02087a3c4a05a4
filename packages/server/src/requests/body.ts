import { ChatError } from "@waybill/protocol";
import type { ParseResult } from "@waybill/protocol/schema";
import type { RequestBody } from "../attachments/request-body.ts";
import { piecesOf } from "../direct-exchange.ts";

/**
 * The JSON body of a request, from `pieces` where the adapter has them.
 *
 * @throws ChatError `unsupported_media_type` unless it is declared as `application/json`;
 * `payload_too_large` beyond `maxBytes`, as early as that can be known; `invalid_request`
 * if it is not UTF-8, not JSON, or not an object.
 */
export async function readJsonObject(
  request: Request,
  maxBytes: number,
  pieces: RequestBody = piecesOf(request, undefined),
): Promise<Record<string, unknown>> {
  const declared = request.headers.get("content-type") ?? "";
  if (declared.split(";", 1)[0]?.trim().toLowerCase() !== "application/json") {
    throw new ChatError("unsupported_media_type", {
      message: `This address takes application/json; the request ${declared === "" ? "names no content type" : `is ${declared}`}.`,
    });
  }
  const text = decode(await readBytes(request, maxBytes, pieces));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(
      "",
      `The body is not JSON: ${error instanceof Error ? error.message : "it cannot be parsed"}.`,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid("", "The body must be a JSON object.");
  }
  return value as Record<string, unknown>;
}

/** The parsed value, or an `invalid_request` that names every field and says what was expected. */
export function parsed<T>(result: ParseResult<T>): T {
  if (result.ok) return result.value;
  const [first] = result.issues;
  const path = first?.path ?? "";
  throw invalid(
    path,
    `${path === "" ? "The body" : path}: ${first?.message ?? "is not valid"}.`,
    result.issues,
  );
}

/** An `invalid_request` about one field. */
export function invalid(path: string, message: string, issues?: unknown): ChatError {
  return new ChatError("invalid_request", {
    message,
    details: { path, ...(issues === undefined ? {} : { issues }) },
  });
}

async function readBytes(request: Request, maxBytes: number, pieces: RequestBody): Promise<Uint8Array> {
  const tooLarge = () =>
    new ChatError("payload_too_large", {
      message: `The request is larger than the ${maxBytes} bytes that this address takes.`,
      details: { max_bytes: maxBytes },
    });
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let chunk = await pieces.next(); chunk !== null; chunk = await pieces.next()) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      pieces.cancel();
      throw tooLarge();
    }
    chunks.push(chunk);
  }
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw invalid("", "The body is not UTF-8.");
  }
}
