import { render, type TemplateResult } from "lit/html.js";

/** On a server there are no elements, but what is built on them can be imported there. */
const PageElement: typeof HTMLElement =
  typeof HTMLElement === "undefined" ? (Object as unknown as typeof HTMLElement) : HTMLElement;

/**
 * An element that draws itself into an open shadow root: once when it comes to a page, and then
 * once for all changes of a turn of the event loop. A drawing that throws is an unhandled
 * rejection, and the next change draws again.
 */
export abstract class DrawnElement extends PageElement {
  #isPending = false;
  #hasDrawn = false;
  #root: ShadowRoot | null = null;
  #arrive = (): void => undefined;
  #drawing: Promise<unknown> = new Promise<void>((resolve) => {
    this.#arrive = resolve;
  });

  constructor() {
    super();
    this.requestUpdate();
  }

  /** Settles when what is known now has been drawn: true, unless that itself asked for another drawing. */
  get updateComplete(): Promise<boolean> {
    return this.#drawing.then(() => !this.#isPending);
  }

  /** Whether it has been drawn before. */
  protected get hasUpdated(): boolean {
    return this.#hasDrawn;
  }

  connectedCallback(): void {
    this.#root ??= this.createRenderRoot();
    this.#arrive();
  }

  /** Asks for a drawing, soon. */
  requestUpdate(): void {
    if (this.#isPending) return;
    this.#isPending = true;
    this.#drawing = this.#drawAfter(this.#drawing);
  }

  /** Makes what is drawn into, when the element first comes to a page. */
  protected createRenderRoot(): ShadowRoot {
    return this.shadowRoot ?? this.attachShadow({ mode: "open" });
  }

  /** Draws now; to be overridden to draw later. */
  protected async scheduleUpdate(): Promise<void> {
    const root = this.#root;
    if (root === null) return;
    try {
      this.willUpdate();
      const drawn = this.render();
      this.#isPending = false;
      render(drawn, root, { host: this });
    } finally {
      this.#isPending = false;
    }
    this.#hasDrawn = true;
    this.updated();
  }

  /** To be called before each drawing. What it changes is drawn with the rest. */
  protected abstract willUpdate(): void;

  /** What is to be drawn. */
  protected abstract render(): TemplateResult;

  /** To be called after each drawing. */
  protected abstract updated(): void;

  async #drawAfter(earlier: Promise<unknown>): Promise<void> {
    try {
      await earlier;
    } catch {
      // It has been reported as an unhandled rejection.
    }
    await this.scheduleUpdate();
  }
}
