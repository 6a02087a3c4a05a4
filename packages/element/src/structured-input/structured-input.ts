import type { StructuredInputAnswer, StructuredInputItem, StructuredInputQuestion } from "@waybill/protocol";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "../icon/icon.ts";
import type { Strings } from "../strings/en.ts";

/** Answers by question. */
export type Answers = Readonly<Record<string, StructuredInputAnswer>>;

/** What questions show besides themselves, and do. */
export interface QuestionsView {
  readonly strings: Strings;
  /** Whether the answers are on their way. */
  readonly sending: boolean;
  /** Whether something else is being answered, so that nothing can be sent. */
  readonly busy: boolean;
  readonly send: (answers: Answers | "skipped") => void;
}

/** Reads the fields of a form; a question without an answer counts as skipped. */
export function readAnswers(inputs: readonly StructuredInputQuestion[], form: FormData): Answers {
  return Object.fromEntries(
    inputs.map((input, index) => {
      const values = form
        .getAll(`q${index}`)
        .flatMap((value) => (typeof value === "string" && value.trim() !== "" ? [value.trim()] : []));
      return [input.id, { values, skipped: values.length === 0 }];
    }),
  );
}

/** Questions to the person, or what was answered. */
export function structuredInput(item: StructuredInputItem, view: QuestionsView): TemplateResult {
  const { strings } = view;
  if (item.status === "skipped")
    return html`<p class="ended" part="structured-input">${icon("skip-forward", { small: true, flip: true })}${strings.skippedQuestions(item.inputs.length)}</p>`;
  if (item.status === "answered")
    return html`<div class="ask" part="structured-input"><dl class="given">${item.inputs.map((input) => given(input, strings))}</dl></div>`;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement) || view.busy) return;
    const answers = readAnswers(item.inputs, new FormData(form));
    const isEmpty = Object.values(answers).every((answer) => answer.skipped);
    form.querySelector(".wrong")?.replaceChildren(isEmpty ? strings.answerFirst : "");
    if (!isEmpty) view.send(answers);
  };
  return html`<form class="ask" part="structured-input" aria-label=${strings.questions} aria-busy=${view.sending ? "true" : nothing} @submit=${submit}>
    ${item.inputs.map((input, index) => question(input, `${item.id}-${index}`, index, strings))}
    <p class="wrong" role="alert"></p>
    <div class="row"><button class="btn primary" type="submit" part="action" aria-disabled=${view.busy ? "true" : nothing}>${view.sending ? html`<span class="spin" aria-hidden="true"></span>` : nothing}${view.sending ? strings.sendingAnswers : strings.sendAnswers}</button><button class="btn ghost" type="button" part="action" aria-disabled=${view.busy ? "true" : nothing} @click=${() => {
      if (!view.busy) view.send("skipped");
    }}>${strings.skip}</button></div>
  </form>`;
}

function question(
  input: StructuredInputQuestion,
  id: string,
  index: number,
  strings: Strings,
): TemplateResult {
  const name = `q${index}`;
  if (input.type === "multiple_choice") {
    const type = input.multiple ? "checkbox" : "radio";
    return html`<fieldset aria-describedby=${input.multiple ? `${id}-hint` : nothing}><legend><bdi>${input.question}</bdi></legend>${input.multiple ? html`<p class="hint" id="${id}-hint">${strings.chooseAny}</p>` : nothing}<div class="opts">${input.options.map(
      ({ value }) =>
        html`<label class="opt"><input type=${type} name=${name} value=${value} ?checked=${input.answer?.values.includes(value) ?? false} /><span><bdi>${value}</bdi></span></label>`,
    )}</div></fieldset>`;
  }
  return html`<div><label class="q" for=${id}><bdi>${input.question}</bdi></label><p class="hint" id="${id}-hint"><bdi>${input.description ?? strings.ownWords}</bdi></p><textarea class="area" id=${id} name=${name} rows="2" dir="auto" aria-describedby="${id}-hint" .defaultValue=${input.answer?.values.join("\n") ?? ""}></textarea></div>`;
}

function given(input: StructuredInputQuestion, strings: Strings): TemplateResult {
  const values = input.answer?.skipped === true ? [] : (input.answer?.values ?? []);
  return html`<div><dt><bdi>${input.question}</bdi></dt>${values.length === 0 ? html`<dd class="none">${strings.notAnswered}</dd>` : html`<dd><bdi>${values.join(", ")}</bdi></dd>`}</div>`;
}
