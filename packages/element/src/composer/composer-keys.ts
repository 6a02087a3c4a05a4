import type { Composer, ComposerView } from "./composer.ts";

/** A key in the field: the list of names first, then dictation, files, Stop and Send. */
export function pressKey(event: KeyboardEvent, composer: Composer, view: ComposerView): void {
  // 229: Safari ends a composition before it reports the Enter that ended it.
  if (event.isComposing || event.keyCode === 229) return;
  const isTaken =
    pressInList(event, composer) ||
    pressInDictation(event, composer) ||
    pressBackspace(event, composer) ||
    pressToSend(event, composer, view);
  if (!isTaken) return;
  event.preventDefault();
  event.stopPropagation();
}

function isEnter(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.altKey;
}

function pressInList(event: KeyboardEvent, composer: Composer): boolean {
  const { tags } = composer;
  const { state } = tags;
  if (state === null) return false;
  const count = state.found.length;
  if (event.key === "Escape") tags.close();
  else if (isEnter(event) || (event.key === "Tab" && count > 0 && !event.shiftKey))
    return composer.takeTag() || state.status === "loading";
  else if (event.key === "ArrowDown" && count > 0) tags.activate((state.active + 1) % count);
  else if (event.key === "ArrowUp" && count > 0) tags.activate((state.active + count - 1) % count);
  else return false;
  return true;
}

function pressInDictation(event: KeyboardEvent, { dictation }: Composer): boolean {
  if (!dictation.isOn || !isEnter(event)) return false;
  void dictation.finish();
  return true;
}

/** In an empty field it goes to the last file. */
function pressBackspace(event: KeyboardEvent, { draft, form }: Composer): boolean {
  const last = form.value?.querySelector<HTMLElement>(".tray > li:last-child");
  if (event.key !== "Backspace" || draft.content.length > 0 || !last) return false;
  last.focus();
  return true;
}

function pressToSend(event: KeyboardEvent, composer: Composer, view: ComposerView): boolean {
  if (event.key === "." && (event.ctrlKey || event.metaKey) && view.answering) composer.stop(view);
  else if (isEnter(event) && !matchMedia("(pointer: coarse)").matches) composer.send(view);
  else return false;
  return true;
}
