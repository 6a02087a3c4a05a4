import { type Answer, createAnswer, reasonOf } from "./answer.ts";
import { invalidRequestVerdict, readFailure, serverErrorVerdict, timeoutVerdict } from "./answer-verdict.ts";
import { classifyByProbes, classifyBySignals, type RejectionSignals } from "./classify.ts";
import type { ChatClientOptions } from "./client-types.ts";
import type { FailedRequest } from "./compose-verdict.ts";
import { connectionVerdict } from "./connection-verdict.ts";
import { Deadline } from "./deadline.ts";
import type { ClientPage, PolicyWatch } from "./page.ts";
import { probe } from "./probe.ts";
import { type OnSent, sendByXhr } from "./send-by-xhr.ts";
import { describeHeaders, needsPreflight } from "./sent-headers.ts";
import { parseSourceUrl, WAYBILL_HEADER } from "./server-urls.ts";
import { ChatFailure, type Verdict } from "./verdict.ts";

/** Longest wait, in milliseconds, when the caller names none. */
export const DEFAULT_TIMEOUT_MS = 60_000;

/** Characters of a failure's body after which reading stops. */
const MAX_FAILURE_CHARS = 65_536;

/** Which server answers; `other` speaks ChatKit alone. */
export type ServerKind = "waybill" | "other";

/** What a failure is told with, beside the method and the URL. */
export type About = Pick<FailedRequest, "message" | "keyed" | "attachment">;

/** One request to the chat server. */
export interface Outgoing {
  readonly url: string;
  readonly method: "GET" | "POST" | "PUT";
  readonly accept: "application/json" | "text/event-stream";
  /** Text is sent as JSON; anything else says itself what it is. */
  readonly body?: string | FormData | Blob;
  /** Set last. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly idempotencyKey?: string | undefined;
  /** Whether the caller's headers are left out: for what needs no preflight, and for other servers. */
  readonly bare?: boolean;
  /** A large body, and who is told of its way out, where that can be seen. */
  readonly upload?: { readonly sizeBytes: number; readonly onSent: OnSent };
  readonly signal?: AbortSignal | undefined;
  readonly about: About;
}

/** Sends requests, and turns whatever goes wrong into a `ChatFailure`. */
export interface Transport {
  readonly protocolUrl: string;
  /** What answers have told of the server; null: nothing yet. */
  kind(): ServerKind | null;
  /** Believed until an answer names itself Waybill. */
  assumeOther(): void;
  /** A failure of something that was not requested. */
  failure(about: About, verdict: (request: FailedRequest) => Verdict): ChatFailure;
  /**
   * Waits for the head of an answer, of any status.
   *
   * @throws ChatFailure, or the caller's abort reason.
   */
  ask(outgoing: Outgoing): Promise<Answer>;
  /** As `ask`, but an answer that is not 2xx is thrown as a `ChatFailure`. */
  demand(outgoing: Outgoing): Promise<Answer>;
}

/** Creates the transport of one client. */
export function createTransport(
  options: ChatClientOptions,
  protocolUrl: string,
  page: ClientPage,
): Transport {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  let kind: ServerKind | null = null;

  const failed = (method: string, url: string, about: About): FailedRequest => ({
    method,
    url,
    pageOrigin: page.origin,
    ...about,
  });

  async function headersOf(outgoing: Outgoing): Promise<Headers> {
    let headers = new Headers();
    try {
      const given = outgoing.bare ? undefined : options.headers;
      headers = new Headers(typeof given === "function" ? await given() : given);
    } catch (error) {
      const meaning = `The page's own headers for the request could not be made: ${reasonOf(error)}.`;
      const verdict = invalidRequestVerdict(
        "The page could not prepare the request",
        meaning,
        "Give the details to the people who run this site.",
        failed(outgoing.method, outgoing.url, outgoing.about),
      );
      throw new ChatFailure(verdict, { cause: error });
    }
    headers.set("accept", outgoing.accept);
    if (typeof outgoing.body === "string") headers.set("content-type", "application/json");
    if (outgoing.idempotencyKey !== undefined) headers.set("idempotency-key", outgoing.idempotencyKey);
    for (const [name, value] of Object.entries(outgoing.headers ?? {})) headers.set(name, value);
    return headers;
  }

  async function ask(outgoing: Outgoing): Promise<Answer> {
    const { url, method, body, upload, signal } = outgoing;
    signal?.throwIfAborted();
    const headers = await headersOf(outgoing);
    const request: FailedRequest = {
      ...failed(method, url, outgoing.about),
      headers: describeHeaders(headers),
    };
    const watched = options.fetch === undefined && typeof XMLHttpRequest !== "undefined";
    // A body whose way out cannot be seen gets the time that it takes at 1 kB/s.
    const headMs = timeoutMs + (watched ? 0 : (upload?.sizeBytes ?? 0));
    const deadline = new Deadline(timeoutMs, signal);
    const watch = page.watchPolicy();
    const onlineBefore = page.isOnline();
    try {
      const bare = { method, headers, signal: deadline.signal };
      const init = body === undefined ? bare : { ...bare, body };
      const onSent: OnSent = (...sent) => {
        deadline.restart();
        upload?.onSent(...sent);
      };
      const answer =
        watched && upload !== undefined
          ? sendByXhr(url, init, onSent)
          : (options.fetch ?? globalThis.fetch)(url, { ...init, credentials: "same-origin" });
      const response = await deadline.wait(answer, headMs);
      if (response.headers.has(WAYBILL_HEADER)) kind = "waybill";
      else if (response.ok) kind ??= "other";
      return createAnswer(response, deadline, timeoutMs, request);
    } catch (error) {
      deadline.throwIfStopped();
      deadline.close();
      if (deadline.expired) throw new ChatFailure(timeoutVerdict(headMs, request), { cause: error });
      // Offline from the start: nothing can have left.
      const unsent = !onlineBefore && request.message === "unknown";
      const told: FailedRequest = unsent ? { ...request, message: "unsent" } : request;
      throw new ChatFailure(await verdictOnRejection(error, told, watch, signal), { cause: error });
    } finally {
      watch.stop();
    }
  }

  async function verdictOnRejection(
    error: unknown,
    request: FailedRequest,
    watch: PolicyWatch,
    signal: AbortSignal | undefined,
  ): Promise<Verdict> {
    const look = async (): Promise<RejectionSignals> => ({
      url: request.url,
      pageOrigin: page.origin,
      pageUrl: page.url,
      online: page.isOnline(),
      blockedBy: watch.directiveThatBlocked(request.url),
      preflight: needsPreflight(request.method, request.headers ?? []),
      localNetwork: await page.localNetworkAccess(),
      reason: reasonOf(error),
    });
    const atOnce = classifyBySignals(await look());
    if (atOnce !== null) return connectionVerdict(atOnce, request);
    // An upload may go to another server: what the chat server answers says nothing of that one.
    const isElsewhere = new URL(request.url).origin !== new URL(protocolUrl).origin;
    const relay = options.relay && !isElsewhere ? parseSourceUrl(`${options.relay}v1`, page.baseUrl) : null;
    const probes = await probe(page, isElsewhere ? request.url : protocolUrl, relay, watch, signal);
    const isWaybill = probes.capabilities === "waybill" || probes.bundle === "waybill";
    if (isWaybill && !isElsewhere) kind = "waybill";
    // Looked at again: the report of a policy violation may come behind the rejection.
    const signals = await look();
    return connectionVerdict(classifyBySignals(signals) ?? classifyByProbes(signals, probes), request);
  }

  return {
    protocolUrl,
    kind: () => kind,
    assumeOther() {
      kind ??= "other";
    },
    failure: (about, verdict) => new ChatFailure(verdict(failed("POST", protocolUrl, about))),
    ask,
    async demand(outgoing) {
      const answer = await ask(outgoing);
      if (answer.response.ok) return answer;
      const body = await answer.text(MAX_FAILURE_CHARS).catch((error: unknown) => {
        // The status alone tells more than that its explanation broke off.
        if (error instanceof ChatFailure) return "";
        throw error;
      });
      const told = readFailure(answer.response, body);
      throw answer.failure((request) => serverErrorVerdict(told, request));
    },
  };
}
