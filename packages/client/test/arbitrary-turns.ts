import type { Json, Source, Task, ThreadItem, ThreadItemUpdate } from "@waybill/protocol";
import * as fc from "fast-check";

/** An item without what every item has. */
export type ItemBody = ThreadItem extends infer One
  ? One extends ThreadItem
    ? Omit<One, "id" | "thread_id" | "created_at">
    : never
  : never;

/** One thing that a responder does. Numbers choose among what there is when it is done. */
export type Act =
  | { readonly act: "begin"; readonly body: ItemBody }
  | { readonly act: "update"; readonly which: number; readonly update: LooseUpdate }
  | { readonly act: "finish"; readonly which: number; readonly body: ItemBody }
  | { readonly act: "put"; readonly body: ItemBody }
  | { readonly act: "replace"; readonly which: number; readonly body: ItemBody }
  | { readonly act: "remove"; readonly which: number }
  | { readonly act: "title"; readonly title: string | null }
  | { readonly act: "status"; readonly locked: boolean; readonly reason: string }
  | { readonly act: "domains"; readonly domains: readonly string[] | null }
  | { readonly act: "metadata"; readonly value: Json }
  | { readonly act: "aside"; readonly text: string }
  | { readonly act: "wait" };

/** The matter of an update; its kind and places follow from the item that it meets. */
export interface LooseUpdate {
  readonly form: number;
  readonly place: number;
  readonly text: string;
  readonly task: Task;
  readonly source: Source;
}

/** What a person or a page does, and what the responder makes of it. */
export interface Step {
  readonly request: "create" | "message" | "retry" | "output" | "answers" | "action" | "rename";
  readonly text: string;
  readonly which: number;
  readonly acts: readonly Act[];
  readonly end: "done" | "refuses" | "breaks" | "stopped";
}

const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: "grapheme", maxLength: 6 }) },
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom("", " ", "\u0000", "\u2028\n", "data: x\n\n", "\ud800", "\r"),
);
const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
const object = fc.dictionary(text, json, { maxKeys: 3 });
const some = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 3 });

const sourceBase = { title: text };
const optionalOfSource = { description: text, group: text };
const source: fc.Arbitrary<Source> = fc.oneof(
  fc.record(
    { type: fc.constant("url"), url: text, ...sourceBase, ...optionalOfSource },
    { requiredKeys: ["type", "url", "title"] },
  ),
  fc.record({ type: fc.constant("file"), filename: text, ...sourceBase }),
  fc.record(
    {
      type: fc.constant("entity"),
      id: text,
      data: object,
      interactive: fc.boolean(),
      label: text,
      ...sourceBase,
    },
    { requiredKeys: ["type", "id", "data", "interactive", "title"] },
  ),
);
const status_indicator = fc.constantFrom("none" as const, "loading" as const, "complete" as const);
const task: fc.Arbitrary<Task> = fc.oneof(
  fc.record(
    { type: fc.constant("custom"), status_indicator, title: text, content: text },
    { requiredKeys: ["type", "status_indicator"] },
  ),
  fc.record({
    type: fc.constant("web_search"),
    status_indicator,
    queries: some(text),
    sources: some(source),
  }),
  fc.record({ type: fc.constant("thought"), status_indicator, content: text }),
  fc.record({ type: fc.constant("file"), status_indicator, sources: some(source) }),
  fc.record({ type: fc.constant("image"), status_indicator }),
);
const part = fc.record({
  type: fc.constant("output_text"),
  text,
  annotations: some(fc.record({ type: fc.constant("annotation"), source })),
});
const question = fc.oneof(
  fc.record({
    type: fc.constant("multiple_choice"),
    id: text,
    question: text,
    options: some(fc.record({ value: text })),
    multiple: fc.boolean(),
  }),
  fc.record({ type: fc.constant("freeform"), id: text, question: text }),
);

/** The bodies of all kinds of items, of hidden ones last. */
const shown: fc.Arbitrary<ItemBody> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant("assistant_message"), content: some(part) }),
  },
  fc.record(
    {
      type: fc.constant("widget"),
      widget: fc.record({
        type: fc.constant("Card"),
        children: some(fc.record({ type: fc.constant("Text"), id: fc.constant("t"), value: text })),
        extra: json,
      }),
      copy_text: text,
    },
    { requiredKeys: ["type", "widget"] },
  ),
  fc.record(
    { type: fc.constant("generated_image"), image: fc.record({ id: text, url: text }) },
    { requiredKeys: ["type"] },
  ),
  fc.record({
    type: fc.constant("client_tool_call"),
    status: fc.constant("pending"),
    call_id: text,
    name: text,
    arguments: object,
  }),
  fc.record({
    type: fc.constant("structured_input"),
    status: fc.constant("pending"),
    inputs: some(question),
  }),
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("workflow"),
      workflow: fc.record(
        {
          type: fc.constantFrom("custom", "reasoning"),
          tasks: some(task),
          expanded: fc.boolean(),
          summary: fc.oneof(fc.record({ title: text }), fc.record({ duration: fc.nat() })),
        },
        { requiredKeys: ["type", "tasks", "expanded"] },
      ),
    }),
  },
  fc.record({ type: fc.constant("task"), task }),
  fc.record({ type: fc.constant("end_of_turn") }),
  fc.record({
    type: fc.constant("user_message"),
    content: some(
      fc.oneof(
        fc.record({ type: fc.constant("input_text"), text }),
        fc.record({
          type: fc.constant("input_tag"),
          id: text,
          text,
          data: object,
          interactive: fc.boolean(),
        }),
      ),
    ),
    attachments: fc.constant([]),
    inference_options: fc.record({ model: text }, { requiredKeys: [] }),
  }),
);
const body: fc.Arbitrary<ItemBody> = fc.oneof(
  { weight: 8, arbitrary: shown },
  fc.record({ type: fc.constantFrom("hidden_context_item", "sdk_hidden_context"), content: json }),
);

const which = fc.nat({ max: 9 });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant("begin"), body }) },
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant("update"),
      which,
      update: fc.record({ form: which, place: which, text, task, source }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("finish"), which, body }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("put"), body }) },
  fc.record({ act: fc.constant("replace"), which, body }),
  fc.record({ act: fc.constant("remove"), which }),
  fc.record({ act: fc.constant("title"), title: fc.option(text) }),
  fc.record({
    act: fc.constant("status"),
    locked: fc.nat({ max: 9 }).map((n) => n === 9),
    reason: text,
  }),
  fc.record({ act: fc.constant("domains"), domains: fc.option(some(text)) }),
  fc.record({ act: fc.constant("metadata"), value: json }),
  fc.record({ act: fc.constant("aside"), text }),
  fc.record({ act: fc.constant("wait") }),
);

/** Turns of one thread, of every kind and with every end. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    request: fc.constantFrom("create", "message", "retry", "output", "answers", "action", "rename"),
    text,
    which,
    acts: fc.array(act, { maxLength: 10 }),
    end: fc.constantFrom("done", "done", "done", "refuses", "breaks", "stopped"),
  }),
  { minLength: 1, maxLength: 4 },
);

/** What the item has of parts and tasks by now. */
export interface Extent {
  /** Annotations of each part. */
  readonly parts: number[];
  tasks: number;
}

/** A valid update of an item of this kind; undefined if it has none. `extent` grows with it. */
export function updateFor(
  kind: ThreadItem["type"],
  extent: Extent,
  { form, place, text, task, source }: LooseUpdate,
): ThreadItemUpdate | undefined {
  const type = <Kind extends string>(name: Kind) => `assistant_message.content_part.${name}` as const;
  switch (kind) {
    case "assistant_message": {
      // Upstream fills up with empty parts in front of one that begins out of turn.
      const content_index = place % (extent.parts.length + 2);
      while (extent.parts.length <= content_index) extent.parts.push(0);
      const content = { type: "output_text", text, annotations: [] } as const;
      if (form % 5 === 0) {
        extent.parts[content_index] = 0;
        return { type: type(place % 2 === 0 ? "added" : "done"), content_index, content };
      }
      if (form % 5 === 1) {
        const had = extent.parts[content_index] ?? 0;
        extent.parts[content_index] = had + 1;
        const annotation = { type: "annotation", source } as const;
        return {
          type: type("annotation_added"),
          content_index,
          annotation_index: form % (had + 1),
          annotation,
        };
      }
      return { type: type("text_delta"), content_index, delta: text };
    }
    case "workflow":
      if (extent.tasks === 0 || form % 2 === 0) {
        extent.tasks += 1;
        return { type: "workflow.task.added", task_index: extent.tasks - 1, task };
      }
      return { type: "workflow.task.updated", task_index: place % extent.tasks, task };
    case "widget":
      if (form % 3 === 0) return { type: "widget.root.updated", widget: { type: "Card", children: [] } };
      return form % 3 === 1
        ? { type: "widget.component.updated", component_id: "t", component: { type: "Text", id: "t" } }
        : {
            type: "widget.streaming_text.value_delta",
            component_id: "t",
            delta: text,
            done: place % 2 === 0,
          };
    case "generated_image":
      return { type: "generated_image.updated", image: { id: text, url: text }, progress: place / 10 };
    default:
      return undefined;
  }
}
