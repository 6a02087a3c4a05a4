import type { Capabilities } from "@waybill/protocol";
import { shownName } from "../attachments/file-name.ts";
import type { AttachmentOptions } from "../composer/composer-options.ts";

/** Largest size where neither page nor server names one. Source: `@openai/chatkit` 1.9, `maxSize`. */
const DEFAULT_MAX_BYTES = 100 * 1024 * 1024;
const DEFAULT_MAX_COUNT = 10;

/** Why a file is not taken. */
export type Refusal =
  | { readonly name: string; readonly reason: "size"; readonly sizeBytes: number; readonly maxBytes: number }
  | { readonly name: string; readonly reason: "type" | "folder" }
  | { readonly name: string; readonly reason: "count"; readonly maxCount: number };

/** Which files are taken: what both the page and the server allow. */
export interface FilePolicy {
  readonly maxCount: number;
  /** The largest size in bytes for a type. */
  maxBytes(mimeType: string): number;
  accepts(file: Pick<File, "name" | "type">): boolean;
  /** For a file picker; "" for every type. */
  readonly picker: string;
  /** MIME patterns, for words; empty for every type. */
  readonly patterns: readonly string[];
}

/** How exactly a pattern names a type: 3 itself, 2 its family, 1 anything, 0 not at all. */
function fit(pattern: string, mimeType: string): number {
  if (pattern === "" || pattern === "*" || pattern === "*/*") return 1;
  const wanted = pattern.toLowerCase();
  const given = mimeType.toLowerCase().split(";", 1)[0]?.trim() ?? "";
  if (wanted === given) return 3;
  return wanted.endsWith("/*") && given.startsWith(wanted.slice(0, -1)) ? 2 : 0;
}

function limitOf(limits: Readonly<Record<string, number>>, mimeType: string): number | null {
  let best: { readonly score: number; readonly limit: number } | null = null;
  for (const [pattern, limit] of Object.entries(limits)) {
    const score = fit(pattern, mimeType);
    if (score > (best?.score ?? 0)) best = { score, limit };
  }
  return best?.limit ?? null;
}

function takesAll(patterns: readonly string[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => fit(pattern, "x/x") === 1);
}

/**
 * Joins what a page and its server allow: the smaller limit, and only types that both take. What
 * neither names is ChatKit's default: 100 MiB, 10 a message, every type. `server` is null for a
 * server that publishes nothing. A file whose type the browser does not know is left to the server,
 * unless the page lists types and its extension is not among them.
 *
 * Source: `@openai/chatkit` 1.9, `ComposerOption.attachments`.
 */
export function createFilePolicy(
  page: AttachmentOptions,
  server: Capabilities["attachments"] | null,
): FilePolicy {
  const own = page.accept ?? {};
  const ownPatterns = Object.keys(own);
  const serverPatterns = server?.accept ?? [];
  const isOpen = takesAll(ownPatterns);
  return {
    maxCount: Math.min(
      page.maxCount ?? server?.max_count ?? DEFAULT_MAX_COUNT,
      server?.max_count ?? Number.POSITIVE_INFINITY,
    ),
    maxBytes(mimeType) {
      const limits = [
        page.maxSize === null ? null : (limitOf(page.maxSize, mimeType) ?? DEFAULT_MAX_BYTES),
        server === null ? null : limitOf(server.max_bytes, mimeType),
      ].filter((limit) => limit !== null);
      return limits.length === 0 ? DEFAULT_MAX_BYTES : Math.min(...limits);
    },
    accepts({ name, type }) {
      const lower = name.toLowerCase();
      const byPage =
        isOpen ||
        ownPatterns.some(
          (pattern) =>
            (type !== "" && fit(pattern, type) > 0) ||
            own[pattern]?.some((extension) => lower.endsWith(extension.toLowerCase())),
        );
      const byServer =
        type === "" || takesAll(serverPatterns) || serverPatterns.some((pattern) => fit(pattern, type) > 0);
      return byPage && byServer;
    },
    picker: isOpen
      ? takesAll(serverPatterns)
        ? ""
        : serverPatterns.join()
      : Object.entries(own).flat(2).join(),
    patterns: isOpen ? (takesAll(serverPatterns) ? [] : serverPatterns) : ownPatterns,
  };
}

/** Sorts files into those that are taken and those that are not; `present` attachments count already. */
export function sortFiles(
  files: readonly File[],
  policy: FilePolicy,
  present: number,
): { readonly taken: readonly File[]; readonly refused: readonly Refusal[] } {
  const taken: File[] = [];
  const refused: Refusal[] = [];
  for (const file of files) {
    const { size: sizeBytes } = file;
    const name = shownName(file.name);
    const maxBytes = policy.maxBytes(file.type);
    if (!policy.accepts(file)) refused.push({ name, reason: "type" });
    else if (sizeBytes > maxBytes) refused.push({ name, reason: "size", sizeBytes, maxBytes });
    else if (present + taken.length >= policy.maxCount)
      refused.push({ name, reason: "count", maxCount: policy.maxCount });
    else taken.push(file);
  }
  return { taken, refused };
}
