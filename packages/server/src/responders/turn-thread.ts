import { createId, createItemId, type ThreadItem } from "@waybill/protocol";
import { streamWidget } from "../widgets/stream-widget.ts";
import type { QuestionInput, TurnEvent, TurnThread } from "./respond.ts";
import { streamText } from "./stream-text.ts";
import type { ThreadDraft } from "./thread-draft.ts";
import { createImage } from "./turn-image.ts";
import { createWorkflow, taskOf } from "./turn-workflow.ts";

/** An item without what every item has. */
type ItemBody = ThreadItem extends infer One
  ? One extends ThreadItem
    ? Omit<One, "id" | "thread_id" | "created_at">
    : never
  : never;

/** The thread of a turn, on a draft that takes its changes. */
export function createTurnThread(
  draft: ThreadDraft,
  parts: { readonly now: () => Date; readonly history: TurnThread["history"] },
): TurnThread {
  const { id, created_at } = draft.record;
  const time = () => parts.now().toISOString();
  const done = (body: ItemBody): TurnEvent => ({
    type: "thread.item.done",
    item: { id: createItemId(body.type), thread_id: id, created_at: time(), ...body },
  });
  return {
    id,
    created_at,
    get title() {
      return draft.record.title;
    },
    get status() {
      return draft.record.status;
    },
    get metadata() {
      return draft.record.metadata;
    },
    get allowed_image_domains() {
      return draft.record.allowed_image_domains;
    },
    setTitle: (title) => draft.change({ title }),
    setStatus: (status) => draft.change({ status }),
    setMetadata: (metadata) => draft.change({ metadata }),
    setAllowedImageDomains: (allowed_image_domains) => draft.change({ allowed_image_domains }),
    history: parts.history,
    streamText: (source) => streamText(id, time(), source),
    streamWidget: (source, options) => streamWidget(id, time(), source, options),
    workflow: (options) => createWorkflow(id, parts.now, options),
    task: (task) => done({ type: "task", task: taskOf(task) }),
    generatedImage: () => createImage(id, time()),
    clientToolCall: ({ name, arguments: given = {}, call_id = createId("tool_call") }) =>
      done({ type: "client_tool_call", status: "pending", call_id, name, arguments: given }),
    structuredInput: (questions) =>
      done({ type: "structured_input", status: "pending", inputs: questions.map(questionOf) }),
    hiddenContext: (content) => done({ type: "hidden_context_item", content }),
    progress: (text, icon) => ({
      type: "progress_update",
      ...(icon === undefined ? {} : { icon }),
      text,
    }),
    effect: (name, data = {}) => ({ type: "client_effect", name, data }),
    notice: (level, message, title) => ({
      type: "notice",
      level,
      message,
      ...(title === undefined ? {} : { title }),
    }),
  };
}

function questionOf(question: QuestionInput) {
  return question.type === "multiple_choice"
    ? { ...question, multiple: question.multiple ?? false }
    : question;
}
