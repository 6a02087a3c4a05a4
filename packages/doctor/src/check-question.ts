import { isOriginProblem, parseOrigin } from "@waybill/policy";
import type { AskOptions, Question } from "./question.ts";
import { QuestionError } from "./question-error.ts";

const MAX_TIMER_MS = 2 ** 31 - 1;
// What HTTP forbids and browsers send nonetheless, and node:http does not; for the rest, browsers throw.
const isUnsendable = (text: string): boolean =>
  [...text].some((char) => char === "\x7f" || (char < " " && !"\0\t\n\r".includes(char)));

/**
 * Whether a question can be asked. What a page may write and a browser refuses (a forbidden method, a
 * bad port, `ftp:`) is no mistake of the question's, but has an answer.
 *
 * @throws QuestionError `field` is a path: `origin`, `request.headers[0]`, `via[1]`, `options.timeoutMs`.
 */
export function checkQuestion(question: Question, options: AskOptions): void {
  const { origin, request, content, via = [] } = question;
  const problem = origin === "null" ? null : parseOrigin(origin);
  if (problem !== null && isOriginProblem(problem)) {
    throw new QuestionError("origin", `an origin such as https://app.example, or null: ${problem.fix}`);
  }
  if (!URL.canParse(request.url)) throw new QuestionError("request.url", "an absolute URL");
  for (const [at, line] of (request.headers ?? []).entries()) {
    if (isUnsendable(line.join(""))) {
      throw new QuestionError(`request.headers[${at}]`, "a line without control characters");
    }
  }
  if (content !== undefined && !request.body) {
    throw new QuestionError("request.body", "what kind of body `content` is");
  }
  for (const [at, way] of via.entries()) {
    if (!isWay(way)) throw new QuestionError(`via[${at}]`, "http://host[:port] or https://host[:port]");
  }
  const { timeoutMs = 1, bodyBytes = 0 } = options;
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MAX_TIMER_MS) {
    throw new QuestionError("options.timeoutMs", `milliseconds, 1 to ${MAX_TIMER_MS}`);
  }
  if (!Number.isSafeInteger(bodyBytes) || bodyBytes < 0) {
    throw new QuestionError("options.bodyBytes", "a number of bytes, 0 or more");
  }
}

function isWay(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, origin, href } = new URL(text);
  return /^https?:$/.test(protocol) && href === `${origin}/` && (text === origin || text === href);
}
