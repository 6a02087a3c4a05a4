import * as z from "zod/mini";
import type { Attachment } from "../attachment.ts";
import type { ErrorBody } from "../errors.ts";
import type { ThreadStreamEvent } from "../events.ts";
import type { Capabilities, RunInfo } from "../files.ts";
import type { ThreadItem } from "../items.ts";
import type { Page } from "../page.ts";
import type { Thread } from "../thread.ts";
import { jsonObject } from "./json.ts";
import { type ParseResult, parseWith } from "./parse.ts";

// What a client needs of a server's answer so that nothing later can break on it.
// Unknown properties, and items and updates of unknown types, pass: a newer server must
// not break an older page.
const object = z.looseObject;
const strings = z.array(z.string());
const source = object({ type: z.string(), title: z.string() });
const annotation = object({ type: z.string(), source });
const outputText = object({
  type: z.string(),
  text: z.string(),
  annotations: z._default(z.array(annotation), []),
});
const attachment = object({
  id: z.string(),
  name: z.string(),
  mime_type: z.string(),
  type: z.enum(["image", "file"]),
  preview_url: z.optional(z.string()),
  upload_descriptor: z.optional(
    object({ url: z.string(), method: z.enum(["POST", "PUT"]), headers: z.record(z.string(), z.string()) }),
  ),
});
const task = object({ type: z.string(), status_indicator: z._default(z.string(), "none") });

const known: Readonly<Record<string, z.ZodMiniType>> = {
  user_message: object({
    content: z.array(object({ type: z.string(), text: z.string() })),
    attachments: z._default(z.array(attachment), []),
    quoted_text: z.optional(z.string()),
    inference_options: z._default(object({}), {}),
  }),
  assistant_message: object({ content: z.array(outputText) }),
  client_tool_call: object({
    status: z.string(),
    call_id: z.string(),
    name: z.string(),
    arguments: jsonObject,
  }),
  widget: object({ widget: jsonObject }),
  generated_image: object({ image: z.optional(object({ id: z.string(), url: z.string() })) }),
  structured_input: object({
    status: z.string(),
    inputs: z.array(object({ type: z.string(), id: z.string(), question: z.string() })),
  }),
  workflow: object({
    workflow: object({ type: z.string(), tasks: z.array(task), expanded: z._default(z.boolean(), false) }),
  }),
  task: object({ task }),
};

const itemBase = object({ id: z.string(), thread_id: z.string(), created_at: z.string(), type: z.string() });

/** An item of a known type is checked as that type, another by its base alone. */
const item = checkedBy(itemBase, (base) => known[base.type]);

const status = object({ type: z.string(), reason: z.optional(z.string()) });
const page = <T extends z.ZodMiniType>(entry: T) =>
  object({
    data: z.array(entry),
    has_more: z._default(z.boolean(), false),
    after: z.optional(z.nullable(z.string())),
  });
const thread = object({
  id: z.string(),
  created_at: z.string(),
  title: z.optional(z.nullable(z.string())),
  status: z._default(status, { type: "active" }),
  allowed_image_domains: z.optional(z.nullable(strings)),
  items: z._default(page(item), { data: [], has_more: false }),
});

const index = z.int().check(z.minimum(0));
const updates: Readonly<Record<string, z.ZodMiniType>> = {
  "assistant_message.content_part.added": object({ content_index: index, content: outputText }),
  "assistant_message.content_part.text_delta": object({ content_index: index, delta: z.string() }),
  "assistant_message.content_part.annotation_added": object({
    content_index: index,
    annotation_index: index,
    annotation,
  }),
  "assistant_message.content_part.done": object({ content_index: index, content: outputText }),
  "widget.streaming_text.value_delta": object({
    component_id: z.string(),
    delta: z.string(),
    done: z.boolean(),
  }),
  "widget.root.updated": object({ widget: jsonObject }),
  "widget.component.updated": object({ component_id: z.string(), component: jsonObject }),
  "workflow.task.added": object({ task_index: index, task }),
  "workflow.task.updated": object({ task_index: index, task }),
  "generated_image.updated": object({
    image: object({ id: z.string(), url: z.string() }),
    progress: z.optional(z.nullable(z.number())),
  }),
};

const events: Readonly<Record<string, z.ZodMiniType>> = {
  "thread.created": object({ thread }),
  "thread.updated": object({ thread }),
  "thread.item.added": object({ item }),
  "thread.item.updated": object({
    item_id: z.string(),
    update: checkedBy(object({ type: z.string() }), (base) => updates[base.type]),
  }),
  "thread.item.done": object({ item }),
  "thread.item.removed": object({ item_id: z.string() }),
  "thread.item.replaced": object({ item }),
  stream_options: object({ stream_options: object({ allow_cancel: z.boolean() }) }),
  progress_update: object({ text: z.string(), icon: z.optional(z.nullable(z.string())) }),
  client_effect: object({ name: z.string(), data: z._default(jsonObject, {}) }),
  error: object({
    code: z.string(),
    message: z.optional(z.nullable(z.string())),
    allow_retry: z._default(z.boolean(), false),
  }),
  notice: object({ level: z.string(), message: z.string(), title: z.optional(z.nullable(z.string())) }),
};

const event = checkedBy(object({ type: z.string() }), (base) => events[base.type]);

const errorBody = object({
  error: object({
    code: z.string(),
    message: z.string(),
    request_id: z.string(),
    details: z.optional(jsonObject),
  }),
  message: z.string(),
});

const capabilities = object({
  name: z.literal("waybill"),
  version: z.string(),
  attachments: object({
    ways: strings,
    max_count: z.int(),
    max_bytes: z.record(z.string(), z.number()),
    accept: strings,
  }),
  resume: z.boolean(),
});

const runInfo = z.nullable(
  object({
    id: z.string(),
    thread_id: z.string(),
    state: z.enum(["active", "completed", "failed", "stopped", "interrupted"]),
  }),
);

function checkedBy<Base extends z.ZodMiniType<{ type: string }>>(
  base: Base,
  choose: (value: z.output<Base>) => z.ZodMiniType | undefined,
) {
  return z.pipe(
    base,
    z.transform((value: z.output<Base>, context) => {
      const schema = choose(value);
      if (schema === undefined) return value;
      const result = schema.safeParse(value, { jitless: true });
      if (result.success) return result.data as z.output<Base>;
      for (const issue of result.error.issues) context.issues.push({ ...issue, input: value } as never);
      return value;
    }),
  );
}

const transcript = object({ text: z.string() });

const as = <T>(schema: z.ZodMiniType): z.ZodMiniType<T> => schema as unknown as z.ZodMiniType<T>;

/** Parses the JSON of one frame. Unknown event, update and item types pass as they are. */
export const parseStreamEvent = (value: unknown): ParseResult<ThreadStreamEvent> =>
  parseWith(as<ThreadStreamEvent>(event), value);
/** Parses the answer to `threads.get_by_id`. */
export const parseThread = (value: unknown): ParseResult<Thread> => parseWith(as<Thread>(thread), value);
/** Parses the answer to `threads.list`. */
export const parseThreadPage = (value: unknown): ParseResult<Page<Thread>> =>
  parseWith(as<Page<Thread>>(page(thread)), value);
/** Parses the answer to `items.list`. */
export const parseItemPage = (value: unknown): ParseResult<Page<ThreadItem>> =>
  parseWith(as<Page<ThreadItem>>(page(item)), value);
/** Parses an attachment, as `POST /v1/files` answers. */
export const parseAttachment = (value: unknown): ParseResult<Attachment> =>
  parseWith(as<Attachment>(attachment), value);
/** Parses the body of a failed request. */
export const parseErrorBody = (value: unknown): ParseResult<ErrorBody> =>
  parseWith(as<ErrorBody>(errorBody), value);
/** Parses the answer to `GET /v1`. */
export const parseCapabilities = (value: unknown): ParseResult<Capabilities> =>
  parseWith(as<Capabilities>(capabilities), value);
/** Parses the answer to `GET /v1/runs?thread_id=`; `null` when the thread never had a run. */
export const parseRunInfo = (value: unknown): ParseResult<RunInfo | null> =>
  parseWith(as<RunInfo | null>(runInfo), value);
/** Parses the answer to `input.transcribe`. */
export const parseTranscript = (value: unknown): ParseResult<{ readonly text: string }> =>
  parseWith(transcript, value);
