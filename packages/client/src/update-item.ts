import type { AssistantMessageContent, Json, ThreadItem, ThreadItemUpdate } from "@waybill/protocol";

type JsonObject = { readonly [key: string]: Json };

/**
 * The item after one update; the same object if the update is unknown, or is not one of
 * this item's type. Parts in front of one that begins out of turn are there, and empty; an
 * annotation is inserted. A task behind the end is appended, and one that is added twice is there once.
 *
 * Source: openai-chatkit 1.6.5, `types.py`, `ThreadItemUpdate`, and `server.py`,
 * `_apply_assistant_message_update`, by which servers keep what a stopped answer leaves.
 */
export function updateItem(item: ThreadItem, update: ThreadItemUpdate): ThreadItem {
  switch (item.type) {
    case "assistant_message": {
      const content = updateContent(item.content, update);
      return content === item.content ? item : { ...item, content };
    }
    case "widget": {
      const widget = updateWidget(item.widget, update);
      return widget === item.widget ? item : { ...item, widget };
    }
    case "workflow":
      return update.type === "workflow.task.added" || update.type === "workflow.task.updated"
        ? {
            ...item,
            workflow: {
              ...item.workflow,
              tasks: placed(item.workflow.tasks, update.task_index, update.task),
            },
          }
        : item;
    case "generated_image":
      return update.type === "generated_image.updated" ? { ...item, image: update.image } : item;
    default:
      return item;
  }
}

function updateContent(
  content: readonly AssistantMessageContent[],
  update: ThreadItemUpdate,
): readonly AssistantMessageContent[] {
  switch (update.type) {
    case "assistant_message.content_part.added":
    case "assistant_message.content_part.done":
      return withPart(content, update.content_index, () => update.content);
    case "assistant_message.content_part.text_delta":
      return withPart(content, update.content_index, (part) => ({
        ...part,
        text: part.text + update.delta,
      }));
    case "assistant_message.content_part.annotation_added":
      return withPart(content, update.content_index, (part) => ({
        ...part,
        annotations: part.annotations.toSpliced(update.annotation_index, 0, update.annotation),
      }));
    default:
      return content;
  }
}

/** The most parts that one update may make room for. */
const MAX_NEW_PARTS = 10_000;
const EMPTY_PART: AssistantMessageContent = Object.freeze({ type: "output_text", text: "", annotations: [] });

/** A server may begin with a delta, without having added the part or those in front of it. */
function withPart(
  content: readonly AssistantMessageContent[],
  index: number,
  change: (part: AssistantMessageContent) => AssistantMessageContent,
): readonly AssistantMessageContent[] {
  if (index - content.length > MAX_NEW_PARTS) return content;
  const parts = [...content];
  while (parts.length <= index) parts.push(EMPTY_PART);
  parts[index] = change(parts[index] ?? EMPTY_PART);
  return parts;
}

const placed = <T>(list: readonly T[], index: number, value: T): readonly T[] =>
  index < list.length ? list.with(index, value) : [...list, value];

function updateWidget(widget: JsonObject, update: ThreadItemUpdate): JsonObject {
  switch (update.type) {
    case "widget.root.updated":
      return update.widget;
    case "widget.component.updated":
      return changeComponent(widget, update.component_id, () => update.component);
    case "widget.streaming_text.value_delta":
      return changeComponent(widget, update.component_id, (component) => ({
        ...component,
        value: `${typeof component["value"] === "string" ? component["value"] : ""}${update.delta}`,
        ...("streaming" in component ? { streaming: !update.done } : {}),
      }));
    default:
      return widget;
  }
}

/** The tree with one component changed; components stand in `children` alone, payloads are not searched. */
function changeComponent(
  node: JsonObject,
  id: string,
  change: (component: JsonObject) => JsonObject,
): JsonObject {
  if (node["id"] === id) return change(node);
  const { children } = node;
  if (isObject(children)) {
    const next = changeComponent(children, id, change);
    return next === children ? node : { ...node, children: next };
  }
  if (!isList(children)) return node;
  for (const [index, child] of children.entries()) {
    if (!isObject(child)) continue;
    const next = changeComponent(child, id, change);
    if (next !== child) return { ...node, children: children.with(index, next) };
  }
  return node;
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !isList(value);
