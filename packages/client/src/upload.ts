import type { Attachment, Capabilities, NonStreamingRequest, UploadDescriptor } from "@waybill/protocol";
import { type ParseResult, parseAttachment } from "@waybill/protocol/schema";
import { readJson } from "./answer.ts";
import type { UploadOptions, UploadProgress, UploadStrategy } from "./client-types.ts";
import type { About, Outgoing, Transport } from "./transport.ts";
import { refusalByPolicy } from "./upload-policy.ts";

/** Shortest span between two reports of less than `REPORT_EVERY_PART` more, but for the first and the last. */
const REPORT_EVERY_MS = 100;
/** So much of a body is told at once: an upload that stalls behind it must not seem to stand at its begin. */
const REPORT_EVERY_PART = 0.01;

/** What an upload needs of its client. */
export interface UploadParts {
  readonly transport: Transport;
  /** Base of a relative upload URL. */
  readonly baseUrl: string | null;
  /** The server's policy; null: it has published none, and is not Waybill. */
  readonly capabilities: Capabilities | null;
  /** Sends a request of the protocol. */
  ask<T>(request: NonStreamingRequest, parse: (value: unknown) => ParseResult<T>): Promise<T>;
}

/**
 * Uploads one file.
 *
 * @throws ChatFailure; before anything is sent, if the published policy refuses the file.
 */
export async function uploadFile(
  parts: UploadParts,
  file: File,
  { strategy, onProgress, signal }: UploadOptions,
): Promise<Attachment> {
  const { transport, capabilities } = parts;
  const about: About = { message: "none", keyed: false };
  const refusal = refusalByPolicy(capabilities, file);
  if (refusal !== null) throw transport.failure(about, refusal);
  const report = reporter(file, onProgress);
  const send = async (outgoing: Pick<Outgoing, "url" | "method" | "body" | "headers" | "bare">) =>
    transport.demand({
      ...outgoing,
      accept: "application/json",
      upload: { sizeBytes: file.size, onSent: report.sent },
      signal,
      about,
    });

  report.at(0);
  const way = strategy ?? defaultStrategy(parts);
  const attachment = await (way.type === "direct" ? direct(way.uploadUrl) : twoPhase());
  report.at(file.size);
  return attachment;

  async function direct(uploadUrl: string): Promise<Attachment> {
    const url = new URL(uploadUrl, parts.baseUrl ?? transport.protocolUrl);
    // The page's headers are for its chat server alone.
    const bare = url.origin !== new URL(transport.protocolUrl).origin;
    const answer = await send({ url: url.href, method: "POST", body: formOf(file), bare });
    return readJson(answer, parseAttachment);
  }

  async function twoPhase(): Promise<Attachment> {
    const { upload_descriptor: target, ...reserved } = await parts.ask(
      {
        type: "attachments.create",
        params: { name: file.name, size: file.size, mime_type: mimeTypeOf(file) },
      },
      parseReserved,
    );
    const url = new URL(target.url, transport.protocolUrl).href;
    const { method } = target;
    const headers = Object.entries(target.headers);
    const answer = await send(
      method === "PUT"
        ? { url, method, body: file, bare: true, headers: target.headers }
        : {
            url,
            method,
            body: formOf(file),
            bare: true,
            // The form names its own boundary.
            headers: Object.fromEntries(headers.filter(([name]) => name.toLowerCase() !== "content-type")),
          },
    );
    await answer.text();
    return reserved;
  }
}

/** What a browser takes a file to be; without an opinion, bytes. */
export const mimeTypeOf = ({ type }: Blob): string => type || "application/octet-stream";

function defaultStrategy({ transport, capabilities }: UploadParts): UploadStrategy {
  return capabilities === null
    ? { type: "two_phase" }
    : { type: "direct", uploadUrl: new URL("v1/files", transport.protocolUrl).href };
}

function parseReserved(value: unknown): ParseResult<Attachment & { upload_descriptor: UploadDescriptor }> {
  const parsed = parseAttachment(value);
  if (!parsed.ok) return parsed;
  const { upload_descriptor } = parsed.value;
  return upload_descriptor === undefined
    ? { ok: false, issues: [{ path: "upload_descriptor", message: "It is missing" }] }
    : { ok: true, value: { ...parsed.value, upload_descriptor } };
}

function formOf(file: File): FormData {
  const form = new FormData();
  // A browser writes line breaks as %0D and %0A, which no server reads as what they were.
  form.append("file", file, file.name.replace(/\p{Cc}/gu, ""));
  return form;
}

function reporter(file: File, onProgress: ((progress: UploadProgress) => void) | undefined) {
  const totalBytes = file.size;
  const at = (sentBytes: number): void => onProgress?.({ sentBytes, totalBytes });
  let reportedMs = Number.NEGATIVE_INFINITY;
  let reportedBytes = 0;
  return {
    at,
    sent: (sent: number, total: number, timeStampMs: number): void => {
      const isLittle = sent - reportedBytes < total * REPORT_EVERY_PART;
      if (isLittle && timeStampMs - reportedMs < REPORT_EVERY_MS) return;
      reportedMs = timeStampMs;
      reportedBytes = sent;
      // A form is larger than its file by what stands, for the most part, before it.
      at(Math.max(0, sent - (total - totalBytes)));
    },
  };
}
