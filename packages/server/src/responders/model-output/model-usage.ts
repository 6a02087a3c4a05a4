/** What an answer has used, as the model's server counts it; 0 where it does not say. */
export interface ModelUsage {
  readonly inputTokens: number;
  /** Of the input, what the server still had. */
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** Of the output, what was thought. */
  readonly reasoningTokens: number;
}

/** A line for the log. */
export function usageLine(model: string, usage: ModelUsage): string {
  const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens } = usage;
  return `${model} answered: ${inputTokens} tokens in (${cachedInputTokens} cached), ${outputTokens} out (${reasoningTokens} reasoning)`;
}
