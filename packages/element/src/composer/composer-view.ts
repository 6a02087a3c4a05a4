import { html, nothing, type TemplateResult } from "lit/html.js";
import { readFiles } from "../attachments-tray/drop-zone.ts";
import { acceptedText, composerNote, refusalText, tray } from "../attachments-tray/tray.ts";
import { ref } from "../base/ref.ts";
import { dictateButton } from "../dictation/dictation.ts";
import { icon } from "../icon/icon.ts";
import { choiceId, choicesList } from "../menus/choices-view.ts";
import type { Composer, ComposerView } from "./composer.ts";
import { pressKey } from "./composer-keys.ts";
import { attachButton, modelPicker, toolPicker, uploadStatus } from "./composer-tools.ts";
import { isBlank } from "./content.ts";

/** The composer as it is: menus above, then notes, quote, files, the field and its tools. */
export function composerView(composer: Composer, view: ComposerView): TemplateResult {
  const { host, form, preview } = composer;
  const strings = host.strings();
  return html`<form class="composer" part="composer" aria-label=${strings.writeMessage} ${ref(form.take)} @submit=${(event: Event) => event.preventDefault()} @keydown=${(
    event: KeyboardEvent,
  ) => {
    if (event.key !== "Escape" || !composer.dictation.isOn) return;
    event.preventDefault();
    event.stopPropagation();
    composer.dictation.discard();
    composer.focus();
  }}>
      ${tagList(composer)}
      <div class="box">
        ${dropOverlay(composer)}${notes(composer)}${quote(composer)}${tray({
          strings,
          items: composer.files,
          retry: (key) => composer.retry(key),
          remove: (key) => composer.remove(key),
          leave: () => composer.focus(),
        })}
        ${field(composer, view)}
        ${composer.dictation.isOn ? composer.dictation.render() : tools(composer, view)}
      </div>
    </form>${preview.render()}`;
}

function field(composer: Composer, view: ComposerView): TemplateResult {
  const { host, choices, dictation, tags } = composer;
  const strings = host.strings();
  const { search } = host.options().tags;
  const { content } = composer.draft;
  const placeholder = dictation.placeholder ?? choices.tool?.placeholder ?? view.placeholder;
  const found = tags.state?.found.length ?? 0;
  return html`<div
    class="field ${content.length === 0 ? "is-empty" : ""}"
    part="field"
    role="textbox"
    aria-multiline="true"
    aria-label=${strings.message}
    aria-placeholder=${placeholder}
    data-placeholder=${placeholder}
    aria-autocomplete=${search ? "list" : nothing}
    aria-haspopup=${search ? "listbox" : nothing}
    aria-controls=${found > 0 ? "tags" : nothing}
    aria-activedescendant=${found > 0 ? choiceId("tags", tags.state?.active ?? 0) : nothing}
    dir=${isBlank(content) ? nothing : "auto"}
    enterkeyhint=${matchMedia("(pointer: coarse)").matches ? "enter" : "send"}
    ${ref(composer.field.attach)}
    @input=${() => composer.edit()}
    @keydown=${(event: KeyboardEvent) => pressKey(event, composer, view)}
    @keyup=${() => tags.follow(composer.field.query())}
    @click=${() => tags.follow(composer.field.query())}
    @blur=${() => tags.follow(null)}
    @paste=${(event: ClipboardEvent) => paste(event, composer)}
  ></div>`;
}

/** Files are attached, unless there is text as well: tables are copied as text and as a picture. */
function paste(event: ClipboardEvent, composer: Composer): void {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const pasted = readFiles(event.clipboardData);
  if (text !== "") {
    event.preventDefault();
    composer.field.insert(text.replaceAll("\r\n", "\n"));
  } else if (pasted.files.length > 0 && composer.host.options().attachments !== null) {
    event.preventDefault();
    void composer.attach(pasted);
  }
}

function tagList(composer: Composer): TemplateResult | typeof nothing {
  const strings = composer.host.strings();
  const { state } = composer.tags;
  if (state === null) return nothing;
  const isEmpty = state.found.length === 0;
  const notes = {
    loading: strings.entitiesLoading,
    found: strings.entitiesNone,
    failed: strings.entitiesFailed,
  };
  return choicesList({
    id: "tags",
    role: "listbox",
    label: strings.entities,
    choices: state.found.map(({ id, title, icon, group, data }) => ({
      id,
      label: title,
      description: typeof data?.["description"] === "string" ? data["description"] : null,
      icon: icon ?? null,
      group: group ?? null,
    })),
    active: state.active,
    query: state.query,
    note: isEmpty ? notes[state.status] : null,
    focusable: false,
    choose: (index) => void composer.takeTag(index),
    hover: (index) => composer.tags.activate(index),
  });
}

function dropOverlay(composer: Composer): TemplateResult | typeof nothing {
  if (!composer.isOver) return nothing;
  const strings = composer.host.strings();
  return html`<div class="drop" aria-hidden="true">${icon("download")}<b>${strings.dropToAttach}</b><span class="dim sm">${acceptedText(composer.policy, strings)}</span></div>`;
}

function notes(composer: Composer): TemplateResult {
  const strings = composer.host.strings();
  const { refused, dictation } = composer;
  return html`${
    refused.length === 0
      ? nothing
      : composerNote(
          strings.notAdded(refused.length),
          refused.map((refusal) => refusalText(refusal, strings)).join(" "),
          strings.dismissNotAdded,
          () => composer.dismissRefused(),
        )
  }${
    dictation.fault === null
      ? nothing
      : composerNote("", dictation.fault, strings.dismissDictation, () => {
          dictation.dismiss();
          composer.focus();
        })
  }`;
}

function quote(composer: Composer): TemplateResult | typeof nothing {
  const strings = composer.host.strings();
  const { quotedText } = composer.draft;
  if (quotedText === null) return nothing;
  return html`<div class="reply">${icon("reply", { small: true, flip: true })}<span class="grow cut" dir="auto"><span class="vh">${strings.replyingTo}</span>${quotedText}</span><button class="ib s" type="button" aria-label=${strings.removeQuote} @click=${() => composer.removeQuote()}>${icon("x", { small: true })}</button></div>`;
}

function tools(composer: Composer, view: ComposerView): TemplateResult {
  const { host, dictation } = composer;
  const strings = host.strings();
  const options = host.options();
  const tagButton = options.tags.button
    ? html`<button class="ib" type="button" part="mention" aria-label=${strings.mention} @click=${() => {
        composer.field.focus();
        composer.field.insert("@");
      }}>${icon("at-sign")}</button>`
    : nothing;
  return html`<div class="tools"><slot name="composer-start"></slot>${attachButton(composer)}${tagButton}${toolPicker(composer)}${uploadStatus(composer)}<div class="end">${modelPicker(composer)}${dictateButton(
    options.dictation,
    strings,
    () => void dictation.start(),
  )}${sendButton(composer, view)}</div></div>`;
}

function sendButton(composer: Composer, view: ComposerView): TemplateResult {
  const strings = composer.host.strings();
  const { answering, mayStop } = view;
  const off = answering ? (mayStop ? null : strings.stopNotAllowed) : composer.reason(view);
  return html`<button
      class="ib ${answering ? "stop" : "go"}"
      part=${answering ? "stop" : "send"}
      type="button"
      aria-label=${off ?? (answering ? strings.stop : strings.send)}
      aria-disabled=${off === null ? nothing : "true"}
      @click=${() => composer.press(view)}
    >${answering ? icon("square", { small: true, fill: true }) : icon("arrow-up")}</button>`;
}
