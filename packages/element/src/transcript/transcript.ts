import type { AssistantMessageItem, ThreadItem } from "@waybill/protocol";
import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { type Ref, ref } from "lit/directives/ref.js";
import { repeat } from "lit/directives/repeat.js";
import { copyButton } from "../base/copy-button.ts";
import type { ChatSnapshot, UnsentTurn } from "../chat-snapshot.ts";
import { type CardAction, cardModel } from "../error-card/card-model.ts";
import { errorCard } from "../error-card/error-card.ts";
import { icon } from "../icon/icon.ts";
import { prose } from "../markdown/prose.ts";
import type { ProseContext } from "../markdown/render.ts";
import { message } from "../message/message.ts";
import { notice } from "../notice/notice.ts";
import type { Strings } from "../strings/en.ts";
import { type AnswerPart, type Row, readRows } from "./rows.ts";
import { describeUnshown } from "./unshown.ts";

/** What the transcript shows and does. */
export interface TranscriptView {
  readonly strings: Strings;
  readonly snapshot: ChatSnapshot;
  /** Keys of notices that were dismissed. */
  readonly dismissed: ReadonlySet<string>;
  readonly log: Ref<HTMLElement>;
  /** The same object for as long as nothing in it changes. */
  readonly prose: ProseContext;
  readonly say: (text: string) => void;
  readonly act: (action: CardAction, turn: UnsentTurn | null) => void;
  readonly edit: (turn: UnsentTurn) => void;
  readonly retry: () => void;
  readonly reload: () => void;
  readonly showOlder: () => void;
  readonly dismiss: (key: string) => void;
}

/** The conversation. Turns that did not change are not drawn again. */
export function transcript(view: TranscriptView): TemplateResult {
  const { strings, snapshot } = view;
  const rows = readRows(snapshot, view.dismissed);
  return html`<div class="log" role="log" aria-live="off" aria-label=${strings.conversation} tabindex="0" part="transcript" ${ref(view.log)} @keydown=${walkTurns}><div class="col">
    ${snapshot.older === null ? nothing : html`<div class="older"><button class="btn xs" type="button" @click=${view.showOlder}>${strings.showOlder}</button></div>`}
    ${snapshot.phase === "loading" && rows.length === 0 ? html`<p class="doing late"><span class="spin" aria-hidden="true"></span><span>${strings.opening}</span></p>` : nothing}
    ${repeat(
      rows,
      (row) => row.key,
      (row) => (row.kind === "user" ? userRow(row, strings) : answerRow(row, view)),
    )}
  </div></div>`;
}

function userRow(row: Row & { kind: "user" }, strings: Strings): TemplateResult {
  return html`<article class="turn user" part="user-message" data-key=${row.key}>${guard(
    [row.item, row.sending, strings],
    () => message(row.item, row.sending, strings),
  )}</article>`;
}

function answerRow(row: Row & { kind: "answer" }, view: TranscriptView): TemplateResult {
  const { strings } = view;
  const copyable = row.parts.flatMap((part) =>
    part.kind === "item" && part.item.type === "assistant_message" ? [part.item] : [],
  );
  return html`<article class="turn bot" part="assistant-message" aria-busy=${row.busy ? "true" : nothing}><h3 class="vh">${strings.answer}</h3>${repeat(
    row.parts,
    (part) => part.key,
    (part) => answerPart(part, view),
  )}${row.busy || copyable.length === 0 ? nothing : actions(copyable, view)}</article>`;
}

function actions(items: readonly AssistantMessageItem[], { strings, say }: TranscriptView): TemplateResult {
  const text = () => items.map(markdownOf).join("\n\n");
  return html`<div class="acts" role="group" aria-label=${strings.aboutAnswer} part="actions">${copyButton(
    { text, label: strings.copyAnswer, className: "ib s", part: "action" },
    strings,
    say,
  )}</div>`;
}

function markdownOf(item: AssistantMessageItem): string {
  return item.content.map((part) => part.text).join("\n\n");
}

function answerPart(part: AnswerPart, view: TranscriptView): unknown {
  const { strings, snapshot } = view;
  switch (part.kind) {
    case "item":
      return guard([part.item, part.growing, view.prose, strings], () =>
        answerItem(part.item, part.growing, view),
      );
    case "notice":
      return notice(part.notice, () => view.dismiss(part.key), strings);
    case "progress":
      return html`<p class="doing"><span class="spin" aria-hidden="true"></span><span>${part.text}</span></p>`;
    case "waiting":
      return html`<p aria-hidden="true"><span class="caret wait"></span></p>`;
    case "ending":
      return ending(part.ending, view);
    case "failure": {
      const { turn } = part;
      const { failure, threadId } = snapshot;
      const verdict = turn?.verdict ?? failure?.failure.verdict;
      if (verdict === undefined || verdict === null) return nothing;
      const kind = turn === null ? (failure?.kind ?? "answer") : "send";
      const card = cardModel(verdict, { kind, hasThread: threadId !== null }, strings);
      return errorCard(
        card,
        `card-${turn?.key ?? part.key}`,
        {
          act: (action) => view.act(action, turn),
          edit: () => {
            if (turn !== null) view.edit(turn);
          },
          say: view.say,
        },
        strings,
      );
    }
  }
}

function answerItem(item: ThreadItem, growing: boolean, view: TranscriptView): TemplateResult {
  if (item.type === "assistant_message") {
    const last = item.content.length - 1;
    return html`<div class="prose" part="prose">${item.content.map((part, index) =>
      prose(part.text, growing && index === last, view.prose),
    )}</div>`;
  }
  return html`<p class="unshown">${icon("info", { small: true })}<span>${describeUnshown(item, view.strings)}</span></p>`;
}

function ending(how: NonNullable<ChatSnapshot["ending"]>, view: TranscriptView): TemplateResult {
  const { strings } = view;
  const again =
    how === "active"
      ? { label: strings.checkAgain, act: view.reload }
      : { label: strings.tryAgain, act: view.retry };
  return html`<p class="ended">${icon(how === "stopped" ? "square" : how === "active" ? "hourglass" : "unplug", { small: true })}${strings[how]}<button class="btn xs" type="button" part="action" @click=${again.act}>${icon("rotate-ccw", { small: true })}${again.label}</button></p>`;
}

/** Alt with an arrow goes from turn to turn. */
function walkTurns(event: KeyboardEvent): void {
  const log = event.currentTarget;
  if (
    !event.altKey ||
    (event.key !== "ArrowUp" && event.key !== "ArrowDown") ||
    !(log instanceof HTMLElement)
  )
    return;
  event.preventDefault();
  const turns = [...log.querySelectorAll<HTMLElement>(".turn")];
  const top = log.getBoundingClientRect().top;
  const tops = turns.map((turn) => turn.getBoundingClientRect().top - top);
  const index =
    event.key === "ArrowDown" ? tops.findIndex((at) => at > 1) : tops.findLastIndex((at) => at < -1);
  turns[index]?.scrollIntoView({ block: "start" });
}
