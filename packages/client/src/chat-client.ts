import type {
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
import { createId } from "@waybill/protocol";
import {
  type ParseResult,
  parseItemPage,
  parseRunInfo,
  parseThread,
  parseThreadPage,
} from "@waybill/protocol/schema";
import { readJson } from "./answer.ts";
import { invalidRequestVerdict } from "./answer-verdict.ts";
import { resolveAttachments } from "./attachments.ts";
import type { CallOptions, ChatClient, ChatClientOptions, SendInput } from "./client-types.ts";
import { type ClientPage, currentPage } from "./page.ts";
import { parseServerUrl } from "./server-urls.ts";
import { type About, createTransport, type ServerKind } from "./transport.ts";
import { streamTurn } from "./turn-stream.ts";
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

  /** Asks the server what it is, once; a server that does not say is taken for another's. */
  async function serverKind(about: About, signal: AbortSignal | undefined): Promise<ServerKind> {
    const known = transport.kind();
    if (known !== null) return known;
    try {
      const answer = await transport.ask({
        url: new URL("v1", protocolUrl).href,
        method: "GET",
        accept: "application/json",
        bare: true,
        signal,
        about,
      });
      answer.close();
      if (answer.response.status < 500) transport.assumeOther();
    } catch (error) {
      // Another's server need not let pages read answers beside the protocol route's.
      if (!(error instanceof ChatFailure) || error.verdict.cause !== "cors_missing_or_masked") throw error;
    }
    return transport.kind() ?? "other";
  }

  async function ask<T>(
    request: NonStreamingRequest,
    parse: (value: unknown) => ParseResult<T>,
    { signal }: CallOptions,
  ): Promise<T> {
    const answer = await transport.demand({
      url: protocolUrl,
      method: "POST",
      accept: "application/json",
      body: JSON.stringify(request),
      signal,
      about: READ,
    });
    return readJson(answer, parse);
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
      kept?.kind === kind
        ? kept
        : { kind, body: JSON.stringify(await build(kind)), key: createId("request") };
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
            ? await resolveAttachments(transport, attachments, page.baseUrl, call.signal)
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
      turn(`retry ${threadId} ${itemId}`, call, async () => ({
        type: "threads.retry_after_item",
        params: { thread_id: threadId, item_id: itemId },
      })),

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
