import { extensionOf } from "./media-types.ts";

/** POSIX `NAME_MAX`, the least of the usual file systems' limits. */
const MAX_NAME_BYTES = 255;
const MAX_EXTENSION_BYTES = 20;

/** Names that are devices on Windows, whatever extension follows. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(?:\.|$)/i;

const byteLength = (text: string): number => Buffer.byteLength(text, "utf8");

/** As many whole characters from the beginning as fit. */
function cutToBytes(text: string, maxBytes: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += byteLength(character);
    if (bytes > maxBytes) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** Windows drops dots and spaces at the end of a name, so that another name would be left. */
const trimName = (name: string): string => name.trimStart().replace(/[\s.]+$/u, "");

/**
 * A file name from outside as it may be shown, stored as text and offered for a download; it is
 * never part of a storage key. NFC; the last segment of a path of either kind; without control,
 * bidirectional and zero-width characters; at most 255 bytes of UTF-8, the extension kept; no device
 * of Windows. If nothing is left: `file` and the extension of `mimeType`.
 */
export function cleanFileName(text: string, mimeType: string): string {
  const visible = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "")
    .normalize("NFC");
  const base = trimName(visible.split(/[/\\]/).at(-1) ?? "");
  if (base === "") return `file${extensionOf(mimeType)}`;
  const name = DEVICE.test(base) ? `_${base}` : base;
  if (byteLength(name) <= MAX_NAME_BYTES) return name;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 && byteLength(name.slice(dot)) <= MAX_EXTENSION_BYTES ? name.slice(dot) : "";
  const stem = name.slice(0, name.length - extension.length);
  return trimName(cutToBytes(stem, MAX_NAME_BYTES - byteLength(extension))) + extension;
}

/**
 * A `Content-Disposition` value. A name that is not plain ASCII comes twice: `filename` with `_` for
 * what old readers would get wrong, and `filename*`, which every browser prefers.
 *
 * Source: RFC 6266 §4 and appendix D, RFC 8187 §3.2.
 */
export function contentDisposition(disposition: "inline" | "attachment", name: string): string {
  const wellFormed = name.toWellFormed();
  const ascii = wellFormed.replace(/[^\x20-\x7e]|["\\%]/gu, "_");
  if (ascii === wellFormed) return `${disposition}; filename="${ascii}"`;
  // RFC 8187 attr-char has none of these four, which encodeURIComponent leaves.
  const encoded = encodeURIComponent(wellFormed).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${disposition}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
