import { applyCors, type CorsDecision, type CorsPolicy } from "@waybill/policy";
import {
  type Capabilities,
  ChatError,
  type ChatKitRequest,
  createId,
  type ErrorCode,
  errorBody,
  isStreamingRequest,
} from "@waybill/protocol";
import { parseChatKitRequest, parseFileImportRequest } from "@waybill/protocol/schema";
import { type Context, Hono } from "hono";
import {
  attachmentToWire,
  type ResolveAttachmentDeps,
  resolveAttachment,
  serveFile,
  type UploadSigner,
  type UrlSigner,
} from "./attachments/index.ts";
import { eventResponse, jsonResponse, piecesOf } from "./direct-exchange.ts";
import { createElementBundle } from "./element-bundle.ts";
import { errorTiming } from "./error-timing.ts";
import type { Authenticate, Connection } from "./identity/authenticate.ts";
import { authorize } from "./identity/authorize.ts";
import { localUser } from "./identity/local-user.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Principal } from "./ports/principal.ts";
import type { AttachmentRecord, Store } from "./ports/store.ts";
import type { RequestEnvironment } from "./request-environment.ts";
import type { OnRequest } from "./request-facts.ts";
import { createAttachment, deleteAttachment, knownAttachment } from "./requests/attachments.ts";
import { invalid, parsed, readJsonObject } from "./requests/body.ts";
import type { Caller } from "./requests/caller.ts";
import { addFeedback, type OnFeedback } from "./requests/feedback.ts";
import { checkReadiness } from "./requests/readiness.ts";
import { runSyncAction } from "./requests/sync-action.ts";
import { deleteThread, renameThread } from "./requests/thread-changes.ts";
import { getThread, listItems, listThreads } from "./requests/threads.ts";
import { type Transcribe, transcribeSpeech } from "./requests/transcribe.ts";
import { notOffered, startTurn, type TurnParts } from "./requests/turns.ts";
import { isForm, receiveUpload, uploadFile } from "./requests/uploads.ts";
import type { SyncAction } from "./responders/respond.ts";
import { EVENT_STREAM_HEADERS, eventsOf } from "./runs/event-stream.ts";
import { errorEvent } from "./runs/run.ts";
import { type ToWireItem, toWireItem } from "./runs/stored-items.ts";
import { VERSION } from "./version.ts";

/** A way by which attachments come in. */
export type AttachmentWay = Capabilities["attachments"]["ways"][number];

/** What the routes need. */
export interface AppParts extends TurnParts {
  readonly store: Store;
  /** The folder of the routes; empty for the root. */
  readonly path: string;
  readonly corsFor: (path: string) => CorsPolicy;
  /** Resolves when the stores are open. */
  readonly ready: () => Promise<void>;
  readonly authenticate: Authenticate;
  readonly resolve: ResolveAttachmentDeps;
  /** The signer for links of this request, and how they may be used. */
  readonly links: (request: Request) => {
    readonly signer: UrlSigner;
    readonly disposition: "inline" | "attachment";
  };
  /** The signer for upload addresses of this request. */
  readonly uploads: (request: Request) => UploadSigner;
  readonly attachmentWays: readonly AttachmentWay[];
  readonly capabilities: Capabilities;
  readonly maxRequestBytes: number;
  readonly element: string | undefined;
  readonly onFeedback: OnFeedback | undefined;
  readonly transcribe: Transcribe | undefined;
  readonly syncAction: SyncAction | undefined;
  readonly onRequest: OnRequest;
  readonly metrics: Metrics;
  readonly log: Log;
}

interface Env {
  Bindings: RequestEnvironment;
  Variables: { requestId: string; route?: string; code?: ErrorCode; principal?: Principal };
}
type Ctx = Context<Env>;

/** The API's routes. Every answer, failures first of all, carries the policy's headers, the version and the request's id. */
export function createApp(parts: AppParts): Hono<Env> {
  const app = new Hono<Env>();
  guard(app, parts);
  const routes = app.basePath(parts.path);
  route(routes, "/chatkit", { POST: (context) => chatKit(context, parts) });
  route(routes, "/v1", { GET: (context) => context.json(parts.capabilities) });
  route(routes, "/v1/files", { POST: (context) => takeFile(context, parts) });
  route(routes, "/v1/files/:id", { GET: (context) => knownFile(context, parts) });
  route(routes, "/v1/uploads/:id", {
    PUT: (context) => upload(context, parts),
    POST: (context) => upload(context, parts),
  });
  route(routes, "/v1/runs", { GET: (context) => newestRun(context, parts) });
  route(routes, "/healthz", { GET: (context) => context.json({ status: "ok" }) });
  route(routes, "/readyz", {
    GET: async (context) => context.json(await checkReadiness(parts.store, parts.files)),
  });
  route(routes, "/metrics", { GET: (context) => exposeMetrics(context, parts) });
  const bundle = parts.element === undefined ? noBundle : createElementBundle(parts.element);
  route(routes, "/chatkit.js", { GET: (context) => bundle(context.req.raw) });
  route(routes, "/f/:id/:variant", { GET: (context) => file(context, parts) });
  return app;
}

/** The files origin: bytes by signed URL, and nothing else. */
export function createFilesApp(parts: AppParts): Hono<Env> {
  const app = new Hono<Env>();
  guard(app, parts);
  route(app, "/f/:id/:variant", { GET: (context) => file(context, parts) });
  route(app, "/healthz", { GET: (context) => context.json({ status: "ok" }) });
  return app;
}

/** What holds for every route: id, CORS before everything, failures as typed JSON. */
function guard(app: Hono<Env>, parts: Pick<AppParts, "corsFor" | "log" | "onRequest" | "ready">): void {
  app.use(async (context, next) => {
    const { req } = context;
    const requestId = context.env?.requestId ?? createId("request");
    context.set("requestId", requestId);
    const startedAt = performance.now();
    const decision = parts.corsFor(req.path).decide({
      method: req.method,
      origin: req.header("origin"),
      requestMethod: req.header("access-control-request-method"),
      requestHeaders: req.header("access-control-request-headers"),
    });
    if (decision.kind === "preflight") {
      context.res = new Response(null, { status: decision.status });
    } else if (decision.origin === "denied" && isForeignWrite(req)) {
      context.res = failure(context, originNotAllowed(req.header("origin") ?? ""));
    } else {
      await next();
    }
    if (!mark(context.res, decision, requestId)) {
      context.res = new Response(context.res.body, context.res);
      mark(context.res, decision, requestId);
    }
    const code = context.get("code");
    const principal = context.get("principal");
    parts.onRequest({
      request_id: requestId,
      method: req.method,
      path: req.path,
      route: context.get("route") ?? "other",
      status: context.res.status,
      duration_ms: performance.now() - startedAt,
      ...(code === undefined ? {} : { code }),
      ...(principal === undefined ? {} : { principal }),
    });
  });
  // Opening may fail; that is an answer like any other failure.
  app.use(async (_context, next) => {
    await parts.ready();
    await next();
  });
  app.notFound((context) =>
    failure(context, new ChatError("not_found", { message: `There is nothing at ${context.req.path}.` })),
  );
  app.onError((error, context) => {
    if (context.req.raw.signal.aborted && error === context.req.raw.signal.reason)
      return failure(context, new ChatError("internal_error"));
    if (!(error instanceof ChatError) || error.cause !== undefined) {
      const requestId = context.get("requestId");
      parts.log({
        level: "error",
        message: `${context.req.method} ${context.req.path} failed`,
        request_id: requestId,
        error,
      });
    }
    return failure(context, error);
  });
}

/** Puts on every answer what every answer has; false, and nothing is changed, where its headers are immutable. */
function mark({ headers }: Response, decision: CorsDecision, requestId: string): boolean {
  try {
    headers.set("waybill", VERSION);
  } catch {
    // A response made elsewhere.
    return false;
  }
  headers.set("x-request-id", requestId);
  applyCors(decision, headers);
  return true;
}

/** Whether a page of another site asks for a change. Browsers send `Origin` on a POST to the page's own server, too. */
function isForeignWrite(req: Ctx["req"]): boolean {
  if (req.method === "GET" || req.method === "HEAD") return false;
  return URL.parse(req.header("origin") ?? "")?.host !== new URL(req.url).host;
}

function originNotAllowed(origin: string): ChatError {
  return new ChatError("origin_not_allowed", {
    message: `This server does not take requests from pages of ${origin}. Whoever runs it can add that origin to WAYBILL_ALLOWED_ORIGINS.`,
    details: { origin },
  });
}

/** The answer for anything thrown. Only a `ChatError` speaks for itself. */
function failure(context: Ctx, error: unknown): Response {
  const known = error instanceof ChatError ? error : new ChatError("internal_error");
  context.set("code", known.code);
  const headers: Record<string, string> = {
    ...errorTiming(known.code),
    ...(known.status === 401 ? { "www-authenticate": challengeOf(known.details?.["reason"]) } : {}),
  };
  return Response.json(errorBody(known, context.get("requestId")), { status: known.status, headers });
}

/** RFC 6750, 3.1: only who has shown a token is told that it is not valid. */
function challengeOf(reason: unknown): string {
  return reason === "expired" || reason === "not_accepted" ? 'Bearer error="invalid_token"' : "Bearer";
}

type Methods = Partial<Record<"GET" | "POST" | "PUT", (context: Ctx) => Response | Promise<Response>>>;

/** One path with its methods; any other method is 405 with `Allow`. HEAD is GET without a body. */
function route(app: Hono<Env>, path: string, methods: Methods): void {
  app.use(path, async (context, next) => {
    context.set("route", path);
    await next();
  });
  for (const [method, handler] of Object.entries(methods)) app.on(method, path, handler);
  const allowed = [...Object.keys(methods), ...(methods.GET === undefined ? [] : ["HEAD"]), "OPTIONS"].join(
    ", ",
  );
  app.on("OPTIONS", path, () => new Response(null, { status: 204, headers: { allow: allowed } }));
  app.all(path, (context) => {
    const answer = failure(
      context,
      new ChatError("method_not_allowed", {
        message: `${context.req.path} takes ${allowed}, not ${context.req.method}.`,
      }),
    );
    answer.headers.set("allow", allowed);
    return answer;
  });
}

function connectionOf(context: Ctx): Connection | undefined {
  const incoming = context.env?.incoming;
  return incoming === undefined ? undefined : { remoteAddress: incoming.socket.remoteAddress };
}

async function callerOf(context: Ctx, parts: AppParts): Promise<Caller> {
  const principal = await parts.authenticate(context.req.raw, connectionOf(context));
  if (principal === null) throw new ChatError("unauthenticated");
  context.set("principal", principal);
  return {
    principal,
    requestId: context.get("requestId"),
    idempotencyKey: context.req.header("idempotency-key"),
    signal: context.req.raw.signal,
  };
}

function toWireFor(caller: Caller, request: Request, parts: AppParts): ToWireItem {
  const { signer, disposition } = parts.links(request);
  return (item) =>
    toWireItem(item, (attachment) =>
      attachmentToWire({ ...attachment, owner: caller.principal }, signer, disposition),
    );
}

async function chatKit(context: Ctx, parts: AppParts): Promise<Response> {
  const caller = await callerOf(context, parts);
  const { raw } = context.req;
  const body = await readJsonObject(raw, parts.maxRequestBytes, piecesOf(raw, context.env?.direct));
  try {
    return await answer(parsed(parseChatKitRequest(body)), caller, context, parts);
  } catch (error) {
    const streaming = typeof body["type"] === "string" && isStreamingRequest({ type: body["type"] });
    const takesEvents = /\btext\/event-stream\b/i.test(raw.headers.get("accept") ?? "");
    // The official client ignores the body of a 4xx and sends a 5xx again, up to five times: it must
    // be told in the stream that it asked for.
    if (!(error instanceof ChatError) || !streaming || !takesEvents) throw error;
    context.set("code", error.code);
    const headers = { ...EVENT_STREAM_HEADERS, "waybill-error": error.code };
    return eventResponse(eventsOf(JSON.stringify(errorEvent(error))), headers, context.env?.direct);
  }
}

async function answer(
  request: ChatKitRequest,
  caller: Caller,
  context: Ctx,
  parts: AppParts,
): Promise<Response> {
  const { raw } = context.req;
  const exchange = context.env?.direct;
  const { store } = parts;
  const { principal } = caller;
  const toWire = toWireFor(caller, raw, parts);
  if (isStreamingRequest(request)) {
    const reader = await startTurn(parts, caller, request, toWire);
    return eventResponse(reader, EVENT_STREAM_HEADERS, exchange);
  }
  const json = (value: unknown) => jsonResponse(value, exchange);
  switch (request.type) {
    case "threads.get_by_id":
      return json(await getThread(store, principal, request.params.thread_id, toWire));
    case "threads.list":
      return json(await listThreads(store, principal, request.params));
    case "items.list":
      return json(await listItems(store, principal, request.params.thread_id, request.params, toWire));
    case "threads.update":
      return json(await renameThread(parts, caller, request.params));
    case "threads.delete":
      return json(await deleteThread(parts, caller, request.params.thread_id));
    case "items.feedback":
      return json(await addFeedback(parts, caller, request.params));
    case "attachments.create": {
      if (!parts.attachmentWays.includes("two_phase")) throw notOffered(request);
      const { signer } = parts.links(raw);
      return json(
        await createAttachment(parts.resolve, principal, request.params, signer, parts.uploads(raw)),
      );
    }
    case "attachments.delete":
      if (parts.attachmentWays.length === 0) throw notOffered(request);
      await deleteAttachment(parts.resolve, principal, request.params.attachment_id);
      return json({});
    case "input.transcribe":
      return json(await transcribeSpeech(parts.transcribe, caller, request));
    case "threads.sync_custom_action":
      return json(await runSyncAction(parts, caller, request, toWire));
  }
}

async function takeFile(context: Ctx, parts: AppParts): Promise<Response> {
  const caller = await callerOf(context, parts);
  const { raw } = context.req;
  const form = isForm(raw);
  if (!parts.attachmentWays.includes(form ? "direct" : "import")) {
    throw notOffered({ type: form ? "direct uploads" : "imports" });
  }
  const record = form ? await uploadFile(parts.resolve, caller, raw) : await importFile(raw, caller, parts);
  return wireAttachment(authorize(caller.principal, record, "attachment"), raw, parts);
}

async function importFile(raw: Request, caller: Caller, parts: AppParts): Promise<AttachmentRecord> {
  const request = parsed(parseFileImportRequest(await readJsonObject(raw, parts.maxRequestBytes)));
  return resolveAttachment(parts.resolve, caller.principal, request, caller.signal);
}

/** Whoever has the address may send the bytes: it was signed for them. */
async function upload(context: Ctx, parts: AppParts): Promise<Response> {
  const { raw } = context.req;
  return wireAttachment(await receiveUpload(parts.resolve, parts.uploads(raw), raw), raw, parts);
}

function wireAttachment(record: AttachmentRecord, raw: Request, parts: AppParts): Response {
  const { signer, disposition } = parts.links(raw);
  return Response.json(attachmentToWire(record, signer, disposition));
}

async function knownFile(context: Ctx, parts: AppParts): Promise<Response> {
  const { principal } = await callerOf(context, parts);
  const id = context.req.param("id") ?? "";
  return context.json(await knownAttachment(parts.resolve, principal, id, parts.links(context.req.raw)));
}

async function newestRun(context: Ctx, parts: AppParts): Promise<Response> {
  const { principal } = await callerOf(context, parts);
  const threadId = context.req.query("thread_id");
  if (threadId === undefined || threadId === "") throw invalid("thread_id", "The query needs a thread_id.");
  authorize(principal, await parts.store.threads.get(principal, threadId), "conversation");
  await parts.runs.settle(threadId);
  return context.json(await parts.store.runs.newest(principal, threadId));
}

/** For this machine alone: how much is going on is nobody else's business, and a scraper has no sign-in. */
async function exposeMetrics(context: Ctx, parts: AppParts): Promise<Response> {
  const connection = connectionOf(context);
  if (connection === undefined || (await localUser()(context.req.raw, connection)) === null) {
    throw new ChatError("forbidden", { message: "Metrics are told to this server's own machine alone." });
  }
  return parts.metrics.expose();
}

function noBundle(): never {
  throw new ChatError("not_found", { message: "This server does not serve the element." });
}

function file(context: Ctx, parts: AppParts): Promise<Response> {
  const { raw } = context.req;
  const { store, files, resolve } = parts;
  const { signer } = parts.links(raw);
  return serveFile({ store: store.attachments, files, signer, now: resolve.now }, raw);
}
