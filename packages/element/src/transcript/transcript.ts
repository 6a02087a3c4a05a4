import type { AssistantMessageItem, FeedbackKind, Source, ThreadItem } from "@waybill/protocol";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { copyButton } from "../base/copy-button.ts";
import { type Ref, ref } from "../base/ref.ts";
import type { ChatSnapshot, UnsentTurn } from "../chat-snapshot.ts";
import { clientTool } from "../client-tool/client-tool.ts";
import type { ClientTools } from "../client-tool/client-tools.ts";
import { type CardAction, cardModel } from "../error-card/card-model.ts";
import { errorCard } from "../error-card/error-card.ts";
import { type Feedback, feedbackButtons } from "../feedback/feedback.ts";
import { generatedImage } from "../generated-image/generated-image.ts";
import { icon } from "../icon/icon.ts";
import { prose } from "../markdown/prose.ts";
import type { ProseContext } from "../markdown/render.ts";
import { message } from "../message/message.ts";
import { notice } from "../notice/notice.ts";
import { citation, keyOfSources, markCitations, sourceList, sourcesOf } from "../sources/sources.ts";
import type { Strings } from "../strings/en.ts";
import { type Answers, structuredInput } from "../structured-input/structured-input.ts";
import { taskItem } from "../task/task.ts";
import { workflowItem } from "../workflow/workflow.ts";
import { type AnswerPart, type Row, readRows } from "./rows.ts";
import { describeUnshown } from "./unshown.ts";

/** What the transcript shows and does. */
export interface TranscriptView {
  readonly strings: Strings;
  readonly snapshot: ChatSnapshot;
  /** Keys of notices that were dismissed. */
  readonly dismissed: ReadonlySet<string>;
  readonly log: Ref;
  /** The same object for as long as nothing in it changes. */
  readonly prose: ProseContext;
  readonly say: (text: string) => void;
  /** Whether an answer can be asked for again. */
  readonly offersRetry: boolean;
  /** Null: answers are not judged. */
  readonly feedback: Feedback | null;
  readonly tools: ClientTools;
  /** Id of the questions whose answers are on their way. */
  readonly sendingAnswers: string | null;
  readonly sendAnswers: (itemId: string, answers: Answers | "skipped") => void;
  readonly giveFeedback: (itemIds: readonly string[], kind: FeedbackKind) => void;
  /** Told of every press: images and links into the page are recognised there. */
  readonly pressed: (event: Event) => void;
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
  const lastKey = rows.at(-1)?.key;
  const isReading = snapshot.readingOlder === null ? nothing : "true";
  return html`<div class="log" role="log" aria-live="off" aria-label=${strings.conversation} tabindex="0" part="transcript" ${ref(view.log.take)} @keydown=${walkTurns} @click=${view.pressed}><div class="col">
    ${snapshot.older === null ? nothing : html`<div class="older"><button class="btn xs" type="button" aria-busy=${isReading} aria-disabled=${isReading} @click=${view.showOlder}>${strings.showOlder}</button></div>`}
    ${snapshot.phase === "loading" && rows.length === 0 ? bones(strings) : nothing}
    ${repeat(
      rows,
      (row) => row.key,
      (row) => (row.kind === "user" ? userRow(row, strings) : answerRow(row, lastKey, view)),
    )}
  </div></div>`;
}

/** The shape of a conversation while it is read. */
function bones(strings: Strings): TemplateResult {
  const bone = (width: number) => html`<span class="sk" .style=${`inline-size:${width}%`}></span>`;
  return html`<div class="awaited late" aria-busy="true"><span class="vh" role="status">${strings.opening}</span><div class="slip">${bone(46)}</div>${[92, 86, 58].map(bone)}</div>`;
}

function userRow(row: Row & { kind: "user" }, strings: Strings): TemplateResult {
  return html`<article class="turn user" part="user-message" data-key=${row.key}>${guard(
    [row.item, row.sending, strings],
    () => message(row.item, row.sending, strings),
  )}</article>`;
}

function answerRow(
  row: Row & { kind: "answer" },
  lastKey: string | undefined,
  view: TranscriptView,
): TemplateResult {
  const { strings } = view;
  const copyable = row.parts.flatMap((part) =>
    part.kind === "item" && part.item.type === "assistant_message" ? [part.item] : [],
  );
  const sources = sourcesOf(copyable);
  const isLast = row.key === lastKey;
  const isDone = !row.busy && !row.parts.some(({ kind }) => kind === "ending" || kind === "failure");
  return html`<article class="turn bot ${row.former ? "dim" : ""}" part="assistant-message" aria-busy=${row.busy ? "true" : nothing}><h3 class="vh">${strings.answer}</h3>${repeat(
    row.parts,
    (part) => part.key,
    (part) => answerPart(part, sources, view),
  )}${row.busy || copyable.length === 0 ? nothing : html`${sourceList(sources, strings)}${isDone ? actions(copyable, isLast, view) : nothing}`}</article>`;
}

function actions(
  items: readonly AssistantMessageItem[],
  isLast: boolean,
  view: TranscriptView,
): TemplateResult {
  const { strings, say, feedback } = view;
  const ids = items.map((item) => item.id);
  const text = () => items.map(markdownOf).join("\n\n");
  return html`<div class="acts" role="group" aria-label=${strings.aboutAnswer} part="actions">${copyButton(
    { text, label: strings.copyAnswer, className: "ib s", part: "action" },
    strings,
    say,
  )}${feedback === null ? nothing : feedbackButtons(feedback.of(ids[0] ?? ""), (kind) => view.giveFeedback(ids, kind), strings)}${
    view.offersRetry && isLast
      ? html`<button class="ib s" type="button" part="action" aria-label=${strings.answerAgain} @click=${view.retry}>${icon("rotate-ccw", { small: true })}</button>`
      : nothing
  }</div>`;
}

function markdownOf(item: AssistantMessageItem): string {
  return item.content.map((part) => part.text).join("\n\n");
}

function answerPart(part: AnswerPart, sources: readonly Source[], view: TranscriptView): unknown {
  const { strings, snapshot } = view;
  switch (part.kind) {
    case "item":
      return guard(
        [part.item, part.growing, view.prose, strings, ...dependencies(part.item, sources, view)],
        () => answerItem(part.item, part.growing, sources, view),
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

function isBusy({ snapshot }: TranscriptView): boolean {
  return snapshot.phase === "sending" || snapshot.phase === "answering";
}

/** What an item is drawn from besides itself. */
function dependencies(
  item: ThreadItem,
  sources: readonly Source[],
  view: TranscriptView,
): readonly unknown[] {
  switch (item.type) {
    case "assistant_message":
      return [keyOfSources(sources)];
    case "generated_image":
      return [view.snapshot.imageProgress.get(item.id)];
    case "client_tool_call":
      return [view.tools.stateOf(item), isBusy(view)];
    case "structured_input":
      return [view.sendingAnswers === item.id, isBusy(view)];
    default:
      return [];
  }
}

function answerItem(
  item: ThreadItem,
  growing: boolean,
  sources: readonly Source[],
  view: TranscriptView,
): TemplateResult {
  const { strings, prose: context } = view;
  switch (item.type) {
    case "assistant_message": {
      const last = item.content.length - 1;
      const cite = (number: number) => {
        const source = sources[number - 1];
        return source === undefined ? nothing : citation(number, source, strings);
      };
      return html`<div class="prose" part="prose">${item.content.map((part, index) =>
        prose(markCitations(part, sources), growing && index === last, { ...context, cite }),
      )}</div>`;
    }
    case "workflow":
      return workflowItem(item.workflow, growing, context);
    case "task":
      return taskItem(item.task, context);
    case "generated_image": {
      const progress = view.snapshot.imageProgress.get(item.id) ?? null;
      return generatedImage(item, { growing, progress }, strings, view.say);
    }
    case "client_tool_call":
      return clientTool(
        item,
        view.tools.stateOf(item),
        isBusy(view),
        () => void view.tools.run(item),
        strings,
      );
    case "structured_input":
      return structuredInput(item, {
        strings,
        sending: view.sendingAnswers === item.id,
        busy: isBusy(view),
        send: (answers) => view.sendAnswers(item.id, answers),
      });
    default:
      return html`<p class="unshown">${icon("info", { small: true })}<span>${describeUnshown(item, strings)}</span></p>`;
  }
}

function ending(how: NonNullable<ChatSnapshot["ending"]>, view: TranscriptView): TemplateResult {
  const { strings } = view;
  const again =
    how === "active"
      ? { label: strings.checkAgain, act: view.reload }
      : { label: strings.answerAgain, act: view.retry };
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
