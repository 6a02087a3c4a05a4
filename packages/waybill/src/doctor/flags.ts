import { parseArgs } from "node:util";

/** An option of `waybill doctor`. */
interface Flag {
  /** What stands behind it; absent: nothing does. */
  readonly value?: string;
  /** Whether it may be given several times. @default once */
  readonly repeats?: true;
  readonly short?: string;
  readonly help: string;
}

/** Every option, in the order of the help. */
const FLAGS = {
  origin: { value: "ORIGIN", help: "the page's origin, as its browser writes it: https://app.example" },
  method: { value: "M", help: "GET, or POST with a body" },
  header: { value: "'N: V'", repeats: true, help: "a header that the page sets" },
  credentials: { value: "C", help: "include, same-origin (default) or omit" },
  body: { value: "TEXT", help: "what the page sends; @FILE: the bytes of a file" },
  "content-type": { value: "TYPE", help: "the body's, as the page sets it" },
  mode: { value: "MODE", help: "cors (default), no-cors or same-origin" },
  via: { value: "ADDRESS", repeats: true, help: "another way to the same server: http://10.0.0.5:8080" },
  timeout: { value: "S", help: "seconds to wait for each answer, 0.1 to 600   10" },
  "from-curl": { value: "TEXT", help: "the request, as DevTools copy it; -: from the standard input" },
  "from-har": { value: "FILE", help: "the request that failed in a recording of DevTools" },
  entry: { value: "N", help: "with --from-har: another request, by its number" },
  chatkit: { help: "check a whole ChatKit server at URL: makes and deletes a thread and a file" },
  "dry-run": { help: "send preflights, GET and HEAD alone: change nothing" },
  json: { help: "print the diagnosis as JSON" },
  help: { short: "h", help: "this text" },
} as const satisfies Readonly<Record<string, Flag>>;

/** The name of an option, without its dashes. */
export type FlagName = keyof typeof FLAGS;

/** What stands on the command line. */
export interface Given {
  /** What stands behind an option, in order; empty if it is not given. */
  values(name: FlagName): readonly string[];
  /** What stands behind an option; the last counts. Undefined if it is not given. */
  value(name: FlagName): string | undefined;
  has(name: FlagName): boolean;
  readonly positionals: readonly string[];
  /** What cannot be read of it, a sentence each; empty if all can. */
  readonly problems: readonly string[];
}

const flagOf = (name: string): Flag | undefined =>
  Object.entries(FLAGS).find(([known]) => known === name)?.[1];

/** Reads the options; what is wrong with them are problems, all of them. */
export function readFlags(args: readonly string[]): Given {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries<Flag>(FLAGS).map(([name, { value, short }]) => [
        name,
        {
          type: value === undefined ? "boolean" : "string",
          ...(short === undefined ? {} : { short }),
        } as const,
      ]),
    ),
  });
  const found = new Map<string, string[]>();
  const positionals: string[] = [];
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    const flag = flagOf(name);
    const before = found.get(name) ?? [];
    if (flag === undefined) problems.push(`${rawName}: there is no such option.`);
    else if (flag.value === undefined && value !== undefined) problems.push(`${rawName}: takes no value.`);
    else if (
      flag.value !== undefined &&
      (value === undefined || (!token.inlineValue && value.startsWith("--")))
    ) {
      problems.push(`${rawName}: needs a value: ${rawName} ${flag.value}, ${flag.help}.`);
    } else if (flag.repeats !== true && flag.value !== undefined && before.length > 0) {
      problems.push(`${rawName}: is given twice.`);
    }
    found.set(name, [...before, value ?? ""]);
  }
  return {
    values: (name) => found.get(name) ?? [],
    value: (name) => found.get(name)?.at(-1),
    has: (name) => found.has(name),
    positionals,
    problems,
  };
}

/** The options, a line each, for the help. */
export function flagLines(): string {
  return Object.entries<Flag>(FLAGS)
    .map(([name, { value, short, help }]) => {
      const written = `${short === undefined ? "    " : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
      return `  ${written.padEnd(25)} ${help}`;
    })
    .join("\n");
}
