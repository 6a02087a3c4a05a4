import { fromCurl, type Question, QuestionError } from "@waybill/doctor";

const MODES = ["cors", "no-cors", "same-origin"] as const;
const CREDENTIALS = ["omit", "same-origin", "include"] as const;

/**
 * The question of the page's form. Either `curl`, or `url` with `method`, `headers` (lines as text), `credentials`, `mode` and
 * `body`; `origin` beside both, "" where the curl command names one. What is "" counts as not given.
 *
 * @throws QuestionError `field` is a field of the form
 */
export function readQuestion(form: Readonly<Record<string, unknown>>): Question {
  const get = (name: string): string => {
    const value = form[name] ?? "";
    if (typeof value !== "string") throw new QuestionError(name, "a text");
    return value;
  };
  const origin = get("origin").trim();
  if (get("curl").trim() !== "") {
    const copied = fromCurl(get("curl"));
    const asked = origin === "" ? copied.origin : origin;
    if (asked === null) throw new QuestionError("origin", "the page's origin: the command does not name it");
    const { content } = copied;
    return { origin: asked, request: copied.request, ...(content === undefined ? {} : { content }) };
  }
  const body = get("body");
  const one = <T extends string>(name: string, known: readonly T[]): T | undefined => {
    const value = get(name);
    const found = known.find((option) => option === value);
    if (value !== "" && found === undefined) throw new QuestionError(name, known.join(", "));
    return found;
  };
  const mode = one("mode", MODES);
  const credentials = one("credentials", CREDENTIALS);
  return {
    origin,
    request: {
      url: get("url").trim(),
      method: get("method").trim() || "GET",
      headers: get("headers").split(/\r?\n/).flatMap(headerLine),
      ...(mode === undefined ? {} : { mode }),
      ...(credentials === undefined ? {} : { credentials }),
      ...(body === "" ? {} : { body: { kind: "text" as const } }),
    },
    ...(body === "" ? {} : { content: Buffer.from(body) }),
  };
}

function headerLine(line: string): [string, string][] {
  if (line.trim() === "") return [];
  const [, name, value] = /^\s*([^:\s]+)\s*:(.*)$/.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new QuestionError("headers", "lines as `Name: value`");
  return [[name, value.trim()]];
}
