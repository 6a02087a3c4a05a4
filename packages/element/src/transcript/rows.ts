import { isHiddenItem, type ThreadItem, type UserMessageItem } from "@waybill/protocol";
import type { ChatSnapshot, UnsentTurn } from "../chat-snapshot.ts";

/** One thing inside of an answer, in the order shown. */
export type AnswerPart =
  | { readonly kind: "item"; readonly key: string; readonly item: ThreadItem; readonly growing: boolean }
  | {
      readonly kind: "notice";
      readonly key: string;
      readonly notice: ChatSnapshot["state"]["notices"][number];
    }
  | { readonly kind: "progress"; readonly key: string; readonly text: string }
  | { readonly kind: "waiting"; readonly key: string }
  | { readonly kind: "ending"; readonly key: string; readonly ending: NonNullable<ChatSnapshot["ending"]> }
  | { readonly kind: "failure"; readonly key: string; readonly turn: UnsentTurn | null };

/** One turn of the transcript. A key stays the same from the moment of sending on. */
export type Row =
  | { readonly kind: "user"; readonly key: string; readonly item: UserMessageItem; readonly sending: boolean }
  | {
      readonly kind: "answer";
      readonly key: string;
      readonly parts: readonly AnswerPart[];
      /** Whether more is to come. */
      readonly busy: boolean;
      /** Whether another answer will stand in its place. */
      readonly former: boolean;
    };

function isShown(item: ThreadItem): boolean {
  return !isHiddenItem(item) && item.type !== "end_of_turn";
}

/**
 * Arranges a conversation in turns: all that follows a person's message belongs to one answer.
 * Messages that the server has not taken stand at the end, each with what became of it. The
 * empty conversation has no rows.
 */
export function readRows(snapshot: ChatSnapshot, dismissed: ReadonlySet<string>): readonly Row[] {
  const { state, phase, keys } = snapshot;
  const rows: Row[] = [];
  let parts: AnswerPart[] = [];
  let lastUserKey = "start";
  const keyOf = (id: string) => keys.get(id) ?? id;

  const close = (busy: boolean, former = false) => {
    if (parts.length > 0) rows.push({ kind: "answer", key: `after:${lastUserKey}`, parts, busy, former });
    parts = [];
  };
  const addNotices = (after: string | null) => {
    for (const [index, notice] of state.notices.entries()) {
      const key = `notice:${index}`;
      if (notice.after === after && !dismissed.has(key)) parts.push({ kind: "notice", key, notice });
    }
  };

  addNotices(null);
  for (const item of state.items) {
    if (item.type === "user_message") {
      close(false);
      lastUserKey = keyOf(item.id);
      rows.push({ kind: "user", key: lastUserKey, item, sending: false });
    } else if (isShown(item)) {
      const growing = phase === "answering" && state.streaming.has(item.id);
      parts.push({ kind: "item", key: item.id, item, growing });
    }
    addNotices(item.id);
  }

  const answering = phase === "answering";
  if (answering) parts.push(...working(snapshot, parts));
  else if (snapshot.ending !== null) parts.push({ kind: "ending", key: "ending", ending: snapshot.ending });
  if (snapshot.failure !== null) parts.push({ kind: "failure", key: "failure", turn: null });
  close(answering, snapshot.redoing !== null);

  for (const turn of snapshot.unsent) {
    lastUserKey = turn.key;
    rows.push({ kind: "user", key: turn.key, item: turn.item, sending: turn.verdict === null });
    parts =
      turn.verdict === null
        ? [{ kind: "waiting", key: "waiting" }]
        : [{ kind: "failure", key: "failure", turn }];
    close(turn.verdict === null);
  }
  return rows;
}

/** Whether an item says by itself that work goes on. */
function saysSo(item: ThreadItem): boolean {
  if (item.type === "generated_image") return true;
  if (item.type === "workflow")
    return item.workflow.tasks.some((task) => task.status_indicator === "loading");
  return item.type === "assistant_message" && item.content.some((part) => part.text !== "");
}

/** What stands at the end of an answer while it is made: nothing as soon as words come. */
function working({ state }: ChatSnapshot, parts: readonly AnswerPart[]): readonly AnswerPart[] {
  if (state.progress !== null) return [{ kind: "progress", key: "progress", text: state.progress.text }];
  const last = parts.at(-1);
  const isSeen = last?.kind === "item" && last.growing && saysSo(last.item);
  return isSeen ? [] : [{ kind: "waiting", key: "waiting" }];
}
