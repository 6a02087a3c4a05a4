import type { UserMessageContent } from "@waybill/protocol";

/** A text as the parts of a message; "" is none. */
export function textContent(text: string): readonly UserMessageContent[] {
  return text === "" ? [] : [{ type: "input_text", text }];
}

/** The same message with neighbouring texts joined and empty ones dropped. */
export function mergeTexts(content: readonly UserMessageContent[]): readonly UserMessageContent[] {
  const merged: UserMessageContent[] = [];
  for (const part of content) {
    const last = merged.at(-1);
    if (part.type === "input_text" && last?.type === "input_text")
      merged[merged.length - 1] = { type: "input_text", text: last.text + part.text };
    else if (part.type === "input_tag" || part.text !== "") merged.push(part);
  }
  return merged;
}

/** Whether nothing is written: no tag, and no text but white space. */
export function isBlank(content: readonly UserMessageContent[]): boolean {
  return content.every((part) => part.type === "input_text" && part.text.trim() === "");
}

/** Two messages as one, with an empty line between them; a blank one adds nothing. */
export function joinContent(
  first: readonly UserMessageContent[],
  second: readonly UserMessageContent[],
): readonly UserMessageContent[] {
  if (isBlank(first)) return isBlank(second) ? [] : second;
  if (isBlank(second)) return first;
  return mergeTexts([...first, ...textContent("\n\n"), ...second]);
}
