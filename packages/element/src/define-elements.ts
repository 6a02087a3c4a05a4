import { WaybillChat } from "./waybill-chat.ts";

/** The same element under the name that pages written for ChatKit use. */
export class OpenAIChatKitElement extends WaybillChat {}

/**
 * Registers `<waybill-chat>` and `<openai-chatkit>`, each only if its name is free. Does nothing
 * where there are no custom elements, as on a server.
 */
export function defineElements(): void {
  if (typeof customElements === "undefined") return;
  if (customElements.get("waybill-chat") === undefined) customElements.define("waybill-chat", WaybillChat);
  if (customElements.get("openai-chatkit") === undefined)
    customElements.define("openai-chatkit", OpenAIChatKitElement);
}
