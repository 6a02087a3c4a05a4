import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";

/** Makes previews of pictures from strangers. */
export interface Previews {
  /** Pictures with more bytes get no preview. */
  readonly maxBytes: number;
  /**
   * The picture as webp, its longer edge 1024 pixels at most, upright, without metadata; of an
   * animation its first frame. Null if it cannot be decoded within the limits.
   * An abort's reason passes through.
   */
  make(picture: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<Uint8Array | null>;
}

/** How previews are made. */
export interface PreviewOptions {
  /** Longer edge, in pixels. @default 1024 */
  readonly maxEdge?: number;
  /** Largest picture that is decoded. @default 50_000_000 */
  readonly maxPixels?: number;
  /** For one picture, in a process that starts anew. @default 10_000 */
  readonly timeLimitMs?: number;
  /** Largest picture in bytes. @default 67_108_864 (64 MiB) */
  readonly maxBytes?: number;
}

/** A preview of 1024 × 1024 pixels is far smaller. */
const MAX_PREVIEW_BYTES = 8 * 1024 ** 2;
/** Decoders at once; others wait. */
const MAX_PROCESSES = 2;

function startProcess(args: readonly string[]): ChildProcess {
  // Beside the source when Node strips its types, beside the compiled file otherwise.
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const script = fileURLToPath(new URL(`./preview-process.${extension}`, import.meta.url));
  return spawn(process.execPath, [script, ...args], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {},
    windowsHide: true,
  });
}

async function outputOf(child: ChildProcess): Promise<Uint8Array | null> {
  const { stdout } = child;
  const exited = new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null)).once("close", (code) => resolve(code));
  });
  const parts: Buffer[] = [];
  let size = 0;
  stdout?.on("data", (part: Buffer) => {
    size += part.byteLength;
    if (size > MAX_PREVIEW_BYTES) child.kill("SIGKILL");
    else parts.push(part);
  });
  return (await exited) === 0 && size > 0 ? Buffer.concat(parts) : null;
}

/**
 * Previews by sharp, or null if it is not installed. Every picture is decoded in a process of its own: one
 * that crashes, hangs or takes over its decoder reaches neither the server nor another user's picture.
 */
export function createPreviews(options: PreviewOptions = {}): Previews | null {
  try {
    createRequire(import.meta.url).resolve("sharp");
  } catch {
    return null;
  }
  const { maxEdge = 1024, maxPixels = 50_000_000, timeLimitMs = 10_000 } = options;
  const waiting: (() => void)[] = [];
  let running = 0;

  return {
    maxBytes: options.maxBytes ?? 64 * 1024 ** 2,
    async make(picture, signal) {
      if (running >= MAX_PROCESSES) await new Promise<void>((resolve) => waiting.push(resolve));
      else running += 1;
      try {
        signal.throwIfAborted();
        const child = startProcess([String(maxEdge), String(maxPixels)]);
        const kill = (): void => void child.kill("SIGKILL");
        const timer = setTimeout(kill, timeLimitMs);
        signal.addEventListener("abort", kill);
        try {
          const output = outputOf(child);
          if (child.stdin !== null) {
            // A process that ends early takes no more; its exit tells why.
            await pipeline(Readable.fromWeb(picture), child.stdin).catch(() => undefined);
          }
          const preview = await output;
          signal.throwIfAborted();
          return preview;
        } finally {
          clearTimeout(timer);
          signal.removeEventListener("abort", kill);
          kill();
        }
      } finally {
        await picture.cancel().catch(() => undefined);
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
