import { setTimeout as wait } from "node:timers/promises";
import { formatSize, type InputText, type UserMessageItem } from "@waybill/protocol";
import type { Respond, TurnAttachment } from "./respond.ts";

const HEAD_BYTES = 4_096;
const HEAD_LINES = 5;
const LINE_CHARS = 120;

/** Options of {@link describe}. */
export interface DescribeOptions {
  /** Pause between two words, so that a person sees a stream. @default 0 */
  readonly paceMs?: number;
}

/**
 * The responder for a server without a model. It says what arrived: of each attachment
 * its name, the type found in the bytes, size, pixel dimensions, the beginning of its
 * SHA-256, and of a text file the first lines; then, that no model is configured and how
 * to configure one. It never pretends to be a model.
 */
export function describe(options: DescribeOptions = {}): Respond {
  const paceMs = options.paceMs ?? 0;
  return async function* respond({ thread, attachments, signal }, message) {
    yield* thread.streamText(paced(await answer(message, attachments), paceMs, signal));
  };
}

async function* paced(text: string, paceMs: number, signal: AbortSignal): AsyncGenerator<string> {
  for (const word of text.match(/\S+\s*|\s+/g) ?? []) {
    signal.throwIfAborted();
    yield word;
    if (paceMs > 0) await wait(paceMs, undefined, { signal });
  }
}

async function answer(
  message: UserMessageItem | null,
  attachments: readonly TurnAttachment[],
): Promise<string> {
  const parts = [received(message, attachments.length)];
  for (const attachment of attachments) parts.push(await described(attachment));
  parts.push(
    "No model is configured, so nobody has looked at this: what you read is what the server found in the " +
      "message itself. To get answers from a model, start `waybill serve` with `WAYBILL_MODEL` and " +
      "`OPENAI_API_KEY` (or `OPENAI_BASE_URL`, for a server of your own), or write a responder: `respond`.",
  );
  return parts.join("\n\n");
}

function received(message: UserMessageItem | null, count: number): string {
  const text = (message?.content ?? [])
    .filter((part): part is InputText => part.type === "input_text")
    .map((part) => part.text)
    .join("\n")
    .trim();
  const files = count === 0 ? "" : count === 1 ? " with one attachment" : ` with ${count} attachments`;
  if (text === "") return `Your message arrived${files}. It has no text.`;
  const words = text.split(/\s+/).length;
  return `Your message arrived${files}: ${words === 1 ? "one word" : `${words} words`}, ${[...text].length} characters.`;
}

async function described(attachment: TurnAttachment): Promise<string> {
  const { name, mime_type, size_bytes, sha256, width, height } = attachment;
  const lines = [`**${escapeMarkdown(name)}**`, "", `- Type: ${code(mime_type)}, found in its bytes`];
  lines.push(`- Size: ${sizeInWords(size_bytes)}`);
  if (width !== undefined && height !== undefined) lines.push(`- Dimensions: ${width} × ${height} pixels`);
  lines.push(`- SHA-256: ${code(`${sha256.slice(0, 12)}…`)}`);
  if (mime_type.startsWith("text/")) {
    const head = await firstLines(attachment);
    if (head !== "") lines.push("", "It begins:", "", fenced(head));
  }
  return lines.join("\n");
}

async function firstLines(attachment: TurnAttachment): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of await attachment.stream()) {
    text += decoder.decode(chunk.subarray(0, HEAD_BYTES - bytes), { stream: true });
    bytes += chunk.byteLength;
    if (bytes >= HEAD_BYTES) break;
  }
  return text
    .split(/\r\n|\r|\n/)
    .slice(0, HEAD_LINES)
    .map((line) => (line.length > LINE_CHARS ? `${line.slice(0, LINE_CHARS)}…` : line))
    .join("\n")
    .trimEnd();
}

function sizeInWords(bytes: number): string {
  const size = formatSize(bytes);
  return bytes < 1024 ? size : `${size} (${bytes} bytes)`;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>#|~&]/g, "\\$&");
}

function code(text: string): string {
  return `\`${text}\``;
}

/** A fence longer than any run of backticks inside, so that a file cannot end it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
