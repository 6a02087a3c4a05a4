export type { CopiedRequest } from "./copied-request.ts";
export type { Diagnosis, Finding, Fix, Layer, RootCause } from "./diagnosis.ts";
export type { ConnectionFault, Exchange, Failed, Received } from "./exchange.ts";
export { fromCurl } from "./from-curl.ts";
export type { HarChoice, HarEntry } from "./from-har.ts";
export { fromHar } from "./from-har.ts";
export type { AskOptions, Question } from "./question.ts";
export { QuestionError } from "./question-error.ts";
export type { Need, Recipe, ServerName } from "./recipes/recipe.ts";
