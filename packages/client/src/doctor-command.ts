import type { Verdict } from "./verdict.ts";

/** A word as POSIX shells read it. */
const shellWord = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** An address without its query, which may hold a signature. */
export const withoutSecrets = (url: string): string => url.replace(/\?.*/, "");

/**
 * The command that repeats a failed request as the page's browser would send it, without its body and without
 * secrets: `npx waybill doctor --origin O URL …`, quoted for a POSIX shell. Null if nothing was to be requested.
 */
export function doctorCommand({
  request: { method, url, headers = [] },
  pageOrigin,
}: Pick<Verdict, "request" | "pageOrigin">): string | null {
  if (url === "") return null;
  return [
    `npx waybill doctor --origin ${shellWord(`${pageOrigin}`)} ${shellWord(withoutSecrets(url))} --method ${method}`,
    ...headers.map((line) => `--header ${shellWord(line)}`),
  ].join(" ");
}
