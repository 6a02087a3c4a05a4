/** One thing that is wrong with a configuration. */
export interface ConfigurationIssue {
  /** The option, for example `cors.origins[0]`. */
  readonly path: string;
  /** What is wrong, in a sentence. */
  readonly message: string;
  /** What to do, in a sentence. */
  readonly fix: string;
}

/** A configuration that cannot be used, with everything that is wrong with it. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly issues: readonly ConfigurationIssue[];

  constructor(issues: readonly ConfigurationIssue[]) {
    super(issues.map((issue) => `${issue.path}: ${issue.message} ${issue.fix}`).join("\n"));
    this.issues = issues;
  }
}
