import { readFile } from "node:fs/promises";
import type { AskOptions, CopiedRequest, Question } from "@waybill/doctor";
import type { FlagName, Given } from "./flags.ts";
import { readCopied } from "./read-copied.ts";

/** What the command is asked; or everything that is wrong with it, a sentence each. */
export type Asked =
  | {
      readonly ok: true;
      /** Whether a whole ChatKit server is asked about, in place of one request. */
      readonly chatkit: boolean;
      readonly question: Question;
      readonly options: AskOptions;
    }
  | { readonly ok: false; readonly problems: readonly string[] };

const MAX_SECONDS = 600;
const MIN_SECONDS = 0.1;

/**
 * The question that stands on the command line. Reads a file where `--body @FILE` or `--from-har` names one. What is given
 * beside a copied request takes the place of what it has; headers come to its own.
 */
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

  const before = problems.length;
  const copied = await readCopied(given, wrong);
  const isUnread = problems.length > before;
  const [named, ...extra] = given.positionals;
  const url = named ?? copied?.request.url;
  if (named !== undefined && copied !== null) wrong("URL", "none: the copied request has one");
  if (url === undefined && !isUnread)
    wrong("URL", "the address that the page asks, absolute: https://api.example/chat");
  for (const word of extra) wrong(word, "nothing: one URL is asked at a time");
  const origin = given.value("origin") ?? copied?.origin ?? undefined;
  if (origin === undefined && !isUnread) {
    wrong(
      "--origin",
      "the origin of the page that asks, as its browser writes it: https://app.example; null for a file",
    );
  }
  const credentials = oneOf("credentials", ["include", "same-origin", "omit"]);
  const mode = oneOf("mode", ["cors", "no-cors", "same-origin"]);
  const headers = headersOf(given, wrong);
  const body = (await bodyOf(given.value("body"), wrong)) ?? bodyIn(copied);
  const chatkit = given.has("chatkit");
  for (const name of chatkit ? (["method", "body", "content-type", "mode", "via"] as const) : []) {
    if (given.has(name)) wrong(`--${name}`, "no --chatkit beside it, which sends requests of its own");
  }
  const timeoutMs = timeoutOf(given.value("timeout"), wrong);
  if (problems.length > 0 || url === undefined || origin === undefined) return { ok: false, problems };

  return {
    ok: true,
    chatkit,
    question: {
      origin,
      request: {
        ...copied?.request,
        url,
        method: given.value("method") ?? copied?.request.method ?? (body === null ? "GET" : "POST"),
        headers: [...(copied?.request.headers ?? []), ...headers],
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

/** Takes a mistake: the argument, and what was expected of it. */
export type Wrong = (argument: string, expected: string) => void;

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

const bodyIn = (copied: CopiedRequest | null): Body | null =>
  copied?.content === undefined ? null : { kind: "bytes", content: copied.content };

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
