import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import { SseDecoder } from "@waybill/protocol";
import type { AskOptions } from "../question.ts";
import type { ChatKitPage, PageAnswer } from "./chatkit-page.ts";
import type { ChatKitCheck } from "./chatkit-report.ts";
import { asObject, came, headerOf, leftOut, reasonOf, unreadable } from "./verdict-words.ts";

const STREAM_BYTES = 4 * 1024 * 1024;
const STREAM_MS = 60_000;
const LEAVE_MS = 2_000;
/** Below it, an answer is there at once, whatever stands between. */
const SOON_MS = 250;
/** Events that are closer together may have been sent together. */
const APART_MS = 100;

/** A turn, as it came. */
export interface Streamed {
  readonly answer: PageAnswer;
  /** In order, with the time since the request in milliseconds. */
  readonly events: readonly { readonly atMs: number; readonly event: Readonly<Record<string, unknown>> }[];
}

const HELLO = {
  type: "threads.create",
  params: {
    input: {
      content: [
        {
          type: "input_text",
          text: "This is a test of the connection. Please answer with three short sentences.",
        },
      ],
      attachments: [],
      inference_options: {},
    },
  },
};

/**
 * Says a few words in a thread of its own, offering the codings that browsers offer. `onThread` hears the thread's id, also
 * where the turn is ended by the signal: that waits for the first event then, for 2 s, so that the thread can be deleted.
 */
export async function askTurn(
  page: ChatKitPage,
  options: AskOptions,
  onThread: (id: string) => void,
): Promise<Streamed> {
  const pieces: Piece[] = [];
  const began = performance.now();
  const ended = new AbortController();
  const end = () => ended.abort(options.signal?.reason);
  const onBody = (bytes: Uint8Array) => {
    pieces.push({ atMs: performance.now() - began, bytes });
    if (options.signal?.aborted === true) end();
  };
  const endSoon = () => (pieces.length > 0 ? end() : setTimeout(end, LEAVE_MS));
  options.signal?.throwIfAborted();
  options.signal?.addEventListener("abort", endSoon);
  const timeoutMs = Math.max(STREAM_MS, options.timeoutMs ?? 0);
  let coding = "";
  try {
    const answer = await page.askWith(
      page.protocol(HELLO, [["accept", "text/event-stream"]]),
      [["Accept-Encoding", "gzip, deflate, br, zstd"]],
      { onBody, timeoutMs, bodyBytes: STREAM_BYTES, signal: ended.signal },
    );
    coding = headerOf(answer, "content-encoding");
    return { answer, events: await eventsOf(pieces, coding) };
  } finally {
    options.signal?.removeEventListener("abort", endSoon);
    const created = (await eventsOf(pieces, coding)).find(({ event }) => event["type"] === "thread.created");
    const id = asObject(created?.event["thread"])["id"];
    if (typeof id === "string") onThread(id);
  }
}

interface Piece {
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

async function eventsOf(pieces: readonly Piece[], coding: string): Promise<Streamed["events"]> {
  const decode = decoderOf(coding);
  const decoder = new SseDecoder();
  const events: Streamed["events"][number][] = [];
  for (const { atMs, bytes } of pieces) {
    for (const { data } of decoder.push(await decode(bytes))) events.push({ atMs, event: parsed(data) });
  }
  return events;
}

/** Whether a turn is answered by events that the page reads. */
export function checkStream({ answer, events }: Streamed): ChatKitCheck {
  if (!answer.isReadable) return unreadable("stream", answer, "A streamed turn");
  const status = answer.received?.status ?? 0;
  if (status !== 200)
    return came(
      "stream",
      answer,
      "broken",
      `A turn is answered with ${status}: ${reasonOf(answer) || "without a word"}.`,
    );
  const type = headerOf(answer, "content-type");
  if (!/^text\/event-stream\s*(?:;|$)/i.test(type)) {
    return came(
      "stream",
      answer,
      "broken",
      `A turn is answered as ${type || "no type at all"}, not as text/event-stream.`,
    );
  }
  const failed = events.find(({ event }) => event["type"] === "error");
  if (failed !== undefined) {
    const message = failed.event["message"] ?? failed.event["code"];
    const words = typeof message === "string" ? `: “${message}”` : "";
    return came(
      "stream",
      answer,
      "broken",
      `The stream arrives, and the answer in it fails${words}.`,
      "The server's log has the cause: it is not the connection.",
    );
  }
  const end = answer.received?.bodyEnd;
  if (end !== "complete") {
    const how = end === "broken" ? "breaks off" : "does not end in time";
    return came(
      "stream",
      answer,
      "broken",
      `The stream ${how}, ${events.length} events after its beginning.`,
      "A proxy's time limit for answers must be longer than an answer takes.",
    );
  }
  if (!events.some(({ event }) => event["type"] === "thread.created"))
    return came(
      "stream",
      answer,
      "broken",
      `${events.length} events came, and none of them is thread.created.`,
    );
  return came(
    "stream",
    answer,
    "fine",
    `A turn is answered by ${events.length} events, and the page reads them.`,
  );
}

/** Whether the events came one after the other, and who holds them back where they did not. */
export function checkBuffering({ answer, events }: Streamed): ChatKitCheck {
  const first = events[0];
  const last = events.at(-1);
  if (!answer.isReadable || first === undefined || last === undefined)
    return leftOut("buffering", "No events came.");
  const coding = headerOf(answer, "content-encoding");
  const advice = adviceFor(answer, coding);
  const times = `the first event came after ${whole(first.atMs)} ms, the last after ${whole(last.atMs)} ms`;
  if (last.atMs - first.atMs >= Math.min(SOON_MS, Math.max(APART_MS, last.atMs / 5))) {
    return came("buffering", null, "fine", `The answer comes as it is written: ${times}.`, advice);
  }
  if (last.atMs < SOON_MS) {
    const sentence = `The answer was complete after ${whole(last.atMs)} ms: too soon to tell whether anything holds it back.`;
    return came("buffering", null, "unknown", sentence, advice);
  }
  const holder =
    coding === ""
      ? "a proxy that buffers, or the server"
      : `what compresses it (${coding}), or a proxy that buffers`;
  const help = [advice, "In nginx, `proxy_buffering off;` or the answer's `X-Accel-Buffering: no`."].filter(
    (words) => words !== "",
  );
  return came(
    "buffering",
    null,
    "broken",
    `The answer is held back until it is complete, by ${holder}: ${times}.`,
    help.join(" "),
  );
}

function adviceFor(answer: PageAnswer, coding: string): string {
  if (coding !== "") return `Leave text/event-stream uncompressed: it is ${coding} now.`;
  const isGuarded = /(?:^|,)\s*no-transform\s*(?:,|$)/i.test(headerOf(answer, "cache-control"));
  return isGuarded
    ? ""
    : "`Cache-Control: no-cache, no-transform` would keep proxies from compressing the stream, and so from holding it back.";
}

const whole = (ms: number): number => Math.round(ms);

function parsed(data: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(data));
  } catch {
    return {};
  }
}

/** Undoes a content coding piece by piece; what cannot be undone gives nothing. */
function decoderOf(coding: string): (bytes: Uint8Array) => Promise<Uint8Array> {
  const makers = {
    gzip: createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
    zstd: createZstdDecompress,
  };
  const make = Object.entries(makers).find(([name]) => name === coding.toLowerCase())?.[1];
  if (make === undefined) return async (bytes) => bytes;
  const stream = make();
  let out: Uint8Array[] = [];
  stream.on("data", (bytes: Uint8Array) => void out.push(bytes));
  stream.on("error", () => {});
  return (bytes) => {
    const { promise, resolve } = Promise.withResolvers<Uint8Array>();
    out = [];
    const done = () => resolve(Buffer.concat(out));
    stream.once("error", done);
    stream.write(bytes, () => {
      stream.removeListener("error", done);
      done();
    });
    return promise;
  };
}
