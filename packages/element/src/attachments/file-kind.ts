import type { Strings } from "../strings/en.ts";

/** How a type of file is shown. */
export interface FileKind {
  /** By which a catalogue names it. */
  readonly name: keyof Strings["fileTypes"];
  /** An icon of ours. */
  readonly icon: string;
}

const KINDS: readonly (readonly [RegExp, FileKind])[] = [
  [/^application\/pdf$/, { name: "pdf", icon: "file-text" }],
  [/spreadsheet|excel|^text\/(csv|tab-separated-values)$/, { name: "spreadsheet", icon: "file-spreadsheet" }],
  [/presentation|powerpoint/, { name: "presentation", icon: "file-text" }],
  [/wordprocessing|msword|opendocument\.text|rtf$/, { name: "document", icon: "file-text" }],
  [/zip|tar|compressed|7z|rar/, { name: "archive", icon: "file-archive" }],
  [/^audio\//, { name: "audio", icon: "file-music" }],
  [/^video\//, { name: "video", icon: "film" }],
  [/^image\//, { name: "image", icon: "image" }],
  [/json|xml|javascript|^text\//, { name: "text", icon: "file-text" }],
];

/** The kind of a MIME type; `unknown` for one that nobody would recognise. */
export function fileKind(mimeType: string): FileKind {
  const type = mimeType.toLowerCase();
  return KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? { name: "unknown", icon: "file" };
}
