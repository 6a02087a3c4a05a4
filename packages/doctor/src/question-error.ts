/** What is wrong with a question, or with what it is read from. Its message has no value of the question, which may be a secret. */
export class QuestionError extends Error {
  override readonly name = "QuestionError";
  /** The argument or the part that is wrong: `--header`, `URL`, `origin`. */
  readonly field: string;
  /** What it should be, as a phrase behind "expected". */
  readonly expected: string;

  constructor(field: string, expected: string) {
    super(`${field}: expected ${expected}.`);
    this.field = field;
    this.expected = expected;
  }
}
