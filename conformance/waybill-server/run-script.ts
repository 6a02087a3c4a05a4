import { setTimeout as wait } from "node:timers/promises";
import { ChatError, type Json } from "@waybill/protocol";
import { parseAuthoredItem, typedWidget } from "@waybill/protocol/schema";
import type { TextPiece, TurnEvent, TurnThread } from "@waybill/server";
import { Placeholders, type Turn } from "./placeholders.ts";
import type { Operation, Script } from "./script.ts";

const LONGEST_WAIT_MS = 20_000;

/** Runs a script: an operation only when the server asks for the next event. */
export async function* runScript(script: Script, turn: Turn): AsyncGenerator<TurnEvent> {
  yield* run(script, turn, new Placeholders(turn));
}

/** Runs the script of an action that is answered at once. */
export async function runSyncScript(script: Script, turn: Turn) {
  const values = new Placeholders(turn);
  for (const operation of script) {
    if (operation.op === "return") {
      if (operation.updated_item === undefined) return undefined;
      const item = parseAuthoredItem(await values.item(operation.updated_item));
      if (!item.ok) throw new Error(`The script returns no item: ${JSON.stringify(item.issues)}`);
      return { updated_item: item.value };
    }
    for await (const _ of step(operation, turn, values));
  }
  return undefined;
}

async function* run(script: Script, turn: Turn, values: Placeholders): AsyncGenerator<TurnEvent> {
  for (const operation of script) yield* step(operation, turn, values);
}

async function* step(operation: Operation, turn: Turn, values: Placeholders): AsyncGenerator<TurnEvent> {
  const { thread, signal } = turn.context;
  const untilCancelled = () => wait(LONGEST_WAIT_MS, undefined, { signal });
  switch (operation.op) {
    case "event":
      yield await eventOf(operation.event, values);
      break;
    case "text_stream":
      yield* thread.streamText(pieces(operation, values, untilCancelled));
      break;
    case "stream_widget":
      yield* thread.streamWidget(
        operation.widget === undefined
          ? states(operation, values, untilCancelled)
          : widgetOf(await values.fill(operation.widget), operation.dynamic),
        operation.copy_text === undefined ? {} : { copyText: operation.copy_text },
      );
      break;
    case "client_tool_call": {
      const filled = { ...operation.arguments };
      for (const [key, value] of Object.entries(filled)) filled[key] = await values.fill(value);
      yield thread.clientToolCall({ ...operation, arguments: filled });
      break;
    }
    case "hidden_context": {
      const event = thread.hiddenContext(await values.fill(operation.content));
      const via = operation.via ?? "done";
      if (event.type === "thread.item.done") yield { ...event, type: `thread.item.${via}` };
      break;
    }
    case "set_title":
      thread.setTitle(operation.title === null ? null : await values.text(operation.title));
      break;
    case "set_status":
      thread.setStatus(operation.status as unknown as TurnThread["status"]);
      break;
    case "set_metadata":
      thread.setMetadata({ ...thread.metadata, ...operation.metadata });
      break;
    case "set_allowed_image_domains":
      thread.setAllowedImageDomains(operation.domains);
      break;
    case "repeat":
      for (let n = 1; n <= operation.times; n += 1) {
        values.n = n;
        yield* run(operation.ops, turn, values);
      }
      break;
    case "wait_for_cancel":
      await untilCancelled();
      break;
    case "throw":
      throw await errorOf(operation, values);
    case "return":
      break;
  }
}

/** What a script says is an event is one for the server to judge. */
async function eventOf(template: Json, values: Placeholders): Promise<TurnEvent> {
  const event = await values.fill(template);
  if (event === null || typeof event !== "object" || !("item" in event)) return event as unknown as TurnEvent;
  return { ...event, item: await values.item(event.item) } as unknown as TurnEvent;
}

async function* pieces(
  { chunks, annotations = [], wait: waits }: Extract<Operation, { readonly op: "text_stream" }>,
  values: Placeholders,
  untilCancelled: () => Promise<void>,
): AsyncGenerator<TextPiece> {
  for (const chunk of chunks) yield values.text(chunk);
  if (waits) await untilCancelled();
  for (const annotation of annotations) yield annotation as unknown as TextPiece;
}

async function* states(
  { states: templates = [], dynamic }: Extract<Operation, { readonly op: "stream_widget" }>,
  values: Placeholders,
  untilCancelled: () => Promise<void>,
) {
  for (const template of templates) {
    if (template === "$throw") throw new Error("The widget's next state failed.");
    if (template === "$wait") await untilCancelled();
    else yield widgetOf(await values.fill(template), dynamic);
  }
}

/** A template's widget keeps what it has; a typed one has what its types know. */
function widgetOf(value: Json, dynamic = false) {
  const widget = value as unknown as Parameters<typeof typedWidget>[0];
  return dynamic ? widget : typedWidget(widget);
}

async function errorOf(
  { kind, message = "", allow_retry = kind === "stream_error" }: Extract<Operation, { readonly op: "throw" }>,
  values: Placeholders,
): Promise<Error> {
  if (kind === "custom_stream_error") {
    return new ChatError("custom", { message: await values.text(message), retryable: allow_retry });
  }
  if (kind === "stream_error") return new ChatError("upstream_failed", { retryable: false });
  return new Error(message);
}
