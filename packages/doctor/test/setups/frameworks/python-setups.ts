import type { Setup } from "../setup.ts";
import { sendJson, withToken } from "./ask.ts";
import { startDjango, startPython } from "./start.ts";

const message = sendJson("/api/messages", { text: "hello" });

const FASTAPI: readonly Setup[] = [
  {
    name: "FastAPI: an unhandled exception, which CORSMiddleware does not see",
    cause: "failure-without-cors",
    servers: ["fastapi"],
    fixedBy: "fastapi",
    request: { path: "/api/report", credentials: "include" },
    hiddenStatus: 500,
    readsAfterwards: 500,
    start: startPython("fastapi/unhandled_exception.py"),
  },
  {
    name: "FastAPI: every origin, and a page that sends cookies",
    cause: "wildcard-with-credentials",
    servers: ["fastapi"],
    fixedBy: "fastapi",
    request: { path: "/api/me", credentials: "include" },
    readsAfterwards: 200,
    start: startPython("fastapi/star_with_credentials.py"),
  },
  {
    name: "FastAPI: allow_headers is left out",
    cause: "header-not-listed",
    servers: ["fastapi"],
    fixedBy: "fastapi",
    ...withToken("/api/me"),
    readsAfterwards: 200,
    start: startPython("fastapi/header_not_listed.py"),
  },
  {
    name: "FastAPI: allow_methods is left out",
    cause: "method-not-listed",
    servers: ["fastapi"],
    fixedBy: "fastapi",
    request: { path: "/api/threads/thr_1", method: "DELETE" },
    readsAfterwards: 204,
    start: startPython("fastapi/method_not_listed.py"),
  },
  {
    name: "FastAPI: an origin with a trailing slash",
    cause: "origin-not-listed",
    servers: ["fastapi"],
    fixedBy: "fastapi",
    ...message,
    readsAfterwards: 201,
    start: startPython("fastapi/trailing_slash.py"),
  },
  {
    name: "FastAPI: a mounted application, whose slash is missing",
    cause: "redirect",
    servers: ["fastapi"],
    fixedBy: "fastapi",
    ...sendJson("/messages", { text: "hello" }),
    readsAfterwards: 201,
    start: startPython("fastapi/mounted.py"),
  },
  {
    name: "Starlette: no CORS",
    cause: "no-cors",
    servers: ["starlette"],
    fixedBy: "starlette",
    request: { path: "/api/threads" },
    readsAfterwards: 200,
    start: startPython("fastapi/starlette_no_cors.py"),
  },
];

const FLASK: readonly Setup[] = [
  {
    name: "Flask: no CORS",
    cause: "no-cors",
    servers: ["flask"],
    fixedBy: "flask",
    ...message,
    readsAfterwards: 201,
    start: startPython("flask/no_cors.py"),
  },
  {
    name: "Flask: resources of flask-cors that miss the path",
    cause: "no-cors",
    servers: ["flask"],
    fixedBy: "flask",
    request: { path: "/v1/threads" },
    readsAfterwards: 200,
    start: startPython("flask/resources_miss.py"),
  },
  {
    name: "Flask: the debugger's page, which flask-cors does not see",
    cause: "failure-without-cors",
    servers: ["flask"],
    fixedBy: "flask",
    request: { path: "/api/threads/thr_2" },
    hiddenStatus: 500,
    readsAfterwards: 500,
    start: startPython("flask/debugger.py"),
  },
  {
    name: "Flask: @cross_origin on a view that calls abort()",
    cause: "failure-without-cors",
    servers: ["flask"],
    fixedBy: "flask",
    request: { path: "/api/threads/thr_2" },
    hiddenStatus: 404,
    readsAfterwards: 404,
    start: startPython("flask/cross_origin_and_abort.py"),
  },
  {
    name: "Flask: strict slashes redirect the preflight",
    cause: "redirect",
    servers: ["flask"],
    fixedBy: "flask",
    ...message,
    readsAfterwards: 201,
    start: startPython("flask/strict_slashes.py"),
  },
];

const DJANGO: readonly Setup[] = [
  {
    name: "Django: CorsMiddleware below CommonMiddleware, which appends a slash",
    cause: "redirect",
    servers: ["django"],
    fixedBy: "django",
    request: { path: "/api/threads" },
    readsAfterwards: 200,
    start: startDjango("django/below_common.py"),
  },
  {
    name: "Django: CorsMiddleware below the login, which answers preflights",
    cause: "preflight-not-handled",
    servers: ["django"],
    fixedBy: "django",
    ...withToken("/api/threads/"),
    readsAfterwards: 200,
    start: startDjango("django/below_login.py"),
  },
  {
    name: "Django: the development page's origin alone",
    cause: "origin-not-listed",
    servers: ["django"],
    fixedBy: "django",
    ...sendJson("/api/messages/", { text: "hello" }),
    readsAfterwards: 201,
    start: startDjango("django/other_origin.py"),
  },
  {
    name: "Django: CORS_URLS_REGEX misses the path",
    cause: "no-cors",
    servers: ["django"],
    fixedBy: "django",
    request: { path: "/api/threads/" },
    readsAfterwards: 200,
    start: startDjango("django/urls_regex_misses.py"),
  },
  {
    name: "Django: a header of the page's own is not listed",
    cause: "header-not-listed",
    servers: ["django"],
    fixedBy: "django",
    request: { path: "/api/threads/", headers: [["X-Tenant", "acme"]] },
    readsAfterwards: 200,
    start: startDjango("django/header_not_listed.py"),
  },
];

/** Of everything that runs on Python. */
export const PYTHON_SETUPS: readonly Setup[] = [...FASTAPI, ...FLASK, ...DJANGO];
