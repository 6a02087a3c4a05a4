import { randomUUID } from "node:crypto";
import { type IncomingHttpHeaders, type IncomingMessage, request as sendRequest } from "node:http";
import { request as sendSecureRequest } from "node:https";
import { frameCount, splitFrames } from "./frames.ts";
import type { FormPart, StepRequest } from "./scenario.ts";

/** The header that names the user whose data a request is about. */
export const USER_HEADER = "x-golden-user";
const TIMEOUT_MS = 15_000;

/** What came back. */
export interface Reply {
  /** 0 if nothing did. */
  readonly status: number;
  /** Without parameters; empty if there is none. */
  readonly contentType: string;
  readonly headers: IncomingHttpHeaders;
  /** Name, value, name, value …, as they stood on the wire. */
  readonly rawHeaders: readonly string[];
  /** The body's or the connection's end came too early. */
  readonly broken: boolean;
  readonly bytes: Buffer;
  /** The body, by its content type in one of three forms; the others are null. */
  readonly json: unknown;
  readonly frames: readonly unknown[] | null;
  readonly text: string | null;
}

/** When the connection is closed before the answer is complete. */
export interface Leave {
  readonly afterFrames: number;
  /** What happens before, while the connection is still open. */
  readonly first?: () => Promise<void>;
}

/** Where and for whom a request is sent. */
export interface Sender {
  readonly baseUrl: string;
  readonly user: string;
  /** Leaves after so many frames. */
  readonly leave?: Leave | undefined;
}

/**
 * Sends one request on a connection of its own. Failures of the connection are a reply that is broken.
 *
 * @throws Error if the body is not what its content type says: frames of another form, or no JSON.
 */
export async function exchange(step: StepRequest, sender: Sender): Promise<Reply> {
  const { body, contentType } = bodyOf(step);
  const headers: Record<string, string> = {};
  if (contentType !== undefined) headers["content-type"] = contentType;
  if (body !== undefined) headers["content-length"] = String(body.byteLength);
  headers[USER_HEADER] = step.user === undefined ? sender.user : `${sender.user}-${step.user}`;
  for (const [name, value] of Object.entries(step.headers ?? {})) headers[name.toLowerCase()] = value;
  const url = new URL(step.url ?? `${sender.baseUrl}${step.path ?? "/chatkit"}`);
  const open = await opened(url, step.method ?? "POST", headers, body);
  if (open === undefined) return unanswered;
  const { leave } = sender;
  const chunks: Buffer[] = [];
  let left = false;
  try {
    for await (const chunk of open) {
      chunks.push(chunk);
      if (leave === undefined || frameCount(Buffer.concat(chunks)) < leave.afterFrames) continue;
      left = true;
      await leave.first?.();
      break;
    }
  } catch (error) {
    // Otherwise the body broke off, and `complete` says so.
    if (left) throw error;
  }
  return replyOf(open, Buffer.concat(chunks), left ? leave?.afterFrames : undefined);
}

const unanswered: Reply = {
  status: 0,
  contentType: "",
  headers: {},
  rawHeaders: [],
  broken: true,
  bytes: Buffer.alloc(0),
  json: null,
  frames: null,
  text: "",
};

/** The response once its headers are there; undefined if the connection failed before. */
function opened(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer | undefined,
): Promise<IncomingMessage | undefined> {
  const send = url.protocol === "https:" ? sendSecureRequest : sendRequest;
  return new Promise((resolve) => {
    const request = send(url, { method, headers, agent: false, timeout: TIMEOUT_MS }, (response) => {
      response.on("error", () => response.destroy());
      resolve(response);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(undefined));
    request.end(body);
  });
}

function replyOf(response: IncomingMessage, bytes: Buffer, stoppedAfter: number | undefined): Reply {
  const contentType = (response.headers["content-type"] ?? "").split(";", 1)[0]?.trim() ?? "";
  const broken = stoppedAfter === undefined && !response.complete;
  const reply = {
    status: response.statusCode ?? 0,
    contentType,
    headers: response.headers,
    rawHeaders: response.rawHeaders,
    broken,
    bytes,
    json: null,
    frames: null,
    text: null,
  };
  switch (contentType) {
    case "text/event-stream": {
      const { frames, rest } = splitFrames(bytes);
      if (stoppedAfter !== undefined) return { ...reply, frames: frames.slice(0, stoppedAfter) };
      if (rest !== "" && !broken) throw new Error(`The body ends within a frame: ${JSON.stringify(rest)}`);
      return { ...reply, frames };
    }
    case "application/json":
      return { ...reply, json: broken ? null : JSON.parse(bytes.toString("utf8")) };
    default:
      return { ...reply, text: bytes.toString("utf8") };
  }
}

function bodyOf(step: StepRequest): { readonly body?: Buffer; readonly contentType?: string } {
  if (step.multipart !== undefined) {
    const boundary = `conformance${randomUUID()}`;
    const parts = Object.entries(step.multipart).flatMap(([field, part]) => [
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${part.name}"\r\n` +
          `Content-Type: ${part.type}\r\n\r\n`,
      ),
      bytesOf(part),
      Buffer.from("\r\n"),
    ]);
    const body = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
    return { body, contentType: `multipart/form-data; boundary=${boundary}` };
  }
  const contentType = "application/json";
  if (step.bodyBase64 !== undefined) return { body: Buffer.from(step.bodyBase64, "base64"), contentType };
  if (step.bodyText !== undefined) return { body: Buffer.from(step.bodyText), contentType };
  if (step.body !== undefined) return { body: Buffer.from(JSON.stringify(step.body)), contentType };
  return { contentType };
}

function bytesOf(part: FormPart): Buffer {
  return part.base64 === undefined ? Buffer.from(part.text ?? "") : Buffer.from(part.base64, "base64");
}
