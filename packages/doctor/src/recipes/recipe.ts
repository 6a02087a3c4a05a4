import type { RootCause } from "../diagnosis.ts";

/** Servers, proxies and frameworks that can be told by their answers. */
export type ServerName =
  | "apache"
  | "caddy"
  | "django"
  | "express"
  | "fastapi"
  | "fastify"
  | "flask"
  | "go"
  | "haproxy"
  | "hono"
  | "koa"
  | "lighttpd"
  | "nestjs"
  | "nextjs"
  | "nginx"
  | "node"
  | "php"
  | "rails"
  | "s3"
  | "spring"
  | "starlette"
  | "waybill";

/** What has to be allowed, as drawn from the question and from what the server said. */
export interface Need {
  readonly origin: string;
  /** Methods that the API's preflights must list, upper case, never empty. */
  readonly methods: readonly string[];
  /** Request headers that a preflight asks about, lower case; may be empty. */
  readonly headers: readonly string[];
  readonly credentials: boolean;
  /** The path that was asked, with its leading slash, without query. */
  readonly path: string;
  readonly cause: RootCause;
  /** For `redirect`: the URL that the first answer with a `Location` leads to. @default none */
  readonly redirectsTo?: string;
  /** Recognised servers, outermost first: a recipe may differ for a proxy in front of an application. */
  readonly servers: readonly ServerName[];
}

/** A change for one server, which a test has applied and seen to work in Chromium. */
export interface Recipe {
  /** For example `nginx/cors-on-failures`. */
  readonly id: string;
  readonly server: ServerName;
  readonly causes: readonly RootCause[];
  /** Whether it fits more narrowly than by server and cause. @default it does */
  readonly fits?: (need: Need) => boolean;
  /** Where the text goes and what it replaces there, as a phrase. */
  readonly where: string;
  /** Fence of the text: "nginx", "apache", "js", "python", "go", "xml"… */
  readonly language: string;
  readonly text: (need: Need) => string;
}
