import { type Answered, answersOf, type Evidence } from "./evidence.ts";
import { valueOf } from "./header-values.ts";
import type { ServerName } from "./recipes/recipe.ts";

/** What stands in front of others, outermost first; the rest is behind them. */
const IN_FRONT: readonly ServerName[] = ["haproxy", "nginx", "apache", "caddy", "lighttpd"];

/** Whether a server is one that is put in front of applications. */
export const standsInFront = (server: ServerName): boolean => IN_FRONT.includes(server);

/** A sign of a server: in a header's value, or in the beginning of a failure's body. */
type Sign =
  | { readonly server: ServerName; readonly header: string; readonly value?: RegExp }
  | { readonly server: ServerName; readonly body: RegExp; readonly type?: RegExp };

const SIGNS: readonly Sign[] = [
  { server: "waybill", header: "waybill" },
  { server: "nginx", header: "server", value: /^(?:nginx|openresty|tengine|angie)/i },
  { server: "nginx", body: /<center>(?:nginx|openresty)/ },
  { server: "apache", header: "server", value: /^apache/i },
  { server: "apache", body: /<address>Apache\// },
  { server: "caddy", header: "server", value: /^caddy/i },
  { server: "caddy", header: "via", value: /\bcaddy\b/i },
  { server: "lighttpd", header: "server", value: /^lighttpd/i },
  { server: "haproxy", header: "server", value: /^haproxy/i },
  {
    server: "haproxy",
    body: /^<html><body><h1>\d{3} [^<]*<\/h1>\n(?:No server is available|Request forbidden by|The server didn't respond|The server returned an invalid|Your browser didn't send|Your browser sent an invalid|You need a valid user|You have sent too many|A request was made of a resource|A request or response was denied)/,
  },
  { server: "s3", header: "server", value: /^(?:amazons3|minio|versity|ceph|garage|seaweedfs)/i },
  { server: "s3", header: "x-amz-request-id" },
  { server: "s3", body: /^(?:<\?xml[^>]*>\s*)?<Error><Code>\w+<\/Code>/ },
  { server: "express", header: "x-powered-by", value: /^express$/i },
  { server: "express", body: /<title>Error<\/title>\s*<\/head>\s*<body>\s*<pre>/ },
  { server: "nextjs", header: "x-powered-by", value: /^next\.js/i },
  { server: "nextjs", header: "x-nextjs-cache" },
  { server: "nextjs", body: /\/_next\/static\// },
  { server: "php", header: "x-powered-by", value: /^php\//i },
  { server: "nestjs", body: /^\{"message":"Cannot [A-Z]+ [^"]*","error":"Not Found","statusCode":404\}/ },
  {
    server: "fastify",
    body: /^\{"message":"Route [A-Z]+:[^"]* not found"|^\{"statusCode":\d{3},(?:"code":"[^"]*",)?"error":"/,
  },
  { server: "flask", header: "server", value: /^werkzeug/i },
  { server: "flask", body: /^<!doctype html>\n<html lang=en>\n<title>\d{3} / },
  { server: "django", header: "server", value: /^wsgiserver/i },
  {
    server: "django",
    body: /DEBUG = True<\/code> in\s+your Django settings|CSRF verification failed|^\s*<!doctype html>\s*<html lang="en">\s*<head>\s*<title>(?:Not Found|Server Error \(500\)|Bad Request \(400\))<\/title>/,
  },
  {
    server: "spring",
    body: /^\{"timestamp":"[^"]*","status":\d{3},"error":"|Whitelabel Error Page|^Invalid CORS request/,
  },
  { server: "rails", header: "x-runtime" },
  { server: "hono", body: /^404 Not Found$/, type: /^text\/plain; ?charset=UTF-8$/ },
  { server: "hono", body: /^Internal Server Error$/, type: /^text\/plain; ?charset=UTF-8$/ },
];

/**
 * The servers that show in the answers, outermost first; empty if none does. A server is told by a line
 * that it writes itself, or by its own page for a failure, never by a guess from the path.
 */
export function recognise(evidence: Evidence): readonly ServerName[] {
  const found = new Set<ServerName>();
  for (const answer of answersOf(evidence)) {
    for (const server of signsIn(answer)) found.add(server);
  }
  // FastAPI is built on Starlette: what both write belongs to it.
  if (found.has("fastapi")) found.delete("starlette");
  const servers = [...found];
  const isNamed = servers.some((server) => !standsInFront(server) && server !== "node");
  return [
    ...IN_FRONT.filter((server) => found.has(server)),
    ...servers.filter((server) => !standsInFront(server) && !(server === "node" && isNamed)),
  ];
}

/** The servers that show in one answer, in no order. */
export function signsIn(answer: Answered): readonly ServerName[] {
  const { headers, status, body } = answer.outcome;
  const found = SIGNS.filter((sign) => {
    if ("header" in sign) {
      const value = valueOf(headers, sign.header);
      return value !== null && (sign.value === undefined || sign.value.test(value));
    }
    const type = valueOf(headers, "content-type") ?? "";
    return status >= 400 && (sign.type?.test(type) ?? true) && sign.body.test(body);
  }).map(({ server }) => server);
  return [...found, ...byTheirWays(answer)];
}

/** Servers without a line of their own, told by several together. */
function byTheirWays({ outcome: { headers, status, body, httpVersion } }: Answered): readonly ServerName[] {
  const server = valueOf(headers, "server");
  const type = (valueOf(headers, "content-type") ?? "").toLowerCase();
  if (status >= 400 && body.startsWith('{"detail":')) return ["fastapi"];
  if (server !== null && /^(?:uvicorn|hypercorn)/i.test(server)) return ["starlette"];
  if (
    valueOf(headers, "cross-origin-opener-policy") === "same-origin" &&
    valueOf(headers, "referrer-policy") === "same-origin" &&
    valueOf(headers, "x-frame-options") === "DENY"
  ) {
    return ["django"];
  }
  if (
    status >= 400 &&
    type === "text/plain; charset=utf-8" &&
    valueOf(headers, "x-content-type-options") === "nosniff" &&
    body.endsWith("\n") &&
    valueOf(headers, "x-powered-by") === null
  ) {
    return ["go"];
  }
  const isPlain = type === "text/plain; charset=utf-8" && valueOf(headers, "x-powered-by") === null;
  const isNode = valueOf(headers, "keep-alive")?.startsWith("timeout=") === true;
  // Koa answers a failure with the words of its status alone.
  if (
    isPlain &&
    ((status === 404 && body === "Not Found") || (status === 500 && body === "Internal Server Error"))
  ) {
    return isNode || server === null ? ["koa"] : [];
  }
  return isNode && server === null && httpVersion === "1.1" ? ["node"] : [];
}
