import type { UserMessageItem } from "@waybill/protocol";
import type { Log } from "../../log.ts";
import type { TurnContext } from "../respond.ts";
import { logFailure } from "./log-failure.ts";
import { failureOf } from "./model-failure.ts";

/** Longest wait for a title: the person is waiting for the end of the turn. */
const TITLE_TIMEOUT_MS = 10_000;
const EXCERPT_CHARS = 1_000;
const MAX_TITLE_CHARS = 60;

const INSTRUCTIONS =
  "Name this conversation in two to six words, in the language that it is held in. Answer with the name alone: no quotation marks, no full stop.";

/** Asks a model for the answer to one message, once, without a stream. */
export type Ask = (
  request: { readonly instructions: string; readonly input: string },
  signal: AbortSignal,
) => Promise<string>;

/** What a conversation is named after, and how. */
export interface TitleOptions {
  readonly ask: Ask;
  /** The message that began the conversation; undefined: nothing is named. */
  readonly asked: UserMessageItem | undefined;
  /** The answer to it; empty: nothing is named. */
  readonly answer: string;
  readonly log: Log;
}

/**
 * Gives a conversation without a title one, if the model offers any that is usable. What fails is logged.
 *
 * @throws the reason of the turn's signal, if it aborts
 */
export async function nameThread(
  { thread, signal, requestId }: TurnContext,
  { ask, asked, answer, log }: TitleOptions,
): Promise<void> {
  if (thread.title !== undefined || asked === undefined || answer === "") return;
  try {
    const title = await titleOf(ask, asked, answer, signal);
    // Meanwhile the person may have named it.
    if (title !== null && thread.title === undefined) thread.setTitle(title);
  } catch (error) {
    signal.throwIfAborted();
    logFailure(log, "A conversation got no title", failureOf(error, "that names conversations"), requestId);
  }
}

async function titleOf(
  ask: Ask,
  message: UserMessageItem,
  answer: string,
  signal: AbortSignal,
): Promise<string | null> {
  const question = message.content.map(({ text }) => text).join("");
  const names = message.attachments.map(({ name }) => name).join(", ");
  const input = [
    `The person wrote: ${question.slice(0, EXCERPT_CHARS)}`,
    names === "" ? "" : `They attached: ${names.slice(0, EXCERPT_CHARS)}`,
    `The answer begins: ${answer.slice(0, EXCERPT_CHARS)}`,
  ];
  const text = await ask(
    { instructions: INSTRUCTIONS, input: input.filter((line) => line !== "").join("\n\n") },
    AbortSignal.any([signal, AbortSignal.timeout(TITLE_TIMEOUT_MS)]),
  );
  const line = text.trim().split("\n", 1)[0] ?? "";
  const title = line.replace(/^["'“„«\s]+|["'”“»\s.]+$/g, "");
  return title === "" || title.length > MAX_TITLE_CHARS ? null : title;
}
