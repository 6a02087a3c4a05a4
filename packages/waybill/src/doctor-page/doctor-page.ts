import { readFile } from "node:fs/promises";
import type { LookupFunction } from "node:net";
import { diagnose, QuestionError, report, toJson } from "@waybill/doctor";
import { ChatError, createId, errorBody } from "@waybill/protocol";
import { localUser } from "@waybill/server";
import { type NodeApp, type NodeEnvironment, publicLookup } from "@waybill/server/node";
import { readQuestion } from "./read-question.ts";

const ASSETS = new URL("../../assets/", import.meta.url);
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/doctor": ["doctor.html", "text/html"],
  "/doctor/doctor.js": ["doctor.js", "text/javascript"],
  "/doctor/doctor.css": ["doctor.css", "text/css"],
};
const DIAGNOSE = "/doctor/diagnose";

const MAX_BYTES = 256 * 1024;
const MAX_AT_ONCE = 4;
const ANSWER_MS = 8_000;
const WHOLE_MS = 40_000;
const REPORT_COLUMNS = 88;

/** How the page is served. */
export interface DoctorPageOptions {
  /** Whether it is for people at this machine alone; for others, there is nothing then. */
  readonly onlyLocal: boolean;
  /** Finds addresses for people who are elsewhere. @default public ones alone */
  readonly lookup?: LookupFunction;
}

/**
 * An application with the doctor's page at `/doctor`, in front of `app`. It asks servers for whoever opens it: people at this
 * machine reach what this machine reaches, everybody else public addresses alone. Questions come from the page
 * itself: its own origin, JSON, 256 KiB at most; four are asked at once, each for 40 s.
 */
export function withDoctorPage(app: NodeApp, options: DoctorPageOptions): NodeApp {
  const isLocal = localUser();
  const lookup = options.lookup ?? publicLookup();
  let running = 0;

  const answer = async (request: Request, path: string, env: NodeEnvironment): Promise<Response | null> => {
    const who = await isLocal(request, { remoteAddress: env.incoming.socket.remoteAddress });
    if (options.onlyLocal && who === null) return null;
    if (path !== DIAGNOSE) return page(request, path);
    checkSender(request);
    if (running >= MAX_AT_ONCE) {
      throw new ChatError("rate_limited", {
        message: "Four questions are being asked. Ask again in a moment.",
      });
    }
    running += 1;
    try {
      const question = readQuestion(await readJson(request));
      const diagnosis = await diagnose(question, {
        timeoutMs: ANSWER_MS,
        signal: AbortSignal.any([request.signal, AbortSignal.timeout(WHOLE_MS)]),
        ...(who === null ? { lookup } : {}),
      });
      return Response.json({
        diagnosis: toJson(diagnosis),
        report: report(diagnosis, { width: REPORT_COLUMNS }),
      });
    } finally {
      running -= 1;
    }
  };

  return {
    corsFor: (path) => app.corsFor(path),
    async fetch(request, env) {
      const path = new URL(request.url).pathname;
      if (FILES[path] === undefined && path !== DIAGNOSE) return app.fetch(request, env);
      try {
        const answered = await answer(request, path, env);
        return answered === null ? app.fetch(request, env) : guarded(answered);
      } catch (error) {
        return guarded(failure(error, env.requestId));
      }
    },
  };
}

async function page(request: Request, path: string): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") throw wrongMethod("GET");
  const [file = "", type = ""] = FILES[path] ?? [];
  return new Response(await readFile(new URL(file, ASSETS)), {
    headers: { "content-type": `${type}; charset=utf-8`, "cache-control": "no-cache" },
  });
}

/** The server asks on behalf of whoever may send this: its own page alone. */
function checkSender({ headers, method, url }: Request): void {
  if (method !== "POST") throw wrongMethod("POST");
  // The scheme is left out: a proxy in front may have taken https away.
  const isOwn = URL.parse(headers.get("origin") ?? "")?.host === new URL(url).host;
  if (!isOwn || !/^(?:same-origin|)$/.test(headers.get("sec-fetch-site") ?? "")) {
    throw new ChatError("forbidden", {
      message: "The doctor answers its own page alone. Other programs use `waybill doctor`.",
    });
  }
  if (!/^application\/json\s*(?:;|$)/i.test(headers.get("content-type") ?? "")) {
    throw new ChatError("unsupported_media_type", { message: "This address takes application/json." });
  }
}

const wrongMethod = (method: string) =>
  new ChatError("method_not_allowed", { message: `This address takes ${method}.` });

async function readJson({ body }: Request): Promise<Readonly<Record<string, unknown>>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body ?? []) {
    size += piece.byteLength;
    if (size > MAX_BYTES)
      throw new ChatError("payload_too_large", { message: "A question has at most 256 KiB." });
    pieces.push(piece);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(pieces).toString());
    if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Said below, without the parser's quotation of what may be secret.
  }
  throw new ChatError("invalid_request", { message: "The question is not a JSON object." });
}

function failure(error: unknown, requestId: string | undefined): Response {
  const known = knownOf(error);
  return Response.json(errorBody(known, requestId ?? createId("request")), { status: known.status });
}

function knownOf(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  if (error instanceof QuestionError) {
    return new ChatError("invalid_request", { message: error.message, details: { path: error.field } });
  }
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return new ChatError("deadline_exceeded", {
      message: "The server took too long to be asked everything.",
    });
  }
  return new ChatError("internal_error");
}

function guarded(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set(
    "content-security-policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  headers.set("x-content-type-options", "nosniff");
  headers.set("referrer-policy", "no-referrer");
  return new Response(response.body, { status: response.status, headers });
}
