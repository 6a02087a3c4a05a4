import { type CorsConfig, type CorsPolicy, createCorsPolicy, type HeaderLine } from "@waybill/policy";
import { getPublicSuffix } from "tldts";
import type { ConfigurationIssue } from "./configuration-error.ts";
import type { Log } from "./log.ts";

/** What a server's owner says of CORS; methods and headers are the protocol's. */
export type ServerCors = Pick<
  CorsConfig,
  "origins" | "credentials" | "debug" | "dangerouslyAllowInsecureOrigins" | "dangerouslyAllowPublicSuffixes"
>;

/** Response headers that pages may read. */
const EXPOSED_HEADERS = [
  "X-Request-Id",
  "Waybill",
  "Waybill-Run",
  "Waybill-Error",
  "Retry-After",
  "Location",
  "ETag",
  "WWW-Authenticate",
  "RateLimit",
  "RateLimit-Policy",
  "Server-Timing",
  "Tus-Resumable",
  "Tus-Version",
  "Tus-Extension",
  "Tus-Max-Size",
  "Upload-Offset",
  "Upload-Length",
  "Upload-Expires",
];

const MAX_AGE_SECONDS = 600;

/** A request without CORS has no `Origin` that could be echoed. */
const EVERYBODY_SEES_TIMINGS: HeaderLine = ["timing-allow-origin", "*"];

/**
 * The policies of a server: one for its routes, one for `GET v1`, whose timings every page may see, one for
 * what is public. Or everything that is wrong, below the path `cors`. What is probably not meant is logged, and so is what a function in `origins` throws.
 */
export function compileCors(
  cors: ServerCors,
  { authenticates, log }: { readonly authenticates: boolean; readonly log: Log },
):
  | { readonly policy: CorsPolicy; readonly greetingPolicy: CorsPolicy; readonly publicPolicy: CorsPolicy }
  | { readonly issues: readonly ConfigurationIssue[] } {
  const common = { exposedHeaders: EXPOSED_HEADERS, maxAgeSeconds: MAX_AGE_SECONDS } as const;
  const own = createCorsPolicy({
    ...cors,
    ...common,
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: "echo",
    isPublicSuffix,
    onOriginError: (error, origin) =>
      log({
        level: "error",
        message: `Whether ${origin} is allowed could not be found out: it is denied`,
        error,
      }),
  });
  const open = createCorsPolicy({ ...common, origins: "*", methods: ["GET", "HEAD"] });
  const issues = [own, open].flatMap((result) => (result.ok ? [] : result.issues));
  const errors = issues
    .filter((issue) => issue.severity === "error")
    .map(({ path, message, fix }) => ({ path: path === "" ? "cors" : `cors.${path}`, message, fix }));
  if (!own.ok || !open.ok) return { issues: errors };
  const { decide, warnings } = own.policy;
  // A public policy is the same for everybody, and so has nothing that varies.
  if (!authenticates && !decide({ method: "GET" }).varies) {
    const message = "Every page that a person visits could read and write what the one local user has.";
    return { issues: [{ path: "cors.origins", message, fix: "List the origins, or set authenticate." }] };
  }
  for (const { path, message, fix } of warnings)
    log({ level: "warning", message: `cors.${path}: ${message} ${fix}` });
  const greetingPolicy: CorsPolicy = Object.freeze({
    ...own.policy,
    decide(request) {
      const decision = decide(request);
      return { ...decision, headers: [...decision.headers, EVERYBODY_SEES_TIMINGS] };
    },
  } satisfies CorsPolicy);
  return { policy: own.policy, greetingPolicy, publicPolicy: open.policy };
}

/** Whether strangers can have names below a host, those of private registries included. Source: publicsuffix.org. */
function isPublicSuffix(host: string): boolean {
  return getPublicSuffix(host, { allowPrivateDomains: true }) === host;
}
