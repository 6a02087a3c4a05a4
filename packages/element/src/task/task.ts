import type { Task } from "@waybill/protocol";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "../icon/icon.ts";
import { prose } from "../markdown/prose.ts";
import type { ProseContext } from "../markdown/render.ts";
import { sourceChips } from "../sources/sources.ts";
import type { Strings } from "../strings/en.ts";

const ICONS: Readonly<Record<Task["type"], string>> = {
  custom: "circle-dashed",
  web_search: "search",
  thought: "lightbulb",
  file: "file-text",
  image: "image",
};

/** What a step is called: its own title, else what it does. */
export function taskTitle(task: Task, strings: Strings): string {
  if (task.title) return task.title;
  if (task.type === "web_search" && task.title_query) return task.title_query;
  if (task.type === "web_search" && task.status_indicator === "loading") return strings.searchingWeb;
  return strings.taskNames[task.type];
}

/** A mark for where a step stands: the spinner while it runs, else its icon. */
function taskMark(task: Task): TemplateResult | typeof nothing {
  if (task.status_indicator === "loading") return html`<span class="spin" aria-hidden="true"></span>`;
  const own = task.type === "custom" ? task.icon : undefined;
  const fallback =
    task.type === "custom" && task.status_indicator === "complete" ? "check" : ICONS[task.type];
  const drawn = own === undefined ? nothing : icon(own);
  return drawn === nothing ? icon(fallback) : drawn;
}

/** What a step found or thought; nothing for nothing. */
function taskBody(task: Task, context: ProseContext): unknown {
  const { strings } = context;
  const text = (content: string | undefined, growing: boolean) =>
    content ? html`<div class="prose">${prose(content, growing, context)}</div>` : nothing;
  const isRunning = task.status_indicator === "loading";
  switch (task.type) {
    case "custom":
    case "thought":
      return text(task.content, isRunning);
    case "web_search":
      return html`${task.queries.length === 0 ? nothing : html`<p dir="auto">${task.queries.map(strings.quoted).join(", ")}</p>`}${sourceChips(task.sources, strings)}`;
    case "file":
      return sourceChips(task.sources, strings);
    case "image":
      return nothing;
  }
}

/** A step, inside of an element with the class `step`. */
export function taskStep(task: Task, context: ProseContext): TemplateResult {
  const { strings } = context;
  const state =
    task.status_indicator === "loading" ? html`<span class="vh"> ${strings.running}</span>` : nothing;
  return html`${taskMark(task)}<div><p class="name" dir="auto">${taskTitle(task, strings)}${state}</p>${taskBody(task, context)}</div>`;
}

/** A step that stands alone. */
export function taskItem(task: Task, context: ProseContext): TemplateResult {
  return html`<div class="step" part="step">${taskStep(task, context)}</div>`;
}
