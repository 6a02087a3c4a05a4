import { createId, type WidgetItem } from "@waybill/protocol";
import { type DynamicWidget, dropNulls, type Widget } from "@waybill/protocol/widgets";
import type { TurnEvent } from "../responders/respond.ts";
import { diffWidget } from "./diff-widget.ts";

/** A widget: at once, or state by state. A state is a whole widget; the one before may be changed and yielded again. */
export type WidgetSource =
  | Widget
  | DynamicWidget
  | Iterable<Widget | DynamicWidget>
  | AsyncIterable<Widget | DynamicWidget>;

/** What a widget is told beside its source. */
export interface StreamWidgetOptions {
  /** What copying the widget puts on the clipboard. @default nothing can be copied */
  readonly copyText?: string;
}

/**
 * The events of one widget, as the official server orders them: `done` alone for a widget that is
 * there at once; else `added` with the first state, what differs in each later one (`diffWidget`),
 * and `done` with the last. Returns the finished item; null, after no event, if the source has no
 * state. A source that throws ends the widget without `done`, so it is not kept. `createdAt` is
 * ISO 8601. Properties that this version does not know pass; nulls count as absent (`dropNulls`).
 *
 * Source: openai-chatkit 1.6.5, `server.py`, `stream_widget`.
 */
export async function* streamWidget(
  threadId: string,
  createdAt: string,
  source: WidgetSource,
  { copyText }: StreamWidgetOptions = {},
): AsyncGenerator<TurnEvent, WidgetItem | null> {
  const itemOf = (widget: DynamicWidget): WidgetItem => ({
    id,
    thread_id: threadId,
    created_at: createdAt,
    type: "widget",
    widget,
    ...(copyText === undefined ? {} : { copy_text: copyText }),
  });
  const id = createId("message");
  let shown: DynamicWidget | null = null;
  if (isStates(source)) {
    for await (const state of source) {
      const next: DynamicWidget = dropNulls(state);
      if (shown === null) yield { type: "thread.item.added", item: itemOf(next) };
      else {
        for (const update of diffWidget(shown, next)) {
          yield { type: "thread.item.updated", item_id: id, update };
        }
      }
      shown = next;
    }
  } else shown = dropNulls(source);
  if (shown === null) return null;
  const item = itemOf(shown);
  yield { type: "thread.item.done", item };
  return item;
}

function isStates(
  source: WidgetSource,
): source is Iterable<Widget | DynamicWidget> | AsyncIterable<Widget | DynamicWidget> {
  return Symbol.asyncIterator in source || Symbol.iterator in source;
}
