import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "../icon/icon.ts";
import type { Strings } from "../strings/en.ts";

/** How long a button says that it has copied. */
const COPIED_MS = 2_000;
const running = new WeakMap<HTMLElement, ReturnType<typeof setTimeout>>();

/** What is copied, and how the button looks. */
export interface CopyButton {
  /** Read when pressed. A function of its own copies what is not text, and throws if it cannot. */
  readonly text: (() => string) | { readonly write: () => Promise<void> };
  /** The accessible name; with `shown` it is the label itself. */
  readonly label: string;
  readonly className: string;
  /** Whether the label is to be seen. */
  readonly shown?: boolean;
  readonly icon?: string;
  readonly part?: string;
}

async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text); // no permission, or a page without a secure context
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.style.position = "fixed";
  area.style.opacity = "0";
  const before = document.activeElement;
  document.body.append(area);
  area.select();
  try {
    return document.execCommand("copy");
  } finally {
    area.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  }
}

async function carryOut(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
}

async function copy(
  button: HTMLElement,
  text: CopyButton["text"],
  strings: Strings,
  say: (text: string) => void,
): Promise<void> {
  const done = await (typeof text === "function" ? writeClipboard(text()) : carryOut(text.write));
  say(strings.said(done ? strings.copied : strings.copyFailed));
  if (!done) return;
  clearTimeout(running.get(button));
  button.setAttribute("data-copied", "");
  running.set(
    button,
    setTimeout(() => button.removeAttribute("data-copied"), COPIED_MS),
  );
}

/** A button that copies a text, and says for two seconds that it did. */
export function copyButton(
  { text, label, className, shown = false, icon: name = "copy", part }: CopyButton,
  strings: Strings,
  say: (text: string) => void,
): TemplateResult {
  return html`<button
    class="${className} again"
    type="button"
    part=${part ?? nothing}
    aria-label=${shown ? nothing : label}
    @click=${(event: Event) => {
      if (event.currentTarget instanceof HTMLElement) void copy(event.currentTarget, text, strings, say);
    }}
  ><span class="idle">${icon(name, { small: true })}${shown ? label : nothing}</span><span class="done">${icon("check", { small: true })}${shown ? strings.copied : nothing}</span></button>`;
}
