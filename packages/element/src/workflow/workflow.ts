import type { Workflow } from "@waybill/protocol";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { ref } from "../base/ref.ts";
import { icon } from "../icon/icon.ts";
import type { ProseContext } from "../markdown/render.ts";
import type { Strings } from "../strings/en.ts";
import { taskStep, taskTitle } from "../task/task.ts";

/** What a workflow is called while it is folded: its summary, else the step that runs, else what it is. */
export function workflowTitle(workflow: Workflow, growing: boolean, strings: Strings): string {
  const { summary, tasks, type } = workflow;
  if (summary !== undefined && "title" in summary) return summary.title;
  if (summary !== undefined) {
    const seconds = Math.max(1, Math.round(summary.duration));
    return type === "reasoning" ? strings.thoughtFor(seconds) : strings.workedFor(seconds);
  }
  const current =
    tasks.findLast((task) => task.status_indicator === "loading") ?? (growing ? tasks.at(-1) : undefined);
  if (growing && current !== undefined) return taskTitle(current, strings);
  if (type === "reasoning") return growing ? strings.thinking : strings.thought;
  return growing ? strings.working : strings.worked;
}

function mark({ summary, type }: Workflow, growing: boolean): TemplateResult | typeof nothing {
  if (growing && summary === undefined) return html`<span class="spin" aria-hidden="true"></span>`;
  const own =
    summary !== undefined && "title" in summary && summary.icon
      ? icon(summary.icon, { small: true })
      : nothing;
  if (own !== nothing) return own;
  return icon(type === "reasoning" ? "lightbulb" : "list-checks", { small: true });
}

/** Opens a workflow when the server asks for it, and leaves it to the person from then on. */
const opened = new WeakSet<Element>();
function openOnce(element: Element, expanded: boolean): void {
  if (!expanded || opened.has(element)) return;
  opened.add(element);
  element.setAttribute("open", "");
}

/** A workflow: folded, with its steps inside. */
export function workflowItem(workflow: Workflow, growing: boolean, context: ProseContext): TemplateResult {
  const { strings } = context;
  const { tasks, expanded } = workflow;
  const title = workflowTitle(workflow, growing, strings);
  const done = tasks.filter((task) => task.status_indicator === "complete").length;
  const count =
    growing && workflow.type === "custom" && tasks.length > 1
      ? html`<span class="num">${strings.stepsDone(done, tasks.length)}</span>`
      : nothing;
  const summary = html`${mark(workflow, growing)}<span dir="auto">${title}</span>${count}`;
  if (tasks.length === 0) return html`<p class="doing" part="workflow">${summary}</p>`;
  return html`<details class="fold" part="workflow" ${ref((element) => openOnce(element, expanded))}><summary>${summary}${icon("chevron-right", { small: true, also: "chev" })}</summary><ol class="steps" aria-label=${strings.steps}>${tasks.map(
    (task) => html`<li class="step" part="step">${taskStep(task, context)}</li>`,
  )}</ol></details>`;
}
