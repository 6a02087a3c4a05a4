import type { ThreadStreamEvent } from "../events.ts";
import type { ThreadItem } from "../items.ts";
import { depthWithin, MAX_JSON_DEPTH } from "./depth.ts";
import type { ParseResult } from "./parse-result.ts";
import {
  byType,
  flag,
  jsonObject,
  list,
  number,
  object,
  oneOf,
  optional,
  orElse,
  parserOf,
  type Shape,
  type Shapes,
  text,
} from "./shape.ts";

// What a server sends must be right to the last word: unlike what a page reads, nothing unknown passes.
const MAX_INDEX = 10_000;

const known = (base: Shapes, types: Readonly<Record<string, Shapes>>): Shape => {
  const names = oneOf(...Object.keys(types));
  const inner = byType(base, types);
  return (value, faults) => {
    const type: unknown =
      typeof value === "object" && value !== null ? Reflect.get(value, "type") : undefined;
    const before = faults.length;
    if (typeof type === "string") names(type, faults);
    if (faults.length === before) return inner(value, faults);
    faults.slice(before).forEach((fault) => {
      fault.path.unshift("type");
    });
    return value;
  };
};

const json: Shape = (value, faults) => {
  if (value === undefined || !depthWithin(value, MAX_JSON_DEPTH)) {
    faults.push({ path: [], message: `expected JSON of at most ${MAX_JSON_DEPTH} levels` });
  }
  return value;
};

const index: Shape = (value, faults) => {
  if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > MAX_INDEX) {
    faults.push({ path: [], message: `expected a whole number from 0 to ${MAX_INDEX}` });
  }
  return value;
};

const strings = list(text);
const none = () => [];
const status = orElse(known({ reason: optional(text) }, { active: {}, locked: {}, closed: {} }), () => ({
  type: "active",
}));

const source = known(
  { title: text, description: optional(text), timestamp: optional(text), group: optional(text) },
  {
    url: { url: text, attribution: optional(text) },
    file: { filename: text },
    entity: {
      id: text,
      icon: optional(text),
      preview: optional(oneOf("lazy")),
      data: orElse(jsonObject, () => ({})),
      interactive: orElse(flag, () => false),
      label: optional(text),
      inline_label: optional(text),
    },
  },
);
const sources = orElse(list(source), none);
const annotation = known({}, { annotation: { source, index: optional(number) } });
const outputText = known({}, { output_text: { text, annotations: orElse(list(annotation), none) } });
const task = known(
  { title: optional(text), status_indicator: orElse(oneOf("none", "loading", "complete"), () => "none") },
  {
    custom: { icon: optional(text), content: optional(text) },
    web_search: { title_query: optional(text), queries: orElse(strings, none), sources },
    thought: { content: text },
    file: { sources },
    image: {},
  },
);
const summary: Shape = (value, faults) =>
  typeof value === "object" && value !== null && "duration" in value
    ? object({ duration: number })(value, faults)
    : object({ title: text, icon: optional(text) })(value, faults);
const answer = object({ values: orElse(strings, none), skipped: orElse(flag, () => false) });
const question = known(
  { id: text, question: text, answer: optional(answer) },
  {
    multiple_choice: { options: list(object({ value: text })), multiple: orElse(flag, () => false) },
    freeform: { description: optional(text) },
  },
);
const tag = {
  id: text,
  text,
  data: orElse(jsonObject, () => ({})),
  group: optional(text),
  interactive: orElse(flag, () => false),
};
const attachment = known(
  { id: text, name: text, mime_type: text, thread_id: optional(text) },
  { image: { preview_url: text }, file: {} },
);
const image = object({ id: text, url: text });

const item = known(
  { id: text, thread_id: text, created_at: text },
  {
    user_message: {
      content: list(known({}, { input_text: { text }, input_tag: tag })),
      attachments: orElse(list(attachment), none),
      quoted_text: optional(text),
      inference_options: orElse(
        object({ tool_choice: optional(object({ id: text })), model: optional(text) }),
        () => ({}),
      ),
    },
    assistant_message: { content: list(outputText) },
    client_tool_call: {
      status: orElse(oneOf("pending", "completed"), () => "pending"),
      call_id: text,
      name: text,
      arguments: jsonObject,
      output: optional(json),
    },
    widget: { widget: jsonObject, copy_text: optional(text) },
    generated_image: { image: optional(image) },
    structured_input: {
      status: orElse(oneOf("pending", "answered", "skipped"), () => "pending"),
      inputs: list(question),
    },
    workflow: {
      workflow: object({
        type: oneOf("custom", "reasoning"),
        tasks: list(task),
        summary: optional(summary),
        expanded: orElse(flag, () => false),
      }),
    },
    task: { task },
    hidden_context_item: { content: json },
    sdk_hidden_context: { content: json },
    end_of_turn: {},
  },
);

const content = { content_index: index, content: outputText };
const update = known(
  {},
  {
    "assistant_message.content_part.added": content,
    "assistant_message.content_part.text_delta": { content_index: index, delta: text },
    "assistant_message.content_part.annotation_added": {
      content_index: index,
      annotation_index: index,
      annotation,
    },
    "assistant_message.content_part.done": content,
    "widget.streaming_text.value_delta": { component_id: text, delta: text, done: flag },
    "widget.root.updated": { widget: jsonObject },
    "widget.component.updated": { component_id: text, component: jsonObject },
    "workflow.task.added": { task_index: index, task },
    "workflow.task.updated": { task_index: index, task },
    "generated_image.updated": { image, progress: optional(number) },
  },
);

const thread = object({
  id: text,
  created_at: text,
  title: optional(text),
  status,
  allowed_image_domains: optional(strings),
  metadata: orElse(jsonObject, () => ({})),
  items: object({ data: list(item), has_more: flag, after: optional(text) }),
});

const event = known(
  {},
  {
    "thread.updated": { thread },
    "thread.item.added": { item },
    "thread.item.updated": { item_id: text, update },
    "thread.item.done": { item },
    "thread.item.removed": { item_id: text },
    "thread.item.replaced": { item },
    stream_options: { stream_options: object({ allow_cancel: flag }) },
    progress_update: { icon: optional(text), text },
    client_effect: { name: text, data: orElse(jsonObject, () => ({})) },
    error: { code: oneOf("stream.error", "custom"), message: optional(text), allow_retry: flag },
    notice: { level: oneOf("info", "warning", "danger"), message: text, title: optional(text) },
  },
);

/**
 * Parses what the author of a server hands over as an event: any but `thread.created`. What upstream
 * fills in is filled in; a null of an optional field counts as absent; unknown types, and what does not
 * fit its type, are issues.
 */
export const parseAuthoredEvent: (value: unknown) => ParseResult<AuthoredEvent> = (value) =>
  isTextDelta(value) ? { ok: true, value } : parseAnyEvent(value);

type AuthoredEvent = Exclude<ThreadStreamEvent, { readonly type: "thread.created" }>;
const parseAnyEvent = parserOf<AuthoredEvent>(event);

/** Text comes in many small pieces, and a piece that is right has nothing that could be filled in. */
function isTextDelta(value: unknown): value is AuthoredEvent {
  if (typeof value !== "object" || value === null) return false;
  const { type, item_id, update } = value as Readonly<Record<string, unknown>>;
  if (type !== "thread.item.updated" || typeof item_id !== "string") return false;
  if (typeof update !== "object" || update === null) return false;
  const { type: kind, content_index, delta } = update as Readonly<Record<string, unknown>>;
  return (
    kind === "assistant_message.content_part.text_delta" &&
    typeof delta === "string" &&
    Number.isInteger(content_index) &&
    Number(content_index) >= 0 &&
    Number(content_index) <= MAX_INDEX
  );
}

/** Parses what the author of a server hands over as an item, as {@link parseAuthoredEvent} does. */
export const parseAuthoredItem = parserOf<ThreadItem>(item);
