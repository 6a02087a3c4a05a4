import type { Target } from "./targets.ts";
import { matchAt } from "./targets.ts";

/** Addresses end before the mark of a source, see `sources/marks.ts`. */
const domain = /[\p{L}\p{N}][^\s<\u{fdd0}]*/uy;
const bracketedDomain = /[\p{L}\p{N}][^\s<[\]\u{fdd0}]*/uy;
const mailDomain = /[a-z0-9_-]+(?:\.[a-z0-9_-]+)+(?![\w-])/iy;

/** Cuts what ends a sentence and not an address. Source: GFM 0.29, 6.9, extended autolink path validation. */
function trimmedEnd(text: string, from: number, to: number): number {
  let open = 0;
  for (let at = from; at < to; at += 1) open += text[at] === "(" ? 1 : text[at] === ")" ? -1 : 0;
  let end = to;
  for (; end > from; end -= 1) {
    const last = text.charAt(end - 1);
    if (last === ")" && open < 0) open += 1;
    else if (last === ";") {
      const entity = text.lastIndexOf("&", end);
      if (entity > from && /^&[a-z0-9]{1,32};$/i.test(text.slice(entity, end))) end = entity + 1;
      else break;
    } else if (!"?!.,:*_~'\"".includes(last)) break;
  }
  return end;
}

/**
 * The address that begins at a place with `http://`, `https://` or `www.`; null if none does.
 * Within brackets it ends before the next one.
 */
export function webAddress(text: string, start: number, prefix: string, inBrackets: boolean): Target | null {
  if (/[\p{L}\p{N}]/u.test(text.charAt(start - 1))) return null;
  const from = start + prefix.length;
  const rest = matchAt(inBrackets ? bracketedDomain : domain, text, from);
  if (rest === null) return null;
  const end = trimmedEnd(text, from, from + rest[0].length);
  if (end === from) return null;
  const address = text.slice(start, end);
  return { href: prefix.endsWith("/") ? address : `http://${address}`, end };
}

/** The address around an `@`, and where it starts, at `floor` or later; null if there is none. */
export function mailAddress(text: string, at: number, floor: number): (Target & { start: number }) | null {
  let start = at;
  while (start > floor && /[\w.+-]/.test(text.charAt(start - 1))) start -= 1;
  const rest = start === at ? null : matchAt(mailDomain, text, at + 1);
  if (rest === null || /[-_]$/.test(rest[0].slice(-1))) return null;
  const end = at + 1 + rest[0].length;
  return { href: `mailto:${text.slice(start, end)}`, start, end };
}
