import type { Diagnosis } from "./diagnosis.ts";
import type { Question } from "./question.ts";

/** A diagnosis as programs read it; `JSON.stringify` writes all of it. */
export interface JsonDiagnosis extends Omit<Diagnosis, "question"> {
  /** Counts up when a member is renamed, removed or means something else; new members do not count. */
  readonly version: 1;
  /** Without the body's bytes, which may be secret: their number. */
  readonly question: Omit<Question, "content"> & { readonly contentBytes: number };
}

/** The diagnosis for programs: stable within its version. */
export function toJson(diagnosis: Diagnosis): JsonDiagnosis {
  const { content, ...question } = diagnosis.question;
  return { version: 1, ...diagnosis, question: { ...question, contentBytes: content?.length ?? 0 } };
}
