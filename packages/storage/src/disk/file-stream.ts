import type { FileHandle } from "node:fs/promises";

const READ_BYTES = 1024 * 1024;

/**
 * The bytes of an open file from `start` up to but without `end`, read 1 MiB at a time as the reader
 * asks for them. The end, a failure and cancelling close the file.
 */
export function streamFile(handle: FileHandle, start: number, end: number): ReadableStream<Uint8Array> {
  let position = start;
  return new ReadableStream<Uint8Array>(
    {
      async start(controller) {
        if (position < end) return;
        await handle.close();
        controller.close();
      },
      async pull(controller) {
        try {
          const buffer = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, end - position));
          const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
          if (bytesRead === 0) throw new Error(`The file ended at byte ${position} of ${end}.`);
          position += bytesRead;
          controller.enqueue(buffer.subarray(0, bytesRead));
          if (position < end) return;
        } catch (error) {
          await handle.close();
          throw error;
        }
        await handle.close();
        controller.close();
      },
      async cancel() {
        await handle.close();
      },
    },
    // Nothing is read before the reader asks.
    { highWaterMark: 0 },
  );
}
