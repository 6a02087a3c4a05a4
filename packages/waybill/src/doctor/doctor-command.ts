import {
  type AskOptions,
  checkChatKit,
  diagnose,
  type Question,
  QuestionError,
  type ReportOptions,
  report,
  reportChatKit,
  toJson,
} from "@waybill/doctor";
import { flagLines, readFlags } from "./flags.ts";
import { readArguments } from "./read-arguments.ts";

const HELP = `Usage: waybill doctor --origin ORIGIN URL

Asks URL as a page of ORIGIN would, and says what its browser will say, why, and what to change.
The request is really sent, once, as the page would send it; --dry-run sends what changes nothing.
--chatkit has a ChatKit server answer a message and take a file, and deletes both.

Options
${flagLines()}

Ends with 0 if the page can read the answer, 1 if it cannot, 2 if that cannot be told, or an
argument is wrong.
`;

const EXIT_CODES = { fine: 0, broken: 1, unknown: 2 } as const;
const WRONG_ARGUMENT = 2;
// Shells: 128 and the number of SIGINT.
const STOPPED = 130;
const WIDTH_ELSEWHERE = 100;
const CLEAR_LINE = "\r\x1b[2K";

/** Carries out `waybill doctor`: the code to exit with. `args` are those behind the word `doctor`. */
export async function doctorCommand(args: readonly string[]): Promise<number> {
  const given = readFlags(args);
  if (given.has("help")) {
    process.stdout.write(HELP);
    return 0;
  }
  const asked = await readArguments(given);
  if (!asked.ok) return refuse(asked.problems);

  const stop = new AbortController();
  const end = () => stop.abort();
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  // Whoever reads may have read enough.
  process.stdout.on("error", end);
  const shows = process.stderr.isTTY;
  try {
    if (shows) process.stderr.write(progress(asked.question));
    const learn = asked.chatkit ? learnOfServer : learnOfRequest;
    const { outcome, json, text } = await learn(asked.question, { ...asked.options, signal: stop.signal });
    if (shows) process.stderr.write(CLEAR_LINE);
    process.stdout.write(
      given.has("json")
        ? `${JSON.stringify(json, null, 2)}\n`
        : text({
            width: process.stdout.columns ?? WIDTH_ELSEWHERE,
            colour: process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "",
          }),
    );
    return EXIT_CODES[outcome];
  } catch (error) {
    if (shows) process.stderr.write(CLEAR_LINE);
    if (stop.signal.aborted) {
      process.stderr.write("Stopped; nothing is known.\n");
      return STOPPED;
    }
    if (error instanceof QuestionError)
      return refuse([`${argumentOf(error.field)}: expected ${error.expected.replace(/\.+$/, "")}.`]);
    throw error;
  } finally {
    process.off("SIGINT", end);
    process.off("SIGTERM", end);
  }
}

/** What was learned, for people and for programs. */
interface Learned {
  readonly outcome: keyof typeof EXIT_CODES;
  readonly json: object;
  readonly text: (options: ReportOptions) => string;
}

async function learnOfRequest(question: Question, options: AskOptions): Promise<Learned> {
  const diagnosis = await diagnose(question, options);
  return { outcome: diagnosis.outcome, json: toJson(diagnosis), text: (look) => report(diagnosis, look) };
}

async function learnOfServer({ origin, request }: Question, options: AskOptions): Promise<Learned> {
  const { url, headers = [], credentials = "same-origin" } = request;
  // Those of a copied request: the check has its own.
  const own = headers.filter(([name]) => !/^(?:accept|content-type|chatkit-frame-instance-id)$/i.test(name));
  const found = await checkChatKit({ origin, url, headers: own, credentials }, options);
  const diagnosis = found.diagnosis === null ? null : toJson(found.diagnosis);
  return {
    outcome: found.outcome,
    json: { version: 1, ...found, diagnosis },
    text: (look) => reportChatKit(found, look),
  };
}

function refuse(problems: readonly string[]): number {
  const lines = problems.map((problem) => `  ${problem}\n`).join("");
  process.stderr.write(
    `The doctor cannot be asked like this:\n${lines}\n\`waybill doctor --help\` lists every option.\n`,
  );
  return WRONG_ARGUMENT;
}

function progress({ origin, request, via = [] }: Question): string {
  const ways = via.length === 0 ? "" : ` on ${via.length + 1} ways`;
  return `Asking ${URL.parse(request.url)?.host ?? request.url}${ways}, as a page of ${origin} would…`;
}

/** The argument that a part of the question comes from. */
function argumentOf(field: string): string {
  if (field === "request.url") return "URL";
  return `--${field
    .replace(/^(?:request|options)\./, "")
    .replace(/s?\[\d+\]$/, "")
    .replace(/Ms$/, "")}`;
}
