import { html, nothing, type TemplateResult } from "lit/html.js";
import { unsettled } from "../attachments-tray/uploads.ts";
import { icon } from "../icon/icon.ts";
import { findIcon } from "../icon/icons.ts";
import type { Choice } from "../menus/choices-view.ts";
import type { Popup, PopupView } from "../menus/popup.ts";
import type { Composer } from "./composer.ts";

/** The button that picks files; nothing where a page offers no attachments. */
export function attachButton(composer: Composer): TemplateResult | typeof nothing {
  const strings = composer.host.strings();
  if (composer.host.options().attachments === null) return nothing;
  const label = composer.files.length === 0 ? strings.attach : strings.attachMore;
  const take = ({ currentTarget: input }: Event) => {
    if (!(input instanceof HTMLInputElement)) return;
    void composer.attach({ files: [...(input.files ?? [])], folders: [] });
    input.value = ""; // the same file may be picked again
    composer.focus();
  };
  return html`<button class="ib" type="button" part="attach" aria-label=${label} @click=${({
    currentTarget,
  }: Event) => {
    const input = currentTarget instanceof HTMLElement ? currentTarget.nextElementSibling : null;
    if (input instanceof HTMLInputElement) input.click();
  }}>${icon("plus")}</button><input type="file" multiple hidden accept=${composer.policy.picker || nothing} @change=${take} />`;
}

/** How many files are ready, while some are not; nothing otherwise. */
export function uploadStatus(composer: Composer): TemplateResult | typeof nothing {
  const { files, host } = composer;
  const { moving, failed } = unsettled(files);
  if (moving === 0 && failed === undefined) return nothing;
  const ready = files.filter(({ state }) => state === "ready").length;
  return html`<span class="sm dim num status">${host.strings().uploadsReady(ready, files.length)}</span>`;
}

/** A button that opens a popup above the composer, also by the arrow keys. */
function opener(
  popup: Popup,
  view: PopupView,
  { className, part, label, role, content }: OpenerLook,
): TemplateResult {
  const open = ({ currentTarget }: Event) => {
    if (currentTarget instanceof HTMLElement) popup.toggle(currentTarget, view.choices);
  };
  return html`<button class=${className} type="button" part=${part} aria-label=${label} aria-haspopup=${role} aria-expanded=${String(popup.isOpen)} @click=${open} @keydown=${(
    event: KeyboardEvent,
  ) => {
    if (popup.isOpen || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    open(event);
  }}>${content}</button>${popup.isOpen ? popup.render(view) : nothing}`;
}

interface OpenerLook {
  readonly className: string;
  readonly part: string;
  readonly label: string;
  readonly role: "menu" | "listbox";
  readonly content: unknown;
}

/** The menu of tools, and a toggle button for each that is pinned or on; nothing without tools. */
export function toolPicker(composer: Composer): TemplateResult | typeof nothing {
  const { choices, host } = composer;
  const strings = host.strings();
  const { tools } = host.options();
  if (tools.length === 0) return nothing;
  const active = choices.tool?.id;
  const toggle = (id: string) => choose(composer, id === active ? null : id);
  const shown = tools.filter(({ id, pinned }) => pinned || id === active);
  const buttons = shown.map(({ id, label, shortLabel, icon: name }) => {
    const isOn = id === active;
    const isKnown = findIcon(name) !== undefined;
    return html`<button class="pick" type="button" part="tool" aria-pressed=${String(isOn)} @click=${() => toggle(id)}>${icon(name, { small: true })}<span class=${isKnown ? "long" : ""}>${isOn ? (shortLabel ?? label) : label}</span></button>`;
  });
  const view: PopupView = {
    label: strings.tools,
    choices: tools.map(
      (tool): Choice => ({
        id: tool.id,
        label: tool.label,
        icon: tool.icon,
        selected: tool.id === active,
      }),
    ),
    choose: ({ id }) => toggle(id),
    refuse: () => undefined,
  };
  const isMenu = tools.some(({ pinned }) => !pinned);
  return html`${
    isMenu
      ? opener(composer.tools, view, {
          className: "ib",
          part: "tool-menu",
          label: strings.tools,
          role: "menu",
          content: icon("sliders-horizontal"),
        })
      : nothing
  }${buttons}`;
}

function choose(composer: Composer, toolId: string | null): void {
  composer.choices.chooseTool(toolId);
  composer.host.changed();
}

/** The list of models; nothing without models. */
export function modelPicker(composer: Composer): TemplateResult | typeof nothing {
  const { choices, host } = composer;
  const strings = host.strings();
  const { models } = host.options();
  const { model } = choices;
  if (model === null) return nothing;
  const view: PopupView = {
    label: strings.model,
    atEnd: true,
    choices: models.map(
      ({ id, label, description, disabled }): Choice => ({
        id,
        label,
        description,
        disabled,
        selected: id === model.id,
      }),
    ),
    choose: ({ id }) => {
      choices.chooseModel(id);
      host.changed();
    },
    refuse: ({ label, description }) =>
      host.say([strings.said(strings.cannotChoose(label)), description].filter(Boolean).join(" ")),
  };
  return opener(composer.models, view, {
    className: "pick",
    part: "model",
    label: strings.modelIs(model.label),
    role: "listbox",
    content: html`<span class="cut">${model.label}</span>${icon("chevron-down", { small: true })}`,
  });
}
