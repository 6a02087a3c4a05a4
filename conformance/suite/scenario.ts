import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** An object of JSON values. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** How a server takes files; each is a server of its own. */
export type UploadStrategy = "two_phase" | "direct" | "none";

/** One part of a form. */
export interface FormPart {
  readonly name: string;
  readonly type: string;
  readonly text?: string;
  readonly base64?: string;
}

/** What a step sends. Without any body there is none; `{{name}}` stands for what an earlier step captured. */
export interface StepRequest {
  /** @default "POST" */
  readonly method?: string;
  /** @default "/chatkit" */
  readonly path?: string;
  /** Absolute; replaces the server's address and `path`. */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly bodyText?: string;
  readonly bodyBase64?: string;
  readonly multipart?: Readonly<Record<string, FormPart>>;
  /** Acts as another user of this name. */
  readonly user?: string;
}

/** What must come back. Keys that are not there are not looked at. */
export interface Expectation {
  /** A status, or a class such as `"4xx"`. */
  readonly status: number | string;
  readonly contentType?: string;
  readonly json?: Json;
  readonly frames?: readonly Json[];
  readonly text?: string;
  readonly transport?: "broken";
}

/** One request of a scenario and what must come back. */
export interface Step {
  readonly request: StepRequest;
  /** Names for JSON pointers into `{ json, frames, text }` of the answer; `-1` is the last entry. */
  readonly capture?: Readonly<Record<string, string>>;
  /** Sends it so often, and looks at the last answer. @default 1 */
  readonly repeat?: number;
  /** Pause before the request, in milliseconds. */
  readonly waitMs?: number;
  /** Asks again until the answer fits. */
  readonly poll?: boolean;
  readonly abort?: { readonly afterFrames: number };
  /** The recorded answer of the official server. */
  readonly expect: Expectation;
  /** Why the recorded answer should not be copied. */
  readonly upstreamBug?: string;
  /** Answers of a correct server, of which one is required; only their own keys are compared. */
  readonly better?: Expectation | readonly Expectation[];
}

/** A recorded conversation of one fresh user with the official server. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly requirements: readonly string[];
  readonly upstream: readonly { readonly file: string; readonly line: number }[];
  readonly uploadStrategy: UploadStrategy | "any";
  readonly steps: readonly Step[];
}

const FOLDER = fileURLToPath(new URL("../scenarios/", import.meta.url));

/** Every recorded scenario, by id. */
export function loadScenarios(): readonly Scenario[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name): Scenario => JSON.parse(readFileSync(`${FOLDER}${name}`, "utf8")));
}

/** A value with every `{{name}}` in it replaced by what was captured; what was not stays as it is. */
export function substitute<Value>(value: Value, captured: ReadonlyMap<string, string>): Value;
export function substitute(value: unknown, captured: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string")
    return value.replace(/\{\{(\w+)\}\}/g, (whole, name) => captured.get(name) ?? whole);
  if (Array.isArray(value)) return value.map((entry) => substitute(entry, captured));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, substitute(entry, captured)]));
}
