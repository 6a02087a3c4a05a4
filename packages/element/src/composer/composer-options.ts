import type { UploadStrategy } from "@waybill/client";
import { fieldsOf } from "../options/fields.ts";

/** A tool that a person can switch on for a message. */
export interface ToolChoice {
  readonly id: string;
  readonly label: string;
  /** On its button while it is on; null: the label. */
  readonly shortLabel: string | null;
  /** A ChatKit icon name or `lucide:<name>`; unknown names show nothing. */
  readonly icon: string;
  /** In the place of the field's placeholder while it is on. */
  readonly placeholder: string | null;
  /** Whether it has a button of its own. */
  readonly pinned: boolean;
  /** Whether it stays on when a message was sent. */
  readonly persistent: boolean;
}

/** A model that a person can choose. */
export interface ModelChoice {
  readonly id: string;
  readonly label: string;
  readonly description: string | null;
  readonly disabled: boolean;
  readonly isDefault: boolean;
}

/** What a page says of attachments. */
export interface AttachmentOptions {
  /** Null: the server's, else 10. */
  readonly maxCount: number | null;
  /** Bytes, by MIME pattern; `*` and "" are the rest. Null: the server's, else 100 MiB. */
  readonly maxSize: Readonly<Record<string, number>> | null;
  /** File name extensions by MIME pattern; null: every type the server takes. */
  readonly accept: Readonly<Record<string, readonly string[]>> | null;
}

/** What the composer offers. Plain data. */
export interface ComposerOptions {
  /** Null: no attachments. */
  readonly attachments: AttachmentOptions | null;
  /** Null: the client's own. */
  readonly uploadStrategy: UploadStrategy | null;
  readonly tools: readonly ToolChoice[];
  readonly models: readonly ModelChoice[];
  readonly dictation: boolean;
  /** Whether `@` searches, and whether a button begins the search too. */
  readonly tags: { readonly search: boolean; readonly button: boolean };
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function readTools(value: unknown): readonly ToolChoice[] {
  return list(value).flatMap((entry): ToolChoice[] => {
    const tool = fieldsOf(entry);
    const id = text(tool["id"]);
    const label = text(tool["label"]);
    if (id === null || label === null) return [];
    return [
      {
        id,
        label,
        shortLabel: text(tool["shortLabel"]),
        icon: text(tool["icon"]) ?? "",
        placeholder: text(tool["placeholderOverride"]),
        pinned: tool["pinned"] === true,
        persistent: tool["persistent"] === true,
      },
    ];
  });
}

function readModels(value: unknown): readonly ModelChoice[] {
  return list(value).flatMap((entry): ModelChoice[] => {
    const model = fieldsOf(entry);
    const id = text(model["id"]);
    const label = text(model["label"]);
    if (id === null || label === null) return [];
    return [
      {
        id,
        label,
        description: text(model["description"]),
        disabled: model["disabled"] === true,
        isDefault: model["default"] === true,
      },
    ];
  });
}

function isLimit(value: unknown): value is number {
  return typeof value === "number" && value >= 0;
}

function readAttachments(value: unknown): AttachmentOptions | null {
  const { enabled, maxCount, maxSize, accept } = fieldsOf(value);
  if (enabled !== true) return null;
  const sizes = isLimit(maxSize) ? { "*": maxSize } : fieldsOf(maxSize);
  const limits = Object.entries(sizes).filter((entry): entry is [string, number] => isLimit(entry[1]));
  const types = Object.entries(fieldsOf(accept)).map(([pattern, extensions]): [string, string[]] => [
    pattern,
    list(extensions).filter((extension) => typeof extension === "string"),
  ]);
  return {
    maxCount: isLimit(maxCount) ? maxCount : null,
    maxSize: limits.length === 0 ? null : Object.fromEntries(limits),
    accept: types.length === 0 ? null : Object.fromEntries(types),
  };
}

function readStrategy(value: unknown): UploadStrategy | null {
  const { type, uploadUrl } = fieldsOf(value);
  if (type === "two_phase") return { type };
  return type === "direct" && typeof uploadUrl === "string" ? { type, uploadUrl } : null;
}

/**
 * Reads what a full set of options says of the composer. Values of a wrong type count as absent;
 * tools and models without an id or a label are dropped.
 *
 * Source: `@openai/chatkit` 1.9, `ComposerOption`, `EntitiesOption`, `FileUploadStrategy`.
 */
export function readComposerOptions(raw: unknown): ComposerOptions {
  const { api, composer: given, entities: tags } = fieldsOf(raw);
  const composer = fieldsOf(given);
  const search = typeof fieldsOf(tags)["onTagSearch"] === "function";
  return {
    attachments: readAttachments(composer["attachments"]),
    uploadStrategy: readStrategy(fieldsOf(api)["uploadStrategy"]),
    tools: readTools(composer["tools"]),
    models: readModels(composer["models"]),
    dictation: fieldsOf(composer["dictation"])["enabled"] === true,
    tags: { search, button: search && fieldsOf(tags)["showComposerMenu"] === true },
  };
}
