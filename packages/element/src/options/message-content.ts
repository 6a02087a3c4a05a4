import type { Json, UserMessageContent } from "@waybill/protocol";
import { fieldsOf } from "./fields.ts";

/** What of an object JSON can carry; none of anything that is not an object, or is cyclic. */
export function jsonFields(value: unknown): { readonly [key: string]: Json } {
  try {
    const copy: unknown = JSON.parse(JSON.stringify(value ?? {}));
    return fieldsOf(copy) as { readonly [key: string]: Json };
  } catch {
    return {}; // cyclic: there is nothing that a wire could carry
  }
}

/**
 * Reads the parts of a message as a page gives them, where `data` and `interactive` of a tag may
 * be left out. Parts of an unknown kind are dropped; anything but a list is the empty list.
 *
 * Source: `@openai/chatkit` 1.9, `UserMessageContent`.
 */
export function readMessageContent(value: unknown): readonly UserMessageContent[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown): UserMessageContent[] => {
    const { type, text, id, group, data, interactive } = fieldsOf(entry);
    if (typeof text !== "string") return [];
    if (type === "input_text") return [{ type, text }];
    if (type !== "input_tag" || typeof id !== "string") return [];
    return [
      {
        type,
        id,
        text,
        data: jsonFields(data),
        ...(typeof group === "string" ? { group } : {}),
        interactive: interactive === true,
      },
    ];
  });
}
