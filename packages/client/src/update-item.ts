import type { AssistantMessageContent, Json, ThreadItem, ThreadItemUpdate } from "@waybill/protocol";

type JsonObject = { readonly [key: string]: Json };

/**
 * The item after one update; the same object if the update is unknown, or is not one of
 * this item's type. An index behind the end appends; one that is taken replaces, so that
 * what is added twice is there once.
 *
 * Source: openai-chatkit 1.6.5, `types.py`, `ThreadItemUpdate`.
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
      return placed(content, update.content_index, update.content);
    case "assistant_message.content_part.text_delta": {
      const part = partAt(content, update.content_index);
      return placed(content, update.content_index, { ...part, text: part.text + update.delta });
    }
    case "assistant_message.content_part.annotation_added": {
      const part = partAt(content, update.content_index);
      const annotations = placed(part.annotations, update.annotation_index, update.annotation);
      return placed(content, update.content_index, { ...part, annotations });
    }
    default:
      return content;
  }
}

// A server may begin with a delta, without having added the part.
const partAt = (content: readonly AssistantMessageContent[], index: number): AssistantMessageContent =>
  content[index] ?? { type: "output_text", text: "", annotations: [] };

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
