/** The frames of an event stream, and what follows the last of them. */
export interface Frames {
  readonly frames: readonly unknown[];
  readonly rest: string;
}

/**
 * Reads a stream of frames, each exactly one `data: ` line and an empty line. An empty body has none.
 *
 * @throws Error for any other line (a second `data`, `id`, `event`, `retry`, a comment), and for data that is no JSON
 */
export function splitFrames(bytes: Uint8Array): Frames {
  const pieces = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes).split("\n\n");
  const rest = pieces.pop() ?? "";
  return { frames: pieces.map(dataOf), rest };
}

/** How many frames of a stream are complete. */
export function frameCount(bytes: Uint8Array): number {
  return Buffer.from(bytes).toString("latin1").split("\n\n").length - 1;
}

function dataOf(piece: string): unknown {
  if (!piece.startsWith("data: ") || piece.includes("\n"))
    throw new Error(`A frame is one \`data: \` line, and this is ${JSON.stringify(piece)}`);
  return JSON.parse(piece.slice("data: ".length));
}
