import type { InputTranscribeRequest } from "@waybill/protocol";
import { invalid } from "./body.ts";
import type { Caller, HookContext } from "./caller.ts";
import { notOffered } from "./turns.ts";

/** Speech of a person. */
export interface Speech {
  /** May be empty. Together with the rest of its request at most `maxRequestBytes` in base64. */
  readonly audio: Uint8Array;
  /** As the client names it, in lower case and without parameters: `audio/webm`. */
  readonly mime_type: string;
}

/** Speech to text. A `ChatError` speaks for itself; anything else that it throws is a failure of the server. */
export type Transcribe = (context: HookContext, speech: Speech) => string | Promise<string>;

/**
 * `input.transcribe`: what the hook understands.
 *
 * @throws ChatError `invalid_request` (not base64 as RFC 4648 has it, or no media type),
 * `not_implemented` without a hook, and what the hook throws.
 */
export async function transcribeSpeech(
  transcribe: Transcribe | undefined,
  { principal, requestId, signal }: Caller,
  request: InputTranscribeRequest,
): Promise<{ readonly text: string }> {
  const { audio_base64, mime_type: declared } = request.params;
  const audio = Buffer.from(audio_base64, "base64");
  // The decoder drops what it does not know. Nothing but its own spelling comes back as it was.
  if (audio.toString("base64") !== audio_base64) {
    throw invalid(
      "params.audio_base64",
      "params.audio_base64 is not base64, with its padding and without line breaks.",
    );
  }
  const mime_type = declared.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (!/^[\w.+-]+\/[\w.+-]+$/.test(mime_type)) {
    throw invalid("params.mime_type", "params.mime_type is not a media type such as audio/webm.");
  }
  if (transcribe === undefined) throw notOffered(request);
  return { text: await transcribe({ principal, requestId, signal }, { audio, mime_type }) };
}
