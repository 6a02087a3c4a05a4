import { randomBytes } from "node:crypto";
import type { CorsPolicy } from "@waybill/policy";
import { type Capabilities, createId } from "@waybill/protocol";
import type { Hono } from "hono";
import { type AppParts, type AttachmentWay, createApp, createFilesApp } from "./app.ts";
import {
  type AttachmentLimits,
  type AttachmentPolicy,
  createAttachmentPolicy,
  createImporter,
  createInspector,
  createPreviews,
  createUploadSigner,
  createUrlSigner,
  reapAbandonedUploads,
  type SigningKey,
} from "./attachments/index.ts";
import { ConfigurationError, type ConfigurationIssue } from "./configuration-error.ts";
import { compileCors, type ServerCors } from "./cors-policies.ts";
import { markDirect } from "./direct-exchange.ts";
import type { Authenticate } from "./identity/authenticate.ts";
import { localUser } from "./identity/local-user.ts";
import { type Log, logToStderr } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import type { FileStore } from "./ports/file-store.ts";
import type { Store } from "./ports/store.ts";
import type { RequestEnvironment } from "./request-environment.ts";
import type { OnRequest } from "./request-facts.ts";
import type { OnFeedback } from "./requests/feedback.ts";
import type { Transcribe } from "./requests/transcribe.ts";
import type {
  ChooseStreamOptions,
  OnStopped,
  Respond,
  RespondToAction,
  SyncAction,
} from "./responders/respond.ts";
import { Runs, reapAbandonedRuns } from "./runs/runs.ts";
import { VERSION } from "./version.ts";

const MAX_REQUEST_BYTES = 4 * 1024 * 1024;
const MAX_ATTACHMENTS = 10;
const ATTACHMENT_WAYS: readonly AttachmentWay[] = ["import", "direct", "two_phase"];

/** What a server is made of. */
export interface ChatKitServerConfig {
  /** The pages that may use the server, and whether with credentials. */
  readonly cors: ServerCors;
  /** Names who asks. @default `localUser()`: one user, on this machine only */
  readonly authenticate?: Authenticate | undefined;
  readonly store: Store;
  readonly files: FileStore;
  /** Answers messages, and goes on after tool calls of the page and answers to questions. */
  readonly respond: Respond;
  /** Answers what widgets and the page ask by an action. @default `threads.custom_action` is not offered */
  readonly action?: RespondToAction | undefined;
  /** Carries out actions that are answered at once. @default `threads.sync_custom_action` is not offered */
  readonly syncAction?: SyncAction | undefined;
  /** Chooses what the client is told before each answer. @default the person may stop it */
  readonly streamOptions?: ChooseStreamOptions | undefined;
  /** Chooses what is kept of an answer that the person stops. @default `keepPartialMessages` */
  readonly onStopped?: OnStopped | undefined;
  /**
   * The folder of the routes in the requests that arrive, for example `/chat`, where the routes are part of
   * an application and nobody has cut the folder off. @default the root
   */
  readonly path?: string;
  /** Absolute URL of the folder of the routes. @default the folder of each request's own URL */
  readonly publicBaseUrl?: string;
  /**
   * Absolute URL of the files origin, which `server.files` serves. @default none: bytes are served
   * below the API's own folder, as downloads only
   */
  readonly filesBaseUrl?: string;
  /** Keys that sign file URLs; the first signs, all verify. @default a random one, which ends with the process */
  readonly signingKeys?: readonly SigningKey[];
  /** `host:port` pairs that attachments may be imported from although they are private. @default none */
  readonly importAllow?: readonly string[];
  /**
   * Ways by which attachments come in; with none, `attachments.delete` is not offered either.
   * @default all that there are
   */
  readonly attachmentWays?: readonly AttachmentWay[];
  /** @default 512 MiB a file of any type, 5 GiB and 10,000 files a user, 15 s an import */
  readonly attachmentLimits?: AttachmentLimits;
  /** Most attachments of a message. @default 10 */
  readonly maxAttachments?: number;
  /** Largest JSON request in bytes. @default 4 MiB */
  readonly maxRequestBytes?: number;
  /** The element's bundle, served as `chatkit.js`. @default none: 404 */
  readonly element?: string;
  /** Told of a person's feedback. @default it is stored, and nobody is told */
  readonly onFeedback?: OnFeedback | undefined;
  /** Speech to text. @default none: `input.transcribe` is not offered */
  readonly transcribe?: Transcribe | undefined;
  /** @default one line of JSON each, on standard error */
  readonly log?: Log;
  /** Told of every answer, for a log of requests. @default nobody is */
  readonly onRequest?: OnRequest;
  /** @default the system's clock */
  readonly now?: () => Date;
}

/** A web-standard application with its CORS policies, as the Node adapter takes it. */
export interface WebApp {
  /** Answers a request. Never rejects: a failure is an answer. */
  fetch(request: Request, env?: RequestEnvironment): Response | Promise<Response>;
  /** The policy that holds for a path. */
  corsFor(path: string): CorsPolicy;
}

/** A ChatKit server. */
export interface ChatKitServer extends WebApp {
  /** The routes as a Hono application, for mounting. */
  readonly app: Hono<{ Bindings: RequestEnvironment; Variables: { requestId: string } }>;
  /** The folder of its routes, as configured; empty for the root. */
  readonly path: string;
  /** The files origin. */
  readonly files: WebApp;
  /** Opens the stores and ends what a dead process left. Happens by itself before the first answer. */
  open(): Promise<void>;
  /** Lets active answers end for `drainTimeoutMs` (default 3000), interrupts the rest, closes the stores. Twice is no error. */
  close(options?: { readonly drainTimeoutMs?: number }): Promise<void>;
}

/**
 * A server from its parts. Nothing is opened yet.
 *
 * @throws ConfigurationError with everything that is wrong.
 */
export function createChatKitServer(config: ChatKitServerConfig): ChatKitServer {
  const log = config.log ?? logToStderr;
  const { policy, greetingPolicy, publicPolicy } = compile(config, log);
  const now = config.now ?? (() => new Date());
  const attachmentPolicy = createAttachmentPolicy(config.attachmentLimits);
  const maxAttachments = config.maxAttachments ?? MAX_ATTACHMENTS;
  const attachmentWays = config.attachmentWays ?? ATTACHMENT_WAYS;
  const keys = config.signingKeys ?? [{ id: "0", secret: randomBytes(32) }];
  const clock = () => now().getTime();
  const signerAt = perOrigin((origin) => createUrlSigner({ keys, origin, now: clock }));
  const uploadsAt = perOrigin((origin) => createUploadSigner({ keys, origin, now: clock }));
  const base = config.filesBaseUrl ?? config.publicBaseUrl;
  const fixed = base === undefined ? undefined : signerAt(base);
  const disposition = config.filesBaseUrl === undefined ? "attachment" : "inline";
  const inspector = createInspector();
  const runs = new Runs();
  const metrics = createMetrics(() => runs.size);
  const store = metrics.store(config.store);

  const parts: AppParts = {
    store,
    path: config.path ?? "",
    files: config.files,
    respond: metrics.respond(config.respond),
    action: config.action,
    syncAction: config.syncAction,
    streamOptions: config.streamOptions,
    onStopped: config.onStopped,
    runs,
    now,
    maxAttachments,
    onFailure: (error, requestId) =>
      log({ level: "error", message: "The answer failed", request_id: requestId, error }),
    corsFor: (path) => {
      if (path === `${config.path ?? ""}/v1`) return greetingPolicy;
      return path.endsWith("/chatkit.js") ? publicPolicy : policy;
    },
    ready: () => open(),
    authenticate: config.authenticate ?? localUser(),
    resolve: {
      store: config.store.attachments,
      files: config.files,
      importer: metrics.importer(createImporter({ version: VERSION, allow: config.importAllow ?? [] })),
      inspector,
      previews: createPreviews(),
      policy: attachmentPolicy,
      now: clock,
    },
    links: (request) => ({ signer: fixed ?? signerAt(folderOf(request.url)), disposition }),
    uploads: (request) => uploadsAt(config.publicBaseUrl ?? folderOf(request.url)),
    attachmentWays,
    capabilities: capabilitiesOf(attachmentPolicy, maxAttachments, attachmentWays),
    maxRequestBytes: config.maxRequestBytes ?? MAX_REQUEST_BYTES,
    element: config.element,
    onFeedback: config.onFeedback,
    transcribe: config.transcribe,
    onRequest: (facts) => {
      metrics.request(facts);
      config.onRequest?.(facts);
    },
    metrics,
    log,
  };

  const app = createApp(parts);
  const files = createFilesApp({ ...parts, corsFor: () => publicPolicy });
  let opening: Promise<void> | undefined;
  let closing: Promise<void> | undefined;
  const open = () => {
    opening ??= openStores(parts, log);
    return opening;
  };
  const answer = (target: typeof app) =>
    markDirect((request: Request, env: RequestEnvironment = {}) =>
      target.fetch(request, { ...env, requestId: env.requestId ?? createId("request") }),
    );
  return {
    app,
    fetch: answer(app),
    corsFor: parts.corsFor,
    path: parts.path,
    files: { fetch: answer(files), corsFor: () => publicPolicy },
    open,
    close: ({ drainTimeoutMs = 3_000 } = {}) => {
      closing ??= (async () => {
        await runs.drain(drainTimeoutMs);
        await inspector.close();
        if (opening === undefined) return;
        await opening.catch(() => {});
        await config.store.close();
        await config.files.close();
      })();
      return closing;
    },
  };
}

async function openStores(parts: AppParts, log: Log): Promise<void> {
  await parts.store.open();
  await parts.files.open();
  await reapAbandonedUploads(parts.resolve);
  const reaped = await reapAbandonedRuns(parts.store, parts.now);
  if (reaped > 0) {
    log({
      level: "warning",
      message: `${reaped} ${reaped === 1 ? "answer was" : "answers were"} interrupted when the server last ended`,
    });
  }
}

function compile(
  { cors, path, authenticate }: ChatKitServerConfig,
  log: Log,
): { policy: CorsPolicy; greetingPolicy: CorsPolicy; publicPolicy: CorsPolicy } {
  const policies = compileCors(cors, { authenticates: authenticate !== undefined, log });
  const issues: ConfigurationIssue[] = [];
  if (path !== undefined && !/^(?:\/[\w.~-]+)*$/.test(path)) {
    issues.push({
      path: "path",
      message: `${JSON.stringify(path)} is not the path of a folder.`,
      fix: 'Write it with a slash in front and none behind: "/chat".',
    });
  }
  if ("issues" in policies) issues.push(...policies.issues);
  else if (issues.length === 0) return policies;
  throw new ConfigurationError(issues);
}

function capabilitiesOf(
  { published }: AttachmentPolicy,
  maxCount: number,
  ways: readonly AttachmentWay[],
): Capabilities {
  return {
    name: "waybill",
    version: VERSION,
    attachments: { ways, max_count: maxCount, ...published },
    resume: false,
  };
}

const MAX_ORIGINS = 64;

/** What is made for each origin, kept for the next request; anybody can name any, so only some are kept. */
function perOrigin<T>(make: (origin: string) => T): (origin: string) => T {
  const made = new Map<string, T>();
  return (origin) => {
    let value = made.get(origin);
    if (value === undefined) {
      if (made.size === MAX_ORIGINS) made.clear();
      value = make(origin);
      made.set(origin, value);
    }
    return value;
  };
}

/** The folder of the routes, seen from any of them. */
function folderOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/(?:chatkit|v1(?:\/.*)?|f\/[^/]+\/[^/]+)$/, "")}`;
}
