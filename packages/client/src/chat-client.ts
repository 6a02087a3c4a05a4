import type {
  Capabilities,
  NonStreamingRequest,
  Page,
  PageQuery,
  RunInfo,
  StreamingRequest,
  Thread,
  ThreadItem,
  ThreadStreamEvent,
  UserMessageInput,
} from "@waybill/protocol";
import {
  type ParseResult,
  parseCapabilities,
  parseItemPage,
  parseRunInfo,
  parseThread,
  parseThreadPage,
  parseTranscript,
} from "@waybill/protocol/schema";
import { type Answer, readJson } from "./answer.ts";
import { invalidRequestVerdict, parseJson } from "./answer-verdict.ts";
import { resolveAttachments } from "./attachments.ts";
import type { CallOptions, ChatClient, ChatClientOptions, SendInput } from "./client-types.ts";
import { type ClientPage, currentPage } from "./page.ts";
import { parseServerUrl } from "./server-urls.ts";
import { type About, createTransport, type Outgoing, type ServerKind } from "./transport.ts";
import { streamTurn } from "./turn-stream.ts";
import { mimeTypeOf, uploadFile } from "./upload.ts";
import { ChatFailure } from "./verdict.ts";

/** Items that `getThread` loads of a thread that is longer than its first page. */
const NEWEST_ITEMS = 100;

/** Failed turns whose keys are remembered. */
const MAX_UNANSWERED = 32;

const READ: About = { message: "none", keyed: false };
const BEFORE_TURN: About = { message: "unsent", keyed: false };

/** A turn as it was sent, so that it can be sent again unchanged. */
interface SentTurn {
  readonly kind: ServerKind;
  readonly body: string;
  readonly key: string;
}

/**
 * Creates a client of one chat server. Nothing is requested before the first call.
 *
 * @throws TypeError if `url` is not http or https, or relative without a page.
 */
export function createChatClient(options: ChatClientOptions): ChatClient {
  return createChatClientOn(currentPage(), options);
}

/** As `createChatClient`, with a page of the caller's choice. */
export function createChatClientOn(page: ClientPage, options: ChatClientOptions): ChatClient {
  const protocolUrl = parseServerUrl(options.url, page.baseUrl);
  const transport = createTransport(options, protocolUrl, page);
  const unanswered = new Map<string, SentTurn>();
  /** Ids of attachments that this client has uploaded. */
  const uploaded = new Set<string>();
  let published: Capabilities | undefined;

  const greeting = (about: About, signal: AbortSignal | undefined): Outgoing => ({
    url: new URL("v1", protocolUrl).href,
    method: "GET",
    accept: "application/json",
    bare: true,
    signal,
    about,
  });

  /** Asks the server what it is, once; a server that does not say is taken for another's. */
  async function serverKind(about: About, signal: AbortSignal | undefined): Promise<ServerKind> {
    const known = transport.kind();
    if (known !== null) return known;
    try {
      const answer = await transport.ask(greeting(about, signal));
      if (answer.response.ok && transport.kind() === "waybill") {
        const parsed = parseCapabilities(parseJson(await answer.text()));
        if (parsed.ok) published = parsed.value;
      }
      answer.close();
      if (answer.response.status < 500) transport.assumeOther();
    } catch (error) {
      // Another's server need not let pages read answers beside the protocol route's.
      if (!(error instanceof ChatFailure) || error.verdict.cause !== "cors_missing_or_masked") throw error;
    }
    return transport.kind() ?? "other";
  }

  async function capabilities({ signal }: CallOptions = {}): Promise<Capabilities | null> {
    if ((await serverKind(READ, signal)) === "other") return null;
    published ??= await readJson(await transport.demand(greeting(READ, signal)), parseCapabilities);
    return published;
  }

  const request = (body: NonStreamingRequest, { signal }: CallOptions): Promise<Answer> =>
    transport.demand({
      url: protocolUrl,
      method: "POST",
      accept: "application/json",
      body: JSON.stringify(body),
      signal,
      about: READ,
    });

  async function ask<T>(
    body: NonStreamingRequest,
    parse: (value: unknown) => ParseResult<T>,
    call: CallOptions,
  ): Promise<T> {
    return readJson(await request(body, call), parse);
  }

  /** For requests whose answer tells nothing. */
  async function tell(body: NonStreamingRequest, call: CallOptions): Promise<void> {
    const answer = await request(body, call);
    await answer.text();
  }

  /** Sends a turn. One whose first attempt may be sent again goes out as it was, key and all. */
  async function* turn(
    name: string,
    { signal }: CallOptions,
    build: (kind: ServerKind) => Promise<StreamingRequest>,
  ): AsyncGenerator<ThreadStreamEvent, void, undefined> {
    const kind = await serverKind(BEFORE_TURN, signal);
    const kept = unanswered.get(name);
    const sent =
      kept?.kind === kind ? kept : { kind, body: JSON.stringify(await build(kind)), key: newKey() };
    unanswered.delete(name);
    const keyed = kind === "waybill";
    try {
      const answer = await transport.demand({
        url: protocolUrl,
        method: "POST",
        accept: "text/event-stream",
        body: sent.body,
        // Another's CORS rules may not allow the header.
        idempotencyKey: keyed ? sent.key : undefined,
        signal,
        about: { message: "unknown", keyed },
      });
      yield* streamTurn(answer, options.onLog);
    } catch (error) {
      if (mayRepeat(error)) {
        unanswered.set(name, sent);
        const [oldest] = unanswered.keys();
        if (unanswered.size > MAX_UNANSWERED && oldest !== undefined) unanswered.delete(oldest);
      }
      throw error;
    }
  }

  const stream = (body: StreamingRequest, call: CallOptions) =>
    turn(JSON.stringify(body), call, async () => body);

  return {
    async *send(input, call = {}) {
      if (isEmpty(input)) {
        throw transport.failure(BEFORE_TURN, (request) =>
          invalidRequestVerdict(
            "The message is empty",
            "It has neither text nor attachments.",
            "Write something, then send.",
            request,
          ),
        );
      }
      yield* turn(JSON.stringify(input), call, async (kind) => {
        const attachments = input.attachments ?? [];
        const ids =
          kind === "waybill" && attachments.length > 0
            ? await resolveAttachments(transport, attachments, uploaded, page.baseUrl, call.signal)
            : attachments.map(({ id }) => id);
        const message = messageOf(input, ids);
        return input.threadId
          ? {
              type: "threads.add_user_message",
              params: { thread_id: input.threadId, input: message },
            }
          : { type: "threads.create", params: { input: message } };
      });
    },

    retry: (threadId, itemId, call = {}) =>
      stream({ type: "threads.retry_after_item", params: { thread_id: threadId, item_id: itemId } }, call),

    async getThread(threadId, call = {}): Promise<Thread> {
      const thread = await ask(
        { type: "threads.get_by_id", params: { thread_id: threadId } },
        parseThread,
        call,
      );
      if (!thread.items.has_more) return thread;
      const newest = await items(threadId, { limit: NEWEST_ITEMS, order: "desc" }, call);
      return { ...thread, items: { ...newest, data: newest.data.toReversed() } };
    },

    listThreads: (query = {}, call = {}): Promise<Page<Thread>> =>
      ask({ type: "threads.list", params: query }, parseThreadPage, call),

    listItems: (threadId, query = {}, call = {}) => items(threadId, query, call),

    async newestRun(threadId, { signal } = {}): Promise<RunInfo | null> {
      if ((await serverKind(READ, signal)) === "other") return null;
      const url = new URL("v1/runs", protocolUrl);
      url.searchParams.set("thread_id", threadId);
      const answer = await transport.demand({
        url: url.href,
        method: "GET",
        accept: "application/json",
        signal,
        about: READ,
      });
      return readJson(answer, parseRunInfo);
    },

    capabilities,

    async upload(file, options = {}) {
      const parts = { transport, baseUrl: page.baseUrl, capabilities: await capabilities(options) };
      const attachment = await uploadFile(
        { ...parts, ask: (body, parse) => ask(body, parse, options) },
        file,
        options,
      );
      uploaded.add(attachment.id);
      return attachment;
    },

    async deleteAttachment(attachmentId, call = {}) {
      uploaded.delete(attachmentId);
      await tell({ type: "attachments.delete", params: { attachment_id: attachmentId } }, call);
    },

    renameThread: (threadId, title, call = {}): Promise<Thread> =>
      ask({ type: "threads.update", params: { thread_id: threadId, title } }, parseThread, call),

    deleteThread: (threadId, call = {}) =>
      tell({ type: "threads.delete", params: { thread_id: threadId } }, call),

    sendFeedback: (threadId, itemIds, kind, call = {}) =>
      tell({ type: "items.feedback", params: { thread_id: threadId, item_ids: itemIds, kind } }, call),

    async transcribe(audio, call = {}) {
      const params = { audio_base64: await base64Of(audio), mime_type: mimeTypeOf(audio) };
      return (await ask({ type: "input.transcribe", params }, parseTranscript, call)).text;
    },

    sendToolOutput: (threadId, result, call = {}) =>
      stream({ type: "threads.add_client_tool_output", params: { thread_id: threadId, result } }, call),

    sendAnswers(threadId, itemId, answers, call = {}) {
      const input =
        answers === "skipped" ? { status: answers, answers: {} } : { status: "answered" as const, answers };
      const params = { thread_id: threadId, item_id: itemId, input };
      return stream({ type: "threads.add_structured_input", params }, call);
    },

    sendAction(threadId, action, itemId, call = {}) {
      const params = { thread_id: threadId, ...(itemId === undefined ? {} : { item_id: itemId }), action };
      return stream({ type: "threads.custom_action", params }, call);
    },
  };

  function items(threadId: string, query: PageQuery, call: CallOptions): Promise<Page<ThreadItem>> {
    return ask({ type: "items.list", params: { thread_id: threadId, ...query } }, parseItemPage, call);
  }
}

// An attempt that surely was not sent keeps the key too: an earlier one may have arrived.
// After a failed answer the same message is another turn.
const mayRepeat = (error: unknown): boolean =>
  error instanceof ChatFailure && error.verdict.retry !== "never" && error.verdict.cause !== "answer_failed";

const isEmpty = ({ text, content, attachments }: SendInput): boolean =>
  !text && (content ?? []).length === 0 && (attachments ?? []).length === 0;

async function base64Of(blob: Blob): Promise<string> {
  let binary = "";
  for (const byte of new Uint8Array(await blob.arrayBuffer())) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function messageOf(input: SendInput, attachments: readonly string[]): UserMessageInput {
  return {
    content: input.content ?? (input.text ? [{ type: "input_text", text: input.text }] : []),
    attachments,
    ...(input.quotedText === undefined ? {} : { quoted_text: input.quotedText }),
    inference_options: {
      ...(input.toolChoice === undefined ? {} : { tool_choice: input.toolChoice }),
      ...(input.model === undefined ? {} : { model: input.model }),
    },
  };
}

/** 128 random bits, also where a page is not secure and `randomUUID` is missing. */
function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
