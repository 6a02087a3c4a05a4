/** How a type of file is shown. */
export interface FileKind {
  /** In words, for example "PDF document". */
  readonly label: string;
  /** An icon of ours. */
  readonly icon: string;
}

const KINDS: readonly (readonly [RegExp, FileKind])[] = [
  [/^application\/pdf$/, { label: "PDF document", icon: "file-text" }],
  [
    /spreadsheet|excel|^text\/(csv|tab-separated-values)$/,
    { label: "Spreadsheet", icon: "file-spreadsheet" },
  ],
  [/presentation|powerpoint/, { label: "Presentation", icon: "file-text" }],
  [/wordprocessing|msword|opendocument\.text|rtf$/, { label: "Document", icon: "file-text" }],
  [/zip|tar|compressed|7z|rar/, { label: "Archive", icon: "file-archive" }],
  [/^audio\//, { label: "Audio", icon: "file-music" }],
  [/^video\//, { label: "Video", icon: "film" }],
  [/^image\//, { label: "Image", icon: "image" }],
  [/json|xml|javascript|^text\//, { label: "Text", icon: "file-text" }],
];

/** The kind of a MIME type; "Unknown type" for one that nobody would recognise. */
export function fileKind(mimeType: string): FileKind {
  const type = mimeType.toLowerCase();
  return KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? { label: "Unknown type", icon: "file" };
}
