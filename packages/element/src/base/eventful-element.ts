import { EventOutlet } from "../event-outlet.ts";
import { DrawnElement } from "./drawn-element.ts";

/** An element that knows who listens, so that its events reach those too who begin a little late. */
export abstract class EventfulElement extends DrawnElement {
  protected readonly events: EventOutlet = new EventOutlet(this);

  override addEventListener<Type extends keyof HTMLElementEventMap>(
    type: Type,
    listener: (this: HTMLElement, event: HTMLElementEventMap[Type]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
    this.events.listened(type);
  }
}
