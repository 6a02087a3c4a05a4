import type { FileImportRequest } from "@waybill/protocol";
import { parseAttachment } from "@waybill/protocol/schema";
import { readJson } from "./answer.ts";
import { invalidRequestVerdict } from "./answer-verdict.ts";
import type { PageAttachment } from "./client-types.ts";
import { parseSourceUrl } from "./server-urls.ts";
import type { About, Transport } from "./transport.ts";
import { ChatFailure } from "./verdict.ts";

/** Requests for attachments that run at a time. */
const PARALLEL = 4;

/**
 * Has a Waybill server find or import each attachment, and returns the ids under which it
 * holds them, in the same order; one that is among `known` is taken as it is. If one fails, the
 * others are given up.
 *
 * @throws ChatFailure with the server's own reason; no turn has been sent then.
 */
export async function resolveAttachments(
  transport: Transport,
  attachments: readonly PageAttachment[],
  known: ReadonlySet<string>,
  baseUrl: string | null,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  // Before anything is fetched: one that cannot work costs the others nothing.
  const requests = attachments.map((attachment) =>
    known.has(attachment.id) ? attachment.id : importRequestOf(transport, attachment, baseUrl),
  );
  const giveUp = new AbortController();
  const either = signal === undefined ? giveUp.signal : AbortSignal.any([giveUp.signal, signal]);
  const ids: string[] = [];
  const queue = requests.entries();
  const work = async (): Promise<void> => {
    for (const [index, request] of queue)
      ids[index] = typeof request === "string" ? request : await resolve(transport, request, either);
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, work));
    return ids;
  } finally {
    giveUp.abort();
  }
}

interface NamedImport {
  readonly name: string;
  readonly body: FileImportRequest;
}

const aboutOf = (name: string): About => ({ message: "unsent", keyed: false, attachment: name });

function importRequestOf(
  transport: Transport,
  { id, name, mime_type, preview_url }: PageAttachment,
  baseUrl: string | null,
): NamedImport {
  if (preview_url === undefined) return { name, body: { id, name, mime_type } };
  const source_url = parseSourceUrl(preview_url, baseUrl);
  if (source_url !== null) return { name, body: { id, source_url, name, mime_type } };
  const scheme = /^[a-z][a-z\d+.-]*:/i.exec(preview_url)?.[0];
  throw transport.failure(aboutOf(name), (request) =>
    invalidRequestVerdict(
      `The attachment ${name} could not be used`,
      scheme === undefined
        ? "Its address is not one that the server could fetch."
        : `Its address begins with ${scheme}, which the server cannot fetch.`,
      "Give the attachment an address that begins with https or http.",
      request,
    ),
  );
}

async function resolve(
  transport: Transport,
  { name, body }: NamedImport,
  signal: AbortSignal,
): Promise<string> {
  try {
    const answer = await transport.demand({
      url: new URL("v1/files", transport.protocolUrl).href,
      method: "POST",
      accept: "application/json",
      body: JSON.stringify(body),
      signal,
      about: aboutOf(name),
    });
    return (await readJson(answer, parseAttachment)).id;
  } catch (error) {
    if (error instanceof ChatFailure && error.verdict.code === "not_found" && body.source_url === undefined) {
      const userMessage = `The server does not know it (its id is ${body.id}), and the page gave no address to fetch it from. Nothing was sent.`;
      throw new ChatFailure({ ...error.verdict, userMessage }, { cause: error });
    }
    throw error;
  }
}
