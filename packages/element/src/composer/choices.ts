import type { SendInput } from "@waybill/client";
import type { ComposerOptions, ModelChoice, ToolChoice } from "./composer-options.ts";

/** What a person chose of tools and models; both outlive conversations. */
export class Choices {
  readonly #options: () => ComposerOptions;
  readonly #toolChanged: (toolId: string | null) => void;
  #toolId: string | null = null;
  #modelId: string | null = null;

  /** `toolChanged` is told of each change of the tool, and of nothing else. */
  constructor(options: () => ComposerOptions, toolChanged: (toolId: string | null) => void) {
    this.#options = options;
    this.#toolChanged = toolChanged;
  }

  /** The tool that is on; null if none is, or the page no longer offers it. */
  get tool(): ToolChoice | null {
    return this.#options().tools.find(({ id }) => id === this.#toolId) ?? null;
  }

  /** The model chosen, else the page's default, else the first that can be chosen; null without models. */
  get model(): ModelChoice | null {
    const offered = this.#options().models.filter(({ disabled }) => !disabled);
    return (
      offered.find(({ id }) => id === this.#modelId) ??
      offered.find(({ isDefault }) => isDefault) ??
      offered[0] ??
      null
    );
  }

  /**
   * Switches a tool on, or with null off.
   *
   * @throws RangeError for a tool that the page does not offer.
   */
  chooseTool(toolId: string | null): void {
    const before = this.tool?.id ?? null;
    if (toolId !== null && !this.#options().tools.some(({ id }) => id === toolId))
      throw new RangeError(`composer.tools has no tool ${JSON.stringify(toolId)}.`);
    this.#toolId = toolId;
    if (before !== toolId) this.#toolChanged(toolId);
  }

  /**
   * Chooses a model.
   *
   * @throws RangeError for a model that the page does not offer, or has disabled.
   */
  chooseModel(modelId: string): void {
    if (!this.#options().models.some(({ id, disabled }) => id === modelId && !disabled))
      throw new RangeError(`composer.models has no model ${JSON.stringify(modelId)} that can be chosen.`);
    this.#modelId = modelId;
  }

  /** What goes with a message; `{}` if nothing was offered. */
  get input(): Pick<SendInput, "toolChoice" | "model"> {
    const { tool, model } = this;
    return {
      ...(tool === null ? {} : { toolChoice: { id: tool.id } }),
      ...(model === null ? {} : { model: model.id }),
    };
  }

  /** A message was sent: a tool that is not persistent goes off. */
  settle(): void {
    if (this.tool?.persistent === false) this.chooseTool(null);
  }
}
