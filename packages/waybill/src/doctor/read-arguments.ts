import { readFile } from "node:fs/promises";
import type { AskOptions, Question } from "@waybill/doctor";
import type { FlagName, Given } from "./flags.ts";

/** What the command is asked; or everything that is wrong with it, a sentence each. */
export type Asked =
  | { readonly ok: true; readonly question: Question; readonly options: AskOptions }
  | { readonly ok: false; readonly problems: readonly string[] };

const MAX_SECONDS = 600;
const MIN_SECONDS = 0.1;

/** The question that stands on the command line. Reads a file where `--body @FILE` names one. */
export async function readArguments(given: Given): Promise<Asked> {
  const problems = [...given.problems];
  const wrong = (argument: string, expected: string) => {
    problems.push(`${argument}: expected ${expected}.`);
  };
  const oneOf = <T extends string>(name: FlagName, known: readonly T[]): T | undefined => {
    const value = given.value(name);
    const found = known.find((option) => option === value);
    if (value !== undefined && value !== "" && found === undefined)
      wrong(`--${name} ${value}`, known.join(", "));
    return found;
  };

  const [url, ...extra] = given.positionals;
  if (url === undefined) wrong("URL", "the address that the page asks, absolute: https://api.example/chat");
  for (const word of extra) wrong(word, "nothing: one URL is asked at a time");
  const origin = given.value("origin");
  if (origin === undefined) {
    wrong(
      "--origin",
      "the origin of the page that asks, as its browser writes it: https://app.example; null for a file",
    );
  }
  const credentials = oneOf("credentials", ["include", "same-origin", "omit"]);
  const mode = oneOf("mode", ["cors", "no-cors", "same-origin"]);
  const headers = headersOf(given, wrong);
  const body = await bodyOf(given.value("body"), wrong);
  const timeoutMs = timeoutOf(given.value("timeout"), wrong);
  if (problems.length > 0 || url === undefined || origin === undefined) return { ok: false, problems };

  return {
    ok: true,
    question: {
      origin,
      request: {
        url,
        method: given.value("method") ?? (body === null ? "GET" : "POST"),
        headers,
        ...(credentials === undefined ? {} : { credentials }),
        ...(mode === undefined ? {} : { mode }),
        ...(body === null ? {} : { body: { kind: body.kind } }),
      },
      ...(body === null ? {} : { content: body.content }),
      via: given.values("via"),
    },
    options: { ...(timeoutMs === undefined ? {} : { timeoutMs }), dryRun: given.has("dry-run") },
  };
}

type Wrong = (argument: string, expected: string) => void;

function headersOf(given: Given, wrong: Wrong): readonly (readonly [string, string])[] {
  const headers: [string, string][] = [];
  for (const line of given.values("header")) {
    const [, name, value] = /^([^:\s]+)\s*:\s*([^]*)$/.exec(line) ?? [];
    // The line is not repeated: it may be a secret.
    if (name === undefined || value === undefined)
      wrong("--header", "a line with its name: 'Authorization: Bearer …'");
    else headers.push([name, value]);
  }
  const type = given.value("content-type");
  if (type === undefined || type === "") return headers;
  if (headers.some(([name]) => name.toLowerCase() === "content-type")) {
    wrong("--content-type", "no --header of the same name beside it");
  }
  return [...headers, ["Content-Type", type]];
}

interface Body {
  readonly kind: "text" | "bytes";
  readonly content: Uint8Array;
}

async function bodyOf(given: string | undefined, wrong: Wrong): Promise<Body | null> {
  if (given === undefined) return null;
  if (!given.startsWith("@")) return { kind: "text", content: new TextEncoder().encode(given) };
  try {
    return { kind: "bytes", content: new Uint8Array(await readFile(given.slice(1))) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    wrong(`--body ${given}`, `a file that can be read${code}`);
    return null;
  }
}

function timeoutOf(given: string | undefined, wrong: Wrong): number | undefined {
  if (given === undefined || given === "") return undefined;
  const seconds = Number(given);
  if (seconds >= MIN_SECONDS && seconds <= MAX_SECONDS) return Math.round(seconds * 1000);
  wrong(`--timeout ${given}`, `seconds, ${MIN_SECONDS} to ${MAX_SECONDS}`);
  return undefined;
}
