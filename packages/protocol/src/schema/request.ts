import * as z from "zod/mini";
import type { FileImportRequest } from "../files.ts";
import type { ChatKitRequest } from "../requests.ts";
import { json, jsonObject } from "./json.ts";
import { parseWith } from "./parse.ts";
import { type ParseResult, pathOf } from "./parse-result.ts";

// Bounds are ours: upstream has none, and every string of a request is kept.
const id = z.string().check(z.minLength(1), z.maxLength(256));
const text = z.string().check(z.maxLength(1_000_000));
const shortText = z.string().check(z.maxLength(1_024));

const content = z.discriminatedUnion("type", [
  z.object({ type: z.literal("input_text"), text }),
  z.object({
    type: z.literal("input_tag"),
    id,
    text: shortText,
    data: jsonObject,
    group: nullable(shortText),
    interactive: z._default(z.boolean(), false),
  }),
]);

const userMessageInput = z.object({
  content: z.array(content).check(z.maxLength(1_000)),
  attachments: z.array(id).check(z.maxLength(100)),
  quoted_text: nullable(text),
  inference_options: z.object({
    tool_choice: nullable(z.object({ id })),
    model: nullable(shortText),
  }),
});

const page = {
  limit: nullable(z.int().check(z.minimum(0))),
  order: nullable(z.enum(["asc", "desc"])),
  after: nullable(id),
};

const metadata = z.exactOptional(jsonObject);

const action = z.object({
  thread_id: id,
  // Upstream reads "" as none.
  item_id: nullable(z.string().check(z.maxLength(256))),
  action: z.object({ type: shortText.check(z.minLength(1)), payload: z.optional(json) }),
});

/** Upstream reads a null of an optional field as absent. */
function nullable<T extends z.ZodMiniType>(schema: T) {
  return z.optional(
    z.pipe(
      z.nullable(schema),
      z.transform((value) => value ?? undefined),
    ),
  );
}

function envelope<Type extends string, Params extends z.ZodMiniType>(type: Type, params: Params) {
  return z.object({ type: z.literal(type), params, metadata });
}

const chatKitRequest = z.discriminatedUnion("type", [
  envelope("threads.create", z.object({ input: userMessageInput })),
  envelope("threads.add_user_message", z.object({ thread_id: id, input: userMessageInput })),
  envelope("threads.retry_after_item", z.object({ thread_id: id, item_id: id })),
  envelope("threads.add_client_tool_output", z.object({ thread_id: id, result: json })),
  envelope(
    "threads.add_structured_input",
    z.object({
      thread_id: id,
      item_id: id,
      input: z.object({
        status: z._default(z.enum(["answered", "skipped"]), "answered"),
        answers: z._default(
          z.record(
            id,
            z.object({
              values: z._default(z.array(text).check(z.maxLength(1_000)), []),
              skipped: z._default(z.boolean(), false),
            }),
          ),
          {},
        ),
      }),
    }),
  ),
  envelope("threads.custom_action", action),
  envelope("threads.sync_custom_action", action),
  envelope("threads.update", z.object({ thread_id: id, title: shortText })),
  envelope("threads.delete", z.object({ thread_id: id })),
  envelope(
    "items.feedback",
    z.object({
      thread_id: id,
      item_ids: z.array(id).check(z.maxLength(1_000)),
      kind: z.enum(["positive", "negative"]),
    }),
  ),
  envelope(
    "attachments.create",
    z.object({
      name: z.string().check(z.maxLength(4_096)),
      size: z.int().check(z.minimum(0)),
      mime_type: shortText,
    }),
  ),
  envelope("attachments.delete", z.object({ attachment_id: id })),
  envelope("input.transcribe", z.object({ audio_base64: z.string(), mime_type: shortText })),
  envelope("threads.get_by_id", z.object({ thread_id: id })),
  envelope("threads.list", z.object(page)),
  envelope("items.list", z.object({ thread_id: id, ...page })),
]);

const fileImport = z
  .object({
    id: nullable(id),
    source_url: nullable(z.string().check(z.minLength(1), z.maxLength(8_192))),
    name: nullable(z.string().check(z.maxLength(4_096))),
    mime_type: nullable(shortText),
  })
  .check(
    z.refine((value) => value.id !== undefined || value.source_url !== undefined, {
      error: "Invalid input: expected source_url, or the id of an attachment of yours",
      path: ["source_url"],
    }),
  );

/** Parses the body of `POST /chatkit`. Extra keys are ignored; a null of an optional field counts as absent. */
export function parseChatKitRequest(value: unknown): ParseResult<ChatKitRequest> {
  return settled(parseWith(chatKitRequest as unknown as z.ZodMiniType<ChatKitRequest>, value));
}

/** Parses the JSON body of `POST /v1/files`. */
export function parseFileImportRequest(value: unknown): ParseResult<FileImportRequest> {
  return settled(parseWith(fileImport as unknown as z.ZodMiniType<FileImportRequest>, value));
}

function settled<T>(result: ParseResult<T>): ParseResult<T> {
  if (!result.ok) return result;
  const settling: Settling = {};
  const value = settle(result.value, settling) as T;
  if (settling.path === undefined) return { ok: true, value };
  const message = "Invalid input: expected well-formed Unicode";
  return { ok: false, issues: [{ path: pathOf(settling.path), message }] };
}

interface Settling {
  /** Where the first text is that is not well-formed, which neither UTF-8 nor a store can keep. */
  path?: readonly PropertyKey[];
}

/**
 * The same without the optional fields that a null left as undefined: absent has one form inside. What holds one
 * is written anew: an object that has lost a field is slow from then on.
 */
function settle(value: unknown, found: Settling): unknown {
  if (typeof value === "string") {
    if (!value.isWellFormed()) found.path ??= [];
    return value;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) value[index] = settleAt(index, entry, found);
    return value;
  }
  let settled = value as Record<string, unknown>;
  const entries = Object.entries(settled);
  if (entries.some(([, entry]) => entry === undefined)) settled = {};
  for (const [key, entry] of entries) {
    if (!key.isWellFormed()) found.path ??= [];
    if (entry !== undefined) settled[key] = settleAt(key, entry, found);
  }
  return settled;
}

function settleAt(key: PropertyKey, entry: unknown, found: Settling): unknown {
  const isFirst = found.path === undefined;
  const settled = settle(entry, found);
  if (isFirst && found.path !== undefined) found.path = [key, ...found.path];
  return settled;
}
