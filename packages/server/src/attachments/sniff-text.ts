/** Types that text can have without a magic number. */
export type TextType = "text/plain" | "text/html" | "image/svg+xml" | "application/xml";

/** How far markup is looked for; a root element that starts later is not found, and no browser finds it either. */
const MARKUP_CHARACTERS = 65_536;

/** WHATWG MIME Sniffing §7.1: elements whose tag at the beginning makes a document HTML. */
const HTML_ELEMENTS: ReadonlySet<string> = new Set(
  "html head script iframe h1 div font table a style title b body br p".split(" "),
);

/** WHATWG MIME Sniffing §3: binary data bytes, which no 8-bit text has. */
function isBinaryByte(byte: number): boolean {
  return byte <= 0x08 || byte === 0x0b || (byte >= 0x0e && byte <= 0x1a) || (byte >= 0x1c && byte <= 0x1f);
}

function decode(head: Uint8Array, complete: boolean): string | null {
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder("utf-16be").decode(head);
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder("utf-16le").decode(head);
  if (head.includes(0)) return null;
  try {
    // A head may end inside a character, a whole file may not.
    return new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: !complete });
  } catch {
    // Older 8-bit encodings: text as long as nothing in it is a control character.
    return head.some(isBinaryByte) ? null : new TextDecoder("latin1").decode(head);
  }
}

/** The type by the first thing that is neither space, comment nor processing instruction. */
function markupType(text: string): Exclude<TextType, "text/plain"> | null {
  let rest = text.slice(0, MARKUP_CHARACTERS);
  let fallback: "text/html" | "application/xml" | null = null;
  for (;;) {
    rest = rest.trimStart();
    const [open, end] = rest.startsWith("<!--") ? ["<!--", "-->"] : ["<?", "?>"];
    if (!rest.startsWith(open)) break;
    if (/^<\?xml\s/i.test(rest)) fallback = "application/xml";
    else if (open === "<!--") fallback ??= "text/html";
    const close = rest.indexOf(end, open.length);
    if (close === -1) return fallback;
    rest = rest.slice(close + end.length);
  }
  const name = /^<(?:!doctype\s+)?(?:[a-z][\w.-]*:)?([a-z][\w.-]*)(?=[\s/>[]|$)/i
    .exec(rest)?.[1]
    ?.toLowerCase();
  if (name === undefined) return fallback;
  if (name === "svg") return "image/svg+xml";
  if (HTML_ELEMENTS.has(name)) return "text/html";
  return /^<!doctype\s/i.test(rest) ? "application/xml" : fallback;
}

/**
 * The type of bytes that no magic number names, or null if they are not text. Markup that a browser
 * might run is told from plain text; JSON and the like are plain text. `complete` says whether
 * `head` is the whole file.
 *
 * Source: WHATWG MIME Sniffing §7.1, and XML 1.0 §2.8 for what may stand before a root element.
 */
export function sniffText(head: Uint8Array, complete: boolean): TextType | null {
  const text = decode(head, complete);
  return text === null ? null : (markupType(text) ?? "text/plain");
}
