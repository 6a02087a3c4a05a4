import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { ChatError } from "@waybill/protocol";
import type { InspectJob, InspectReply } from "./inspect-worker.ts";
import { canonicalMediaType } from "./media-types.ts";

/** What the bytes are. */
export interface Inspection {
  /** Found in the bytes: lower case, without parameters; `application/octet-stream` if nothing is known of them. */
  readonly mime_type: string;
  /** Pixels as shown, after the EXIF orientation; absent unless it is an image whose header is whole. */
  readonly width?: number;
  readonly height?: number;
}

/** Tells what bytes are, whatever they are said to be. */
export interface Inspector {
  /**
   * Looks at the first bytes of a file of `sizeBytes`. One at a time; others wait.
   *
   * @throws ChatError `attachment_rejected` if it takes longer than the limit, if the bytes bring the
   * worker down, or for a picture of too many pixels. Any other error is a fault of the server.
   */
  inspect(head: Uint8Array, sizeBytes: number): Promise<Inspection>;
  /** Ends the worker. Twice is no error; later inspections reject. */
  close(): Promise<void>;
}

/** How an inspector is made. */
export interface InspectorOptions {
  /** For one file, from when the worker is ready. @default 2000 */
  readonly timeLimitMs?: number;
  /** Largest picture. @default 50_000_000 */
  readonly maxPixels?: number;
  /** Starts a worker, which posts `"ready"` first. @default `inspect-worker` beside this file */
  readonly startWorker?: () => Worker;
}

/** How many of a file's first bytes an inspection needs. */
export const HEAD_BYTES = 1024 ** 2;

interface TransferableJob extends InspectJob {
  readonly head: Uint8Array<ArrayBuffer>;
}

function startInspectWorker(): Worker {
  // Beside the source when Node strips its types, beside the compiled file otherwise.
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new Worker(new URL(`./inspect-worker.${extension}`, import.meta.url), {
    name: "waybill-inspect",
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32 },
  });
}

function rejected(message: string, cause?: unknown): ChatError {
  return new ChatError("attachment_rejected", cause === undefined ? { message } : { message, cause });
}

/** An inspector with one worker thread, started when it is first needed. */
export function createInspector(options: InspectorOptions = {}): Inspector {
  const { timeLimitMs = 2_000, maxPixels = 50_000_000, startWorker = startInspectWorker } = options;
  let worker: Worker | undefined;
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();

  const drop = async (): Promise<void> => {
    const dropped = worker;
    worker = undefined;
    await dropped?.terminate();
  };

  const ready = async (): Promise<Worker> => {
    if (closed) throw new Error("the inspector is closed");
    if (worker !== undefined) return worker;
    const started = startWorker();
    worker = started;
    try {
      const failed = once(started, "exit").then(() => {
        throw new Error("the inspection worker ended before it was ready");
      });
      await Promise.race([once(started, "message"), failed]);
    } catch (error) {
      await drop();
      throw error;
    }
    return started;
  };

  const ask = (to: Worker, job: TransferableJob): Promise<InspectReply> =>
    new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        to.off("message", onMessage).off("error", onError).off("exit", onExit);
        finish();
      };
      const onMessage = (reply: InspectReply): void => settle(() => resolve(reply));
      const onError = (error: unknown): void =>
        settle(() => reject(rejected("This file could not be examined.", error)));
      const onExit = (): void =>
        settle(() =>
          reject(
            closed ? new Error("the inspector is closed") : rejected("This file could not be examined."),
          ),
        );
      const onTime = (): void => settle(() => reject(rejected("This file could not be examined in time.")));
      const timer = setTimeout(onTime, timeLimitMs);
      to.on("message", onMessage).on("error", onError).on("exit", onExit);
      to.postMessage(job, [job.head.buffer]);
    });

  const run = async (job: TransferableJob): Promise<Inspection> => {
    const current = await ready();
    current.ref();
    let reply: InspectReply;
    try {
      reply = await ask(current, job);
      current.unref();
    } catch (error) {
      await drop();
      throw error;
    }
    const { width, height } = reply;
    const mime_type = canonicalMediaType(reply.mime_type);
    if (width === undefined || height === undefined) return { mime_type };
    if (width * height > maxPixels) {
      throw rejected(
        `This picture has ${width} × ${height} pixels; this server takes at most ${Math.floor(maxPixels / 1e6)} megapixels.`,
      );
    }
    return { mime_type, width, height };
  };

  return {
    inspect(head, sizeBytes) {
      // A copy, so that the worker can be given its buffer.
      const copy = new Uint8Array(head.subarray(0, HEAD_BYTES));
      const job = { head: copy, complete: sizeBytes <= copy.byteLength };
      const result = last.then(() => run(job));
      last = result.catch(() => undefined);
      return result;
    },
    async close() {
      closed = true;
      await drop();
    },
  };
}
