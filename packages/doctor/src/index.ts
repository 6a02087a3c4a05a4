export type { Diagnosis, Finding, Fix, Layer, RootCause } from "./diagnosis.ts";
export type { ConnectionFault, Exchange, Failed, Received } from "./exchange.ts";
export type { AskOptions, Question } from "./question.ts";
export type { Need, Recipe, ServerName } from "./recipes/recipe.ts";
