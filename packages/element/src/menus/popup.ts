import type { TemplateResult } from "lit/html.js";
import { Ref } from "../base/ref.ts";
import { type Choice, type ChoicesView, choicesList } from "./choices-view.ts";
import { MenuKeys } from "./menu-keys.ts";

/** What a popup shows. */
export interface PopupView {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly atEnd?: boolean;
  /** A line was chosen; the popup is closed and the focus where it came from. */
  readonly choose: (choice: Choice) => void;
  /** A line was tried that cannot be chosen. */
  readonly refuse: (choice: Choice) => void;
}

/** A menu or a list that a button opens, and that has the focus while it is open. */
export class Popup {
  readonly #id: string;
  readonly #role: ChoicesView["role"];
  readonly #changed: () => void;
  readonly #list = new Ref();
  #keys = new MenuKeys();
  #opener: HTMLElement | null = null;
  #active = -1;
  #isNew = false;

  constructor(id: string, role: ChoicesView["role"], changed: () => void) {
    this.#id = id;
    this.#role = role;
    this.#changed = changed;
  }

  /** Whether it is to be seen. */
  get isOpen(): boolean {
    return this.#opener !== null;
  }

  /** Opens it on the chosen line, or the first; an open one is closed. */
  toggle(opener: HTMLElement, choices: readonly Choice[]): void {
    if (this.isOpen) {
      this.close();
      return;
    }
    this.#opener = opener;
    this.#keys = new MenuKeys(); // what was typed in it last time is no beginning of a word
    this.#active = Math.max(
      0,
      choices.findIndex(({ selected }) => selected),
    );
    this.#isNew = true;
    this.#changed();
  }

  /** Closes it and gives the focus back. Does nothing if it is closed. */
  close(): void {
    const opener = this.#opener;
    if (opener === null) return;
    this.#opener = null;
    opener.focus();
    this.#changed();
  }

  /** Gives it the focus when it has just been drawn, and keeps the active line in sight. */
  settle(): void {
    const list = this.#list.value;
    if (!this.isOpen || list === undefined) return;
    if (this.#isNew) list.focus();
    this.#isNew = false;
    list.querySelector(".is-active")?.scrollIntoView({ block: "nearest" });
  }

  #setActive(index: number): void {
    if (index === this.#active) return;
    this.#active = index;
    this.#changed();
  }

  #choose(index: number, view: PopupView): void {
    const choice = view.choices[index];
    if (choice === undefined) return;
    if (choice.disabled === true) {
      view.refuse(choice);
      return;
    }
    this.close();
    view.choose(choice);
  }

  #press(event: KeyboardEvent, view: PopupView): void {
    if (event.key === "Escape") this.close();
    else if (event.key === "Tab") {
      this.close(); // and Tab goes on from the button
      return;
    } else if (event.key === "Enter" || event.key === " ") this.#choose(this.#active, view);
    else {
      const next = this.#keys.move(event, this.#active, view.choices);
      if (next === null) return;
      this.#setActive(next);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** The open menu or list. */
  render(view: PopupView): TemplateResult {
    return choicesList({
      id: this.#id,
      role: this.#role,
      label: view.label,
      choices: view.choices,
      active: Math.min(this.#active, view.choices.length - 1),
      atEnd: view.atEnd === true,
      focusable: true,
      element: this.#list,
      choose: (index) => this.#choose(index, view),
      hover: (index) => this.#setActive(index),
      press: (event) => this.#press(event, view),
      leave: ({ relatedTarget }) => {
        // A press elsewhere: the focus is where the person wants it.
        if (relatedTarget === this.#opener || this.#opener === null) return;
        this.#opener = null;
        this.#changed();
      },
    });
  }
}
