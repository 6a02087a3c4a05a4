import type { Attachment } from "./attachment.ts";

/** Any value that JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Text that a person typed. */
export interface InputText {
  readonly type: "input_text";
  readonly text: string;
}

/** An entity that a person named in a message. */
export interface InputTag {
  readonly type: "input_tag";
  readonly id: string;
  readonly text: string;
  readonly data: { readonly [key: string]: Json };
  readonly group?: string;
  /** @default false */
  readonly interactive?: boolean;
}

/** One part of a person's message. */
export type UserMessageContent = InputText | InputTag;

/** What a person chose for one message. */
export interface InferenceOptions {
  readonly tool_choice?: { readonly id: string };
  readonly model?: string;
}

/** What a client sends as a person's message. `attachments` are ids only. */
export interface UserMessageInput {
  readonly content: readonly UserMessageContent[];
  readonly attachments: readonly string[];
  readonly quoted_text?: string;
  readonly inference_options: InferenceOptions;
}

interface SourceBase {
  readonly title: string;
  readonly description?: string;
  readonly timestamp?: string;
  readonly group?: string;
}
/** What an annotation or a task refers to. */
export type Source =
  | (SourceBase & { readonly type: "url"; readonly url: string; readonly attribution?: string })
  | (SourceBase & { readonly type: "file"; readonly filename: string })
  | (SourceBase & {
      readonly type: "entity";
      readonly id: string;
      readonly icon?: string;
      readonly preview?: "lazy";
      readonly data?: { readonly [key: string]: Json };
      readonly interactive?: boolean;
      readonly label?: string;
      readonly inline_label?: string;
    });

/** A mark on an answer; `index` is the character in front of which it stands. */
export interface Annotation {
  readonly type: "annotation";
  readonly source: Source;
  readonly index?: number;
}

/** One part of an answer: Markdown text with its annotations. */
export interface AssistantMessageContent {
  readonly type: "output_text";
  readonly text: string;
  readonly annotations: readonly Annotation[];
}

interface TaskBase {
  readonly status_indicator: "none" | "loading" | "complete";
}
/** One step of a workflow, or a step that stands alone. */
export type Task = TaskBase &
  (
    | { readonly type: "custom"; readonly title?: string; readonly icon?: string; readonly content?: string }
    | {
        readonly type: "web_search";
        readonly title?: string;
        readonly title_query?: string;
        readonly queries: readonly string[];
        readonly sources: readonly Source[];
      }
    | { readonly type: "thought"; readonly title?: string; readonly content: string }
    | { readonly type: "file"; readonly title?: string; readonly sources: readonly Source[] }
    | { readonly type: "image"; readonly title?: string }
  );

/** How a finished workflow is called when it is folded. `duration` is in seconds. */
export type WorkflowSummary =
  | { readonly title: string; readonly icon?: string }
  | { readonly duration: number };

/** A list of tasks that led to an answer. */
export interface Workflow {
  readonly type: "custom" | "reasoning";
  readonly tasks: readonly Task[];
  readonly summary?: WorkflowSummary;
  readonly expanded: boolean;
}

/** One question of a structured input. */
export type StructuredInputQuestion =
  | {
      readonly type: "multiple_choice";
      readonly id: string;
      readonly question: string;
      readonly answer?: StructuredInputAnswer;
      readonly options: readonly { readonly value: string }[];
      readonly multiple: boolean;
    }
  | {
      readonly type: "freeform";
      readonly id: string;
      readonly question: string;
      readonly answer?: StructuredInputAnswer;
      readonly description?: string;
    };

/** What a person answered to one question. */
export interface StructuredInputAnswer {
  readonly values: readonly string[];
  readonly skipped: boolean;
}

/** What every item has. `created_at` is ISO 8601; ours ends in `Z`. */
export interface ItemBase {
  readonly id: string;
  readonly thread_id: string;
  readonly created_at: string;
}

/** A person's message. */
export interface UserMessageItem extends ItemBase {
  readonly type: "user_message";
  readonly content: readonly UserMessageContent[];
  readonly attachments: readonly Attachment[];
  readonly quoted_text?: string;
  readonly inference_options: InferenceOptions;
}

/** An answer. */
export interface AssistantMessageItem extends ItemBase {
  readonly type: "assistant_message";
  readonly content: readonly AssistantMessageContent[];
}

/** A call of a tool that the page carries out. */
export interface ClientToolCallItem extends ItemBase {
  readonly type: "client_tool_call";
  readonly status: "pending" | "completed";
  readonly call_id: string;
  readonly name: string;
  readonly arguments: { readonly [key: string]: Json };
  readonly output?: Json;
}

/** A widget; its tree is free-form here. */
export interface WidgetItem extends ItemBase {
  readonly type: "widget";
  readonly widget: { readonly [key: string]: Json };
  readonly copy_text?: string;
}

/** An image that a model made. `image` is absent until there is one. */
export interface GeneratedImageItem extends ItemBase {
  readonly type: "generated_image";
  readonly image?: { readonly id: string; readonly url: string };
}

/** Questions to the person. */
export interface StructuredInputItem extends ItemBase {
  readonly type: "structured_input";
  readonly status: "pending" | "answered" | "skipped";
  readonly inputs: readonly StructuredInputQuestion[];
}

/** A workflow in the thread. */
export interface WorkflowItem extends ItemBase {
  readonly type: "workflow";
  readonly workflow: Workflow;
}

/** A task outside of a workflow. */
export interface TaskItem extends ItemBase {
  readonly type: "task";
  readonly task: Task;
}

/** Context for the model alone: stored, never sent. */
export interface HiddenContextItem extends ItemBase {
  readonly type: "hidden_context_item" | "sdk_hidden_context";
  readonly content: Json;
}

/** The end of a turn, where an author marks it. */
export interface EndOfTurnItem extends ItemBase {
  readonly type: "end_of_turn";
}

/**
 * The eleven kinds of item in a thread.
 *
 * Source: openai-chatkit 1.6.5, `types.py`, `ThreadItem`.
 */
export type ThreadItem =
  | UserMessageItem
  | AssistantMessageItem
  | ClientToolCallItem
  | WidgetItem
  | GeneratedImageItem
  | StructuredInputItem
  | WorkflowItem
  | TaskItem
  | HiddenContextItem
  | EndOfTurnItem;

/** Whether an item is context for the model alone, which never leaves the server. */
export function isHiddenItem(item: { readonly type: string }): item is HiddenContextItem {
  return item.type === "hidden_context_item" || item.type === "sdk_hidden_context";
}
