/** Other names of the same type, as browsers, servers and libraries use them. */
const ALIASES: Readonly<Record<string, string>> = {
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
  "image/x-png": "image/png",
  "image/apng": "image/png",
  "image/vnd.mozilla.apng": "image/png",
  "image/x-ms-bmp": "image/bmp",
  "image/x-bmp": "image/bmp",
  "image/x-icon": "image/vnd.microsoft.icon",
  "image/heif": "image/heic",
  "audio/mp3": "audio/mpeg",
  "audio/x-mp3": "audio/mpeg",
  "audio/x-mpeg": "audio/mpeg",
  "audio/x-wav": "audio/wav",
  "audio/wave": "audio/wav",
  "audio/vnd.wave": "audio/wav",
  "audio/x-flac": "audio/flac",
  "audio/x-aac": "audio/aac",
  "audio/aacp": "audio/aac",
  "audio/m4a": "audio/mp4",
  "audio/x-m4a": "audio/mp4",
  "audio/opus": "audio/ogg",
  "audio/x-aiff": "audio/aiff",
  "audio/x-midi": "audio/midi",
  "video/x-m4v": "video/mp4",
  "video/x-msvideo": "video/vnd.avi",
  "video/avi": "video/vnd.avi",
  "video/x-matroska": "video/matroska",
  "application/ogg": "video/ogg",
  "application/x-pdf": "application/pdf",
  "application/x-gzip": "application/gzip",
  "application/x-zip": "application/zip",
  "application/x-zip-compressed": "application/zip",
  "application/x-7zip-compressed": "application/x-7z-compressed",
  "application/vnd.rar": "application/x-rar-compressed",
  "application/x-rar": "application/x-rar-compressed",
  "text/rtf": "application/rtf",
  "text/xml": "application/xml",
};

/** Types whose bytes a browser may show by itself; nothing in them can run. */
const INLINE_IMAGES: ReadonlySet<string> = new Set([
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "image/avif",
]);

const EXTENSIONS: Readonly<Record<string, string>> = {
  "image/png": ".png",
  "image/jpeg": ".jpg",
  "image/gif": ".gif",
  "image/webp": ".webp",
  "image/avif": ".avif",
  "image/bmp": ".bmp",
  "image/svg+xml": ".svg",
  "application/pdf": ".pdf",
  "application/json": ".json",
  "application/zip": ".zip",
  "application/xml": ".xml",
  "audio/mpeg": ".mp3",
  "audio/wav": ".wav",
  "video/mp4": ".mp4",
  "video/webm": ".webm",
  "text/plain": ".txt",
  "text/html": ".html",
  "text/csv": ".csv",
  "text/markdown": ".md",
};

/** Containers that carry sound or pictures under one magic number. */
const CONTAINER = /^(?:audio|video)\/(mp4|webm|ogg|matroska|quicktime|3gpp|3gpp2)$/;
const TEXT_IN_APPLICATION =
  /^application\/(?:json|.+\+json|x-ndjson|jsonl|javascript|x-javascript|ecmascript|typescript|yaml|x-yaml|toml|sql|graphql|x-sh|x-httpd-php|x-python|x-tex|x-subrip)$/;
const XML = /^(?:application|text)\/(?:xml|.+\+xml)$/;
const ZIP_BASED =
  /^application\/(?:vnd\.openxmlformats-officedocument\..+|vnd\.oasis\.opendocument\..+|vnd\.ms-.+\.macroenabled\.12|vnd\.apple\.(?:pages|numbers|keynote)|java-archive|vnd\.android\.package-archive|.+\+zip)$/;
const COMPOUND_FILE = /^application\/(?:msword|vnd\.ms-(?:excel|powerpoint|outlook|project)|vnd\.visio)$/;
const MARKUP: ReadonlySet<string> = new Set(["text/html", "application/xml", "image/svg+xml"]);

/** A type in lower case, without parameters, by its usual name. */
export function canonicalMediaType(text: string): string {
  const essence = (text.split(";", 1)[0] ?? "").trim().toLowerCase();
  return Object.hasOwn(ALIASES, essence) ? (ALIASES[essence] ?? essence) : essence;
}

/**
 * What somebody says that bytes are, canonical; null if they say nothing: no text, no media type,
 * `*` + `/*`, or a type that fits everything.
 */
export function parseDeclaredType(text: string | null | undefined): string | null {
  const type = canonicalMediaType(text ?? "");
  if (!/^[\w!#$&^.+-]+\/(?:[\w!#$&^.+-]+|\*)$/.test(type)) return null;
  return type === "application/octet-stream" || type === "binary/octet-stream" ? null : type;
}

/** The type that a picture's file name claims; null for any other name. */
export function imageTypeOfName(name: string): string | null {
  const extension = /\.[a-z]+$/i.exec(name)?.[0].toLowerCase().replace(".jpeg", ".jpg");
  const entry = Object.entries(EXTENSIONS).find(
    ([type, known]) => type.startsWith("image/") && known === extension,
  );
  return entry?.[0] ?? null;
}

/** The file name extension of a type, with its dot; empty if the type has none that everybody knows. */
export function extensionOf(mimeType: string): string {
  return EXTENSIONS[mimeType] ?? "";
}

/** `image` for pictures that a browser may show, `file` for the rest, SVG among them. */
export function attachmentTypeOf(mimeType: string): "image" | "file" {
  return INLINE_IMAGES.has(mimeType) ? "image" : "file";
}

/** Whether bytes of this type may be shown instead of downloaded. Markup and PDF never are. */
export function isInlineSafe(mimeType: string): boolean {
  return INLINE_IMAGES.has(mimeType) || /^(?:audio|video)\//.test(mimeType);
}

/**
 * The type to keep, given what was declared (canonical, or null for nothing) and what was found in
 * the bytes; null if they contradict each other. What was declared is kept only where the bytes
 * cannot tell more (text, containers), and never makes bytes fit to be shown.
 */
export function settleMediaType(declared: string | null, found: string): string | null {
  if (declared === null || declared === found) return found;
  if (declared.endsWith("/*")) return found.startsWith(declared.slice(0, -1)) ? found : null;
  // Windows with Excel calls tables of text so.
  if (declared === "application/vnd.ms-excel" && found === "text/plain") return "text/csv";
  if (declared.startsWith("text/") && (found === "text/plain" || MARKUP.has(found))) return declared;
  if (TEXT_IN_APPLICATION.test(declared) && found === "text/plain") return declared;
  if (XML.test(declared) && (found === "text/plain" || MARKUP.has(found))) return declared;
  if (declared === "image/svg+xml" && found === "application/xml") return declared;
  if (ZIP_BASED.test(declared) && found === "application/zip") return declared;
  if (declared === "application/zip" && ZIP_BASED.test(found)) return found;
  if (COMPOUND_FILE.test(declared) && found === "application/x-cfb") return declared;
  const container = CONTAINER.exec(declared)?.[1];
  return container !== undefined && container === CONTAINER.exec(found)?.[1] ? declared : null;
}
