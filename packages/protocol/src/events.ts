import type { Annotation, AssistantMessageContent, Json, Task, ThreadItem } from "./items.ts";
import type { Thread } from "./thread.ts";

/** What changed inside one item while it streams: ten kinds. */
export type ThreadItemUpdate =
  | {
      readonly type: "assistant_message.content_part.added";
      readonly content_index: number;
      readonly content: AssistantMessageContent;
    }
  | {
      readonly type: "assistant_message.content_part.text_delta";
      readonly content_index: number;
      readonly delta: string;
    }
  | {
      readonly type: "assistant_message.content_part.annotation_added";
      readonly content_index: number;
      readonly annotation_index: number;
      readonly annotation: Annotation;
    }
  | {
      readonly type: "assistant_message.content_part.done";
      readonly content_index: number;
      readonly content: AssistantMessageContent;
    }
  | {
      readonly type: "widget.streaming_text.value_delta";
      readonly component_id: string;
      readonly delta: string;
      readonly done: boolean;
    }
  | { readonly type: "widget.root.updated"; readonly widget: { readonly [key: string]: Json } }
  | {
      readonly type: "widget.component.updated";
      readonly component_id: string;
      readonly component: { readonly [key: string]: Json };
    }
  | { readonly type: "workflow.task.added"; readonly task_index: number; readonly task: Task }
  | { readonly type: "workflow.task.updated"; readonly task_index: number; readonly task: Task }
  | {
      readonly type: "generated_image.updated";
      readonly image: { readonly id: string; readonly url: string };
      readonly progress?: number;
    };

/**
 * The twelve events of a stream.
 *
 * Source: openai-chatkit 1.6.5, `types.py`, `ThreadStreamEvent`.
 */
export type ThreadStreamEvent =
  | { readonly type: "thread.created"; readonly thread: Thread }
  | { readonly type: "thread.updated"; readonly thread: Thread }
  | { readonly type: "thread.item.added"; readonly item: ThreadItem }
  | { readonly type: "thread.item.updated"; readonly item_id: string; readonly update: ThreadItemUpdate }
  | { readonly type: "thread.item.done"; readonly item: ThreadItem }
  | { readonly type: "thread.item.removed"; readonly item_id: string }
  | { readonly type: "thread.item.replaced"; readonly item: ThreadItem }
  | { readonly type: "stream_options"; readonly stream_options: { readonly allow_cancel: boolean } }
  | { readonly type: "progress_update"; readonly icon?: string; readonly text: string }
  | { readonly type: "client_effect"; readonly name: string; readonly data: { readonly [key: string]: Json } }
  | {
      readonly type: "error";
      readonly code: "stream.error" | "custom";
      readonly message?: string;
      readonly allow_retry: boolean;
    }
  | {
      readonly type: "notice";
      readonly level: "info" | "warning" | "danger";
      readonly message: string;
      readonly title?: string;
    };
