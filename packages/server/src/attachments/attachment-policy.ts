import { ChatError, formatSize } from "@waybill/protocol";
import { ConfigurationError, type ConfigurationIssue } from "../configuration-error.ts";

/** What attachments may take. */
export interface AttachmentLimits {
  /** Largest file, in bytes. @default 536_870_912 (512 MiB) */
  readonly maxBytes?: number;
  /** Largest file by MIME pattern, in bytes, for example `{ "image/*": 20_000_000 }`. The narrowest pattern holds. @default none */
  readonly maxBytesByType?: Readonly<Record<string, number>>;
  /** MIME patterns of the files that are taken. @default every type */
  readonly accept?: readonly string[];
  /** All files of one user together, in bytes. @default 5_368_709_120 (5 GiB) */
  readonly maxBytesPerUser?: number;
  /** How many files one user may keep. @default 10_000 */
  readonly maxFilesPerUser?: number;
  /** For a whole import, so that a page that waits 20 s hears why it failed. @default 15_000 */
  readonly importTimeoutMs?: number;
}

/** Which files are taken, decided once from the limits. */
export interface AttachmentPolicy {
  /** As `GET /v1` publishes it: bytes by MIME pattern, and what is accepted. */
  readonly published: {
    readonly max_bytes: Readonly<Record<string, number>>;
    readonly accept: readonly string[];
  };
  readonly quota: { readonly max_bytes: number; readonly max_count: number };
  readonly importTimeoutMs: number;
  /** Largest file of a type; of any type for null, which means that the bytes will tell. */
  maxBytesOf(mimeType: string | null): number;
  /** @throws ChatError `attachment_rejected`, if files of this type are not taken; null is not refused yet. */
  checkType(name: string, mimeType: string | null): void;
  /** @throws ChatError `attachment_too_large` */
  checkSize(name: string, mimeType: string | null, sizeBytes: number): void;
}

const MAX_BYTES = 512 * 1024 ** 2;
const MAX_BYTES_PER_USER = 5 * 1024 ** 3;
const MAX_FILES_PER_USER = 10_000;
const IMPORT_TIMEOUT_MS = 15_000;
const PATTERN = /^(?:\*\/\*|[a-z0-9!#$&^_.+-]+\/(?:\*|[a-z0-9!#$&^_.+-]+))$/;

/** Whether somebody has named one type, and not a range of them. */
const isType = (declared: string | null): declared is string => declared !== null && !declared.endsWith("/*");

/** Whether a MIME pattern such as `image/*` names a type. */
function covers(pattern: string, type: string): boolean {
  if (pattern === "*/*" || pattern === type) return true;
  return pattern.endsWith("/*") && type.startsWith(pattern.slice(0, -1));
}

/** As the client says it, too: `film.mp4 is 740 MB; the limit is 512 MB.` */
export function tooLarge(name: string, sizeBytes: number, maxBytes: number, arrived = false): ChatError {
  const is = arrived
    ? `has more than ${formatSize(maxBytes, Math.floor)}`
    : `is ${formatSize(sizeBytes, Math.ceil)}`;
  return new ChatError("attachment_too_large", {
    message: `${name} ${is}; the limit is ${formatSize(maxBytes, Math.floor)}.`,
    details: { size_bytes: sizeBytes, max_bytes: maxBytes },
  });
}

function issuesOf(limits: AttachmentLimits): ConfigurationIssue[] {
  const issues: ConfigurationIssue[] = [];
  const pattern = (path: string, text: string) => {
    if (PATTERN.test(text)) return;
    const message = `${JSON.stringify(text)} is not a MIME pattern.`;
    issues.push({ path, message, fix: "Write it in lower case as image/png, image/* or */*." });
  };
  const number = (path: string, value: number | undefined) => {
    if (value === undefined || (Number.isSafeInteger(value) && value > 0)) return;
    issues.push({ path, message: `${value} is not a limit.`, fix: "Use a whole number above 0." });
  };
  const { maxBytesByType = {}, accept = [], ...numbers } = limits;
  for (const [name, value] of Object.entries(numbers)) number(`attachmentLimits.${name}`, value);
  for (const [index, text] of accept.entries()) pattern(`attachmentLimits.accept[${index}]`, text);
  for (const [text, value] of Object.entries(maxBytesByType)) {
    const path = `attachmentLimits.maxBytesByType[${JSON.stringify(text)}]`;
    pattern(path, text);
    number(path, value);
  }
  return issues;
}

/**
 * Compiles the limits.
 *
 * @throws ConfigurationError with everything that is wrong with them.
 */
export function createAttachmentPolicy(limits: AttachmentLimits = {}): AttachmentPolicy {
  const issues = issuesOf(limits);
  if (issues.length > 0) throw new ConfigurationError(issues);
  const max_bytes = Object.freeze({ "*/*": limits.maxBytes ?? MAX_BYTES, ...limits.maxBytesByType });
  const accept = Object.freeze([...(limits.accept ?? ["*/*"])]);
  // The fewer stars, the narrower.
  const patterns = Object.keys(max_bytes).toSorted((a, b) => a.split("*").length - b.split("*").length);
  const largest = Math.max(...Object.values(max_bytes));

  const maxBytesOf = (mimeType: string | null): number => {
    const pattern = isType(mimeType) ? patterns.find((known) => covers(known, mimeType)) : undefined;
    return (pattern === undefined ? undefined : (max_bytes as Record<string, number>)[pattern]) ?? largest;
  };
  return {
    published: { max_bytes, accept },
    quota: {
      max_bytes: limits.maxBytesPerUser ?? MAX_BYTES_PER_USER,
      max_count: limits.maxFilesPerUser ?? MAX_FILES_PER_USER,
    },
    importTimeoutMs: limits.importTimeoutMs ?? IMPORT_TIMEOUT_MS,
    maxBytesOf,
    checkType(name, mimeType) {
      if (!isType(mimeType) || accept.some((pattern) => covers(pattern, mimeType))) return;
      throw new ChatError("attachment_rejected", {
        message: `${name} is ${mimeType}; this server takes ${accept.join(", ") || "no files"}.`,
        details: { mime_type: mimeType, accept },
      });
    },
    checkSize(name, mimeType, sizeBytes) {
      const max = maxBytesOf(mimeType);
      if (sizeBytes > max) throw tooLarge(name, sizeBytes, max);
    },
  };
}
