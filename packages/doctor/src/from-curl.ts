import { type CopiedRequest, copiedRequest } from "./copied-request.ts";
import { basic, type Draft, type Effect, effectOf, SHORT, setUrl } from "./curl-options.ts";
import { QuestionError } from "./question-error.ts";
import { shellWords } from "./shell-words.ts";

const BOUNDARY = "----WaybillDoctor7MA4YWxkTrZu0gW";

/**
 * The request of a curl command: what DevTools copies ("as cURL", bash or cmd), and what people write. The lines that
 * browsers write themselves are left out; cookies and `-b` mean `credentials: "include"`; `-u` becomes the
 * `Authorization` line that curl sends. Nothing is run, no file is read.
 *
 * @throws QuestionError that names the argument, never its value, for what curl does not know, for what no request of
 * a page can be, for a file and for a variable of the shell.
 */
export function fromCurl(text: string): CopiedRequest {
  const words = shellWords(text.trim().replace(/^[$%#>]\s+/, ""));
  if (!/^(?:.*[\\/])?curl(?:\.exe)?$/i.test(words[0] ?? "")) {
    throw new QuestionError("curl", "a command that begins with `curl`");
  }
  const draft: Draft = {
    url: null,
    method: null,
    headers: [],
    removed: [],
    data: [],
    form: [],
    query: [],
    isHead: false,
    isGet: false,
    isJson: false,
    cookies: false,
    dropped: [],
  };
  read(words, draft);
  return assemble(draft);
}

function read(words: readonly string[], draft: Draft): void {
  let at = 1;
  const next = (name: string): string => {
    const value = words[at];
    if (value === undefined) throw new QuestionError(name, "a value behind it; the command ends there");
    at += 1;
    return value;
  };
  const apply = (effect: Effect, value: () => string, written: string): void => {
    if (typeof effect === "string") {
      if (effect === "value") value();
      draft.dropped.push(written);
    } else if ("takes" in effect) effect.takes(value(), draft, written);
    else effect.sets(draft);
  };
  while (at < words.length) {
    const word = words[at] ?? "";
    at += 1;
    if (word === "--" || word === "") continue;
    if (!/^-./.test(word)) setUrl(word, draft);
    else if (word.startsWith("--")) apply(effectOf(word, word), () => next(word), word);
    else {
      // `-sSLXPOST`: the first that takes a value takes the rest of the word.
      for (let index = 1; index < word.length; index += 1) {
        const letter = word.charAt(index);
        const name = `-${letter}`;
        const rest = word.slice(index + 1);
        const value = () => {
          index = word.length;
          return rest === "" ? next(name) : rest;
        };
        apply(effectOf(SHORT[letter] ?? name, name), value, name);
      }
    }
  }
}

function assemble(draft: Draft): CopiedRequest {
  if (draft.url === null) throw new QuestionError("URL", "a URL; this command has none");
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(draft.url) ? draft.url : `http://${draft.url}`);
  if (url === null) throw new QuestionError("URL", "an absolute http or https URL");
  if (url.username !== "" || url.password !== "") {
    basic(draft, `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`);
    url.username = "";
    url.password = "";
  }
  const joined = draft.data.join(draft.isJson ? "" : "&");
  const query = [...draft.query, ...(draft.isGet && joined !== "" ? [joined] : [])].join("&");
  if (query !== "") url.search = url.search === "" ? query : `${url.search.slice(1)}&${query}`;
  const hasData = draft.data.length > 0 && !draft.isGet;
  const content = hasData ? Buffer.from(joined) : draft.form.length > 0 ? multipart(draft) : null;
  const method = draft.method ?? (draft.isHead ? "HEAD" : content === null ? "GET" : "POST");
  const has = (name: string) => draft.headers.some(([line]) => line.toLowerCase() === name);
  const removed = new Set(draft.removed);
  const add = (name: string, value: string) => {
    if (!has(name.toLowerCase()) && !removed.has(name.toLowerCase())) draft.headers.push([name, value]);
  };
  if (hasData) add("Content-Type", draft.isJson ? "application/json" : "application/x-www-form-urlencoded");
  else if (content !== null) add("Content-Type", `multipart/form-data; boundary=${BOUNDARY}`);
  if (draft.isJson) add("Accept", "application/json");
  return copiedRequest({
    url: url.href,
    method,
    headers: draft.headers,
    content,
    cookies: draft.cookies,
    dropped: draft.dropped,
  });
}

function multipart({ form }: Draft): Uint8Array {
  const parts = form.map(({ name, value, type, file }) => {
    const named = file === null ? "" : `; filename="${file}"`;
    const typed = type === null ? "" : `Content-Type: ${type}\r\n`;
    return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${named}\r\n${typed}\r\n${value}\r\n`;
  });
  return Buffer.from(`${parts.join("")}--${BOUNDARY}--\r\n`);
}
