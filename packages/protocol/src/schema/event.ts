import type { Attachment } from "../attachment.ts";
import type { ErrorBody } from "../errors.ts";
import type { ThreadStreamEvent } from "../events.ts";
import type { Capabilities, RunInfo } from "../files.ts";
import type { ThreadItem } from "../items.ts";
import type { Page } from "../page.ts";
import type { Thread } from "../thread.ts";
import {
  byType,
  count,
  flag,
  jsonObject,
  list,
  map,
  number,
  object,
  oneOf,
  optional,
  orElse,
  orNull,
  parserOf,
  type Shape,
  text,
  time,
} from "./shape.ts";

// What a client needs of a server's answer so that nothing later can break on it.
const strings = list(text);
const annotation = object({ type: text, source: object({ type: text, title: text }) });
const outputText = object({ type: text, text, annotations: orElse(list(annotation), () => []) });
const attachment = object({
  id: text,
  name: text,
  mime_type: text,
  type: oneOf("image", "file"),
  preview_url: optional(text),
  upload_descriptor: optional(object({ url: text, method: oneOf("POST", "PUT"), headers: map(text) })),
});
const task = object({ type: text, status_indicator: orElse(text, () => "none") });
const image = object({ id: text, url: text });

const item = byType(
  { id: text, thread_id: text, created_at: time },
  {
    user_message: {
      content: list(object({ type: text, text })),
      attachments: orElse(list(attachment), () => []),
      quoted_text: optional(text),
      inference_options: orElse(object({}), () => ({})),
    },
    assistant_message: { content: list(outputText) },
    client_tool_call: { status: text, call_id: text, name: text, arguments: jsonObject },
    widget: { widget: jsonObject },
    generated_image: { image: optional(image) },
    structured_input: { status: text, inputs: list(object({ type: text, id: text, question: text })) },
    workflow: { workflow: object({ type: text, tasks: list(task), expanded: orElse(flag, () => false) }) },
    task: { task },
  },
);

const page = (entry: Shape): Shape =>
  object({ data: list(entry), has_more: orElse(flag, () => false), after: optional(text) });
const thread = object({
  id: text,
  created_at: time,
  title: optional(text),
  status: orElse(object({ type: text, reason: optional(text) }), () => ({ type: "active" })),
  allowed_image_domains: optional(strings),
  items: orElse(page(item), () => ({ data: [], has_more: false })),
});

const update = byType(
  {},
  {
    "assistant_message.content_part.added": { content_index: count, content: outputText },
    "assistant_message.content_part.text_delta": { content_index: count, delta: text },
    "assistant_message.content_part.annotation_added": {
      content_index: count,
      annotation_index: count,
      annotation,
    },
    "assistant_message.content_part.done": { content_index: count, content: outputText },
    "widget.streaming_text.value_delta": { component_id: text, delta: text, done: flag },
    "widget.root.updated": { widget: jsonObject },
    "widget.component.updated": { component_id: text, component: jsonObject },
    "workflow.task.added": { task_index: count, task },
    "workflow.task.updated": { task_index: count, task },
    "generated_image.updated": { image, progress: optional(number) },
  },
);

const event = byType(
  {},
  {
    "thread.created": { thread },
    "thread.updated": { thread },
    "thread.item.added": { item },
    "thread.item.updated": { item_id: text, update },
    "thread.item.done": { item },
    "thread.item.removed": { item_id: text },
    "thread.item.replaced": { item },
    stream_options: { stream_options: object({ allow_cancel: flag }) },
    progress_update: { text, icon: optional(text) },
    client_effect: { name: text, data: orElse(jsonObject, () => ({})) },
    error: { code: text, message: optional(text), allow_retry: orElse(flag, () => false) },
    notice: { level: text, message: text, title: optional(text) },
  },
);

const errorBody = object({
  error: object({ code: text, message: text, request_id: text, details: optional(jsonObject) }),
  message: text,
});

const capabilities = object({
  name: oneOf("waybill"),
  version: text,
  attachments: object({ ways: strings, max_count: count, max_bytes: map(number), accept: strings }),
  resume: flag,
});

const runInfo = object({
  id: text,
  thread_id: text,
  state: oneOf("active", "completed", "failed", "stopped", "interrupted"),
});

/** Parses the JSON of one frame. Unknown event, update and item types pass as they are. */
export const parseStreamEvent = parserOf<ThreadStreamEvent>(event);
/** Parses the answer to `threads.get_by_id`. */
export const parseThread = parserOf<Thread>(thread);
/** Parses the answer to `threads.list`. */
export const parseThreadPage = parserOf<Page<Thread>>(page(thread));
/** Parses the answer to `items.list`. */
export const parseItemPage = parserOf<Page<ThreadItem>>(page(item));
/** Parses an attachment, as `POST /v1/files` answers. */
export const parseAttachment = parserOf<Attachment>(attachment);
/** Parses the body of a failed request. */
export const parseErrorBody = parserOf<ErrorBody>(errorBody);
/** Parses the answer to `GET /v1`. */
export const parseCapabilities = parserOf<Capabilities>(capabilities);
/** Parses the answer to `GET /v1/runs?thread_id=`; `null` when the thread never had a run. */
export const parseRunInfo = parserOf<RunInfo | null>(orNull(runInfo));
/** Parses the answer to `input.transcribe`. */
export const parseTranscript = parserOf<{ readonly text: string }>(object({ text }));
