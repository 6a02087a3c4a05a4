import type { Setup } from "../setup.ts";
import { allowing, answering } from "./applications.ts";
import { jsonPost, withPassword } from "./requests.ts";
import { type ServerCase, type ServerKind, serverSetups } from "./server-setup.ts";

/** HAProxy, with a configuration that is the content of its frontend. */
const haproxy: ServerKind = {
  name: "haproxy",
  variable: "HAPROXY_PATH",
  command: "haproxy",
  file: "haproxy.cfg",
  frame: (configuration) => `userlist people
    user user insecure-password pass
defaults
    mode http
    timeout connect 1s
    timeout client 5s
    timeout server 1s
frontend api
    bind 127.0.0.1:{{PORT}}
${configuration}
    default_backend application
backend application
    retries 0
    server one {{UPSTREAM}}
`,
  program: (folder) => ({
    args: ["-db", "-f", `${folder}/haproxy.cfg`],
  }),
};

/** The given lines, where the fix goes. */
const cors = (...lines: readonly string[]) =>
  ["# cors", ...lines, "# /cors"].map((line) => `    ${line}`).join("\n");

const ALLOW = "http-response add-header Access-Control-Allow-Origin {{ORIGIN}}";

const cases: readonly ServerCase[] = [
  {
    name: "HAProxy: no application is up, and http-response does not see the 503",
    cause: "failure-without-cors",
    hiddenStatus: 503,
    readsAfterwards: 503,
    configuration: cors(ALLOW),
  },
  {
    name: "HAProxy: http-request deny in front of an application with CORS",
    cause: "failure-without-cors",
    hiddenStatus: 403,
    readsAfterwards: 403,
    request: { path: "/api/admin" },
    configuration: `${cors()}
    http-request deny deny_status 403 if { path_beg /api/admin }`,
    upstream: allowing(200),
  },
  {
    name: "HAProxy: too many requests, in front of an application with CORS",
    cause: "failure-without-cors",
    hiddenStatus: 429,
    readsAfterwards: 429,
    configuration: `${cors()}
    stick-table type ip size 1k expire 1m store http_req_cnt
    http-request track-sc0 src if { path_beg /api/ }
    http-request deny deny_status 429 if { sc_http_req_cnt(0) gt 1 }`,
    upstream: allowing(200),
    before: (url) => [new Request(`${url}/api/items`)],
  },
  {
    name: "HAProxy: methods are limited, and OPTIONS is none of them",
    cause: "preflight-not-handled",
    readsAfterwards: 201,
    ...jsonPost,
    configuration: `${cors(`http-after-response set-header Access-Control-Allow-Origin {{ORIGIN}}`)}
    http-request deny deny_status 405 if !{ method GET POST }`,
    upstream: answering(201),
  },
  {
    name: "HAProxy: a password is asked of the preflight",
    cause: "preflight-not-handled",
    readsAfterwards: 200,
    ...withPassword,
    configuration: `${cors()}
    http-request auth realm API if !{ http_auth(people) }`,
    upstream: answering(200),
  },
];

/** Broken set-ups of HAProxy. */
export const haproxySetups: readonly Setup[] = serverSetups(haproxy, cases);
