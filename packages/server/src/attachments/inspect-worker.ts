/** Looks at untrusted bytes in a thread of its own, which its owner ends if they make it hang. */
import { parentPort } from "node:worker_threads";
import { fileTypeFromBuffer } from "file-type";
import { imageSize } from "image-size";
import { sniffText } from "./sniff-text.ts";

/** What the worker is asked. */
export interface InspectJob {
  readonly head: Uint8Array;
  /** Whether `head` is the whole file. */
  readonly complete: boolean;
}

/** What it answers. */
export interface InspectReply {
  readonly mime_type: string;
  readonly width?: number;
  readonly height?: number;
}

async function findType({ head, complete }: InspectJob): Promise<string> {
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  // It knows XML by its first bytes alone; SVG and XHTML are told apart below.
  if (found !== undefined && found.mime !== "application/xml") return found.mime;
  return sniffText(head, complete) ?? found?.mime ?? "application/octet-stream";
}

function findSize(head: Uint8Array): Pick<InspectReply, "width" | "height"> {
  try {
    const { width, height, orientation = 1 } = imageSize(head);
    if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) return {};
    // EXIF: orientations 5 to 8 are turned by a quarter.
    return orientation >= 5 ? { width: height, height: width } : { width, height };
  } catch {
    return {};
  }
}

parentPort?.on("message", async (job: InspectJob) => {
  const mime_type = await findType(job);
  const size = /^image\/(?!svg)/.test(mime_type) ? findSize(job.head) : {};
  parentPort?.postMessage({ mime_type, ...size } satisfies InspectReply, []);
});
parentPort?.postMessage("ready", []);
