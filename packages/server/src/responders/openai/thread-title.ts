import type { UserMessageItem } from "@waybill/protocol";
import type OpenAI from "openai";

/** Longest wait for a title: the person is waiting for the end of the turn. */
const TITLE_TIMEOUT_MS = 10_000;
const EXCERPT_CHARS = 1_000;
const MAX_TITLE_CHARS = 60;

const INSTRUCTIONS =
  "Name this conversation in two to six words, in the language that it is held in. Answer with the name alone: no quotation marks, no full stop.";

/** A short title for a conversation that has just begun; null if the model offers none that is usable. */
export async function titleOf(
  client: Pick<OpenAI, "responses">,
  model: string,
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
  const response = await client.responses.create(
    {
      model,
      instructions: INSTRUCTIONS,
      input: input.filter((line) => line !== "").join("\n\n"),
      store: false,
    },
    { signal: AbortSignal.any([signal, AbortSignal.timeout(TITLE_TIMEOUT_MS)]), maxRetries: 0 },
  );
  const line = response.output_text.trim().split("\n", 1)[0] ?? "";
  const title = line.replace(/^["'“„«\s]+|["'”“»\s.]+$/g, "");
  return title === "" || title.length > MAX_TITLE_CHARS ? null : title;
}
