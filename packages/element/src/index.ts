import { defineElements } from "./define-elements.ts";

export type { ChatEventDetails } from "./chat-events.ts";
export type { ChatOptions, MessagePart, UserMessage } from "./chat-options.ts";
export { defineElements, OpenAIChatKitElement } from "./define-elements.ts";
export { type IconNode, registerIcons } from "./icon/icons.ts";
export type { Strings } from "./strings/en.ts";
export { registerStrings, type SomeStrings } from "./strings/registry.ts";
export { WaybillChat } from "./waybill-chat.ts";

defineElements();
