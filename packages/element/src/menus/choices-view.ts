import { html, nothing, type TemplateResult } from "lit/html.js";
import { type Ref, ref } from "../base/ref.ts";
import { icon } from "../icon/icon.ts";

/** One line of a menu or a list. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly description?: string | null;
  /** A ChatKit icon name or `lucide:<name>`. */
  readonly icon?: string | null;
  readonly group?: string | null;
  /** Whether it is the one that holds now. */
  readonly selected?: boolean;
  /** Reachable, and not to be chosen. */
  readonly disabled?: boolean;
}

/** A menu or list and what is done with it. */
export interface ChoicesView {
  /** Unique in the element; options get ids from it. */
  readonly id: string;
  readonly role: "menu" | "listbox";
  readonly label: string;
  readonly choices: readonly Choice[];
  /** Index of the line that keys act on; -1 for none. */
  readonly active: number;
  /** What was searched for, to be marked in the labels. */
  readonly query?: string;
  /** At the end of the line. */
  readonly atEnd?: boolean;
  /** In the place of the lines. */
  readonly note?: string | null;
  /** Whether the list itself has the focus; otherwise the field leads it. */
  readonly focusable: boolean;
  readonly element?: Ref;
  readonly choose: (index: number) => void;
  readonly hover: (index: number) => void;
  readonly press?: (event: KeyboardEvent) => void;
  readonly leave?: (event: FocusEvent) => void;
}

/** The id of one line. */
export function choiceId(list: string, index: number): string {
  return `${list}-${index}`;
}

function marked(label: string, query: string): unknown {
  const at = query === "" ? -1 : label.toLocaleLowerCase().indexOf(query.toLocaleLowerCase());
  if (at < 0) return label;
  const end = at + query.length;
  return html`${label.slice(0, at)}<mark>${label.slice(at, end)}</mark>${label.slice(end)}`;
}

function line(choice: Choice, index: number, view: ChoicesView): TemplateResult {
  const isMenu = view.role === "menu";
  const isActive = index === view.active;
  const isSelected = choice.selected === true;
  return html`<div
    class="mi ${isActive ? "is-active" : ""}"
    part="menu-item"
    role=${isMenu ? "menuitemradio" : "option"}
    id=${choiceId(view.id, index)}
    aria-checked=${isMenu ? String(isSelected) : nothing}
    aria-selected=${isMenu ? nothing : String(view.focusable ? isSelected : isActive)}
    aria-disabled=${choice.disabled ? "true" : nothing}
    @pointermove=${() => view.hover(index)}
    @pointerdown=${(event: Event) => event.preventDefault()}
    @click=${() => view.choose(index)}
  >${choice.icon ? icon(choice.icon) : nothing}<span>${marked(choice.label, view.query ?? "")}${choice.description ? html`<small>${choice.description}</small>` : nothing}</span>${isSelected ? icon("check", { small: true, also: "tick" }) : nothing}</div>`;
}

/** Lines with their groups: neighbours of one group stand under its name. */
function lines(view: ChoicesView): readonly TemplateResult[] {
  const groups: { readonly name: string; readonly lines: TemplateResult[] }[] = [];
  for (const [index, choice] of view.choices.entries()) {
    const name = choice.group ?? "";
    const last = groups.at(-1);
    if (last?.name === name) last.lines.push(line(choice, index, view));
    else groups.push({ name, lines: [line(choice, index, view)] });
  }
  return groups.map(({ name, lines }) =>
    name === ""
      ? html`${lines}`
      : html`<div role="group" aria-label=${name}><div class="grp" aria-hidden="true">${name}</div>${lines}</div>`,
  );
}

/** A menu or a list, drawn above the composer. The active line is told by `aria-activedescendant`. */
export function choicesList(view: ChoicesView): TemplateResult {
  const isNote = view.note !== undefined && view.note !== null;
  const active = view.focusable && view.active >= 0 ? choiceId(view.id, view.active) : nothing;
  return html`<div class="menu pop ${view.atEnd ? "at-end" : ""}" part="menu">${
    isNote ? html`<p class="grp">${view.note}</p>` : nothing
  }<div
    ${view.element ? ref(view.element.take) : nothing}
    id=${view.id}
    role=${view.role}
    aria-label=${view.label}
    tabindex=${view.focusable ? "0" : nothing}
    aria-activedescendant=${active}
    ?hidden=${isNote}
    @keydown=${view.press ?? nothing}
    @focusout=${view.leave ?? nothing}
  >${isNote ? nothing : lines(view)}</div></div>`;
}
