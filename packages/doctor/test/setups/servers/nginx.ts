import type { Setup } from "../setup.ts";
import { allowing, answering, silent } from "./applications.ts";
import { jsonPost, upload, withPassword } from "./requests.ts";
import { type ServerCase, type ServerKind, serverSetups } from "./server-setup.ts";

/** nginx, with a configuration that is the content of its http block. */
export const nginx: ServerKind = {
  name: "nginx",
  variable: "NGINX_PATH",
  command: "nginx",
  file: "nginx.conf",
  frame: (configuration) => `user root;
daemon off;
worker_processes 1;
pid {{FOLDER}}/nginx.pid;
error_log stderr;
events {}
http {
    access_log off;
    client_body_temp_path {{FOLDER}}/client_temp;
    proxy_temp_path {{FOLDER}}/proxy_temp;
    fastcgi_temp_path {{FOLDER}}/fastcgi_temp;
    uwsgi_temp_path {{FOLDER}}/uwsgi_temp;
    scgi_temp_path {{FOLDER}}/scgi_temp;
    default_type application/json;
    # cors: http
    # /cors
${configuration}
}
`,
  program: (folder) => ({
    args: ["-p", folder, "-e", "stderr", "-c", `${folder}/nginx.conf`],
  }),
};

const ALLOW = 'add_header Access-Control-Allow-Origin "{{ORIGIN}}"';

/** A server that passes everything on, with the given lines in its location. */
const passing = (...lines: readonly string[]) => `
server {
    listen 127.0.0.1:{{PORT}};
    location / {
        # cors: location
${lines.map((line) => `        ${line}`).join("\n")}
        # /cors
        proxy_pass http://{{UPSTREAM}};
    }
}`;

const cases: readonly ServerCase[] = [
  {
    name: "nginx: no CORS at all",
    cause: "no-cors",
    readsAfterwards: 200,
    configuration: `
server {
    listen 127.0.0.1:{{PORT}};
    root {{FOLDER}}/site;
    location / {
        # cors: location
        # /cors
    }
}`,
  },
  {
    name: "nginx: add_header without always, and a file that is not there",
    cause: "failure-without-cors",
    hiddenStatus: 404,
    readsAfterwards: 404,
    request: { path: "/api/items/2" },
    configuration: `
server {
    listen 127.0.0.1:{{PORT}};
    root {{FOLDER}}/site;
    location / {
        # cors: location
        ${ALLOW};
        # /cors
    }
}`,
    files: { "site/index.html": "<h1>API</h1>" },
  },
  {
    name: "nginx: add_header without always, and an application that fails",
    cause: "failure-without-cors",
    hiddenStatus: 500,
    readsAfterwards: 500,
    configuration: passing(`${ALLOW};`),
    upstream: () => (request, response) =>
      answering(request.url === "/api/items" ? 500 : 200, '{"error":"database is locked"}')()(
        request,
        response,
      ),
  },
  {
    name: "nginx: preflights answered well, add_header without always on a 401",
    cause: "failure-without-cors",
    hiddenStatus: 401,
    readsAfterwards: 401,
    ...jsonPost,
    configuration: passing(
      `${ALLOW};`,
      "if ($request_method = OPTIONS) {",
      `    ${ALLOW};`,
      '    add_header Access-Control-Allow-Headers "Content-Type";',
      "    return 204;",
      "}",
    ),
    upstream: () => (request, response) =>
      answering(request.method === "POST" ? 401 : 200, '{"error":"unauthorized"}')()(request, response),
  },
  {
    name: "nginx: the location's own add_header forgets those of the server",
    cause: "no-cors",
    readsAfterwards: 200,
    configuration: `
server {
    listen 127.0.0.1:{{PORT}};
    root {{FOLDER}}/site;
    ${ALLOW} always;
    location /api/ {
        # cors: location
        # /cors
        add_header Cache-Control no-store;
    }
}`,
  },
  {
    name: "nginx: the block that answers OPTIONS forgets the headers around it",
    cause: "preflight-not-handled",
    readsAfterwards: 201,
    ...jsonPost,
    configuration: passing(
      `${ALLOW} always;`,
      "if ($request_method = OPTIONS) {",
      "    add_header Content-Length 0;",
      "    return 204;",
      "}",
    ),
    upstream: answering(201),
  },
  {
    name: "nginx: client_max_body_size in front of an application with CORS",
    cause: "failure-without-cors",
    hiddenStatus: 413,
    readsAfterwards: 413,
    ...upload,
    configuration: `client_max_body_size 16k;${passing()}`,
    upstream: allowing(200),
  },
  {
    name: "nginx: a dead application, one of two behind it",
    cause: "failure-without-cors",
    hiddenStatus: 502,
    readsAfterwards: 502,
    configuration: `
server {
    listen 127.0.0.1:{{PORT}};
    root {{FOLDER}}/site;
    location / {
        ${ALLOW};
    }
    location /api/ {
        # cors: location
        ${ALLOW};
        # /cors
        proxy_pass http://{{UPSTREAM}};
    }
}`,
    files: { "site/index.html": "<h1>API</h1>" },
  },
  {
    name: "nginx: a slow application, answered with 504",
    cause: "failure-without-cors",
    hiddenStatus: 504,
    readsAfterwards: 504,
    configuration: passing().replace("proxy_pass", "proxy_read_timeout 100ms;\n        proxy_pass"),
    upstream: (origin) => (request, response) =>
      (request.url === "/api/items" ? silent() : allowing(200)(origin))(request, response),
  },
  {
    name: "nginx: the application adds the header, too",
    cause: "added-twice",
    readsAfterwards: 200,
    configuration: passing(`${ALLOW} always;`),
    upstream: allowing(200),
  },
  {
    name: "nginx: * beside the application's own header",
    cause: "added-twice",
    readsAfterwards: 200,
    configuration: passing("add_header Access-Control-Allow-Origin * always;"),
    upstream: allowing(200),
  },
  {
    name: "nginx: * for a page that sends cookies",
    cause: "wildcard-with-credentials",
    readsAfterwards: 200,
    request: { path: "/api/items", credentials: "include" },
    configuration: passing("add_header Access-Control-Allow-Origin * always;"),
    upstream: answering(200),
  },
  {
    name: "nginx: cookies without Allow-Credentials",
    cause: "credentials-not-allowed",
    readsAfterwards: 200,
    request: { path: "/api/items", credentials: "include" },
    configuration: passing(`${ALLOW} always;`),
    upstream: answering(200),
  },
  {
    name: "nginx: a preflight is redirected to the same path with a slash",
    cause: "redirect",
    readsAfterwards: 201,
    ...jsonPost,
    request: { ...jsonPost.request, path: "/items" },
    configuration: `
server {
    listen 127.0.0.1:{{PORT}};
    # cors
    # /cors
    location /items/ {
        proxy_pass http://{{UPSTREAM}};
    }
}`,
    upstream: allowing(201),
  },
  {
    name: "nginx: a rewrite moves preflights, too",
    cause: "redirect",
    readsAfterwards: 200,
    request: { path: "/v1/items", headers: [["Authorization", "Bearer t"]] },
    configuration: `
server {
    listen 127.0.0.1:{{PORT}};
    location / {
        # cors: location
        ${ALLOW} always;
        # /cors
        rewrite ^/v1/(.*)$ /v2/$1 permanent;
        proxy_pass http://{{UPSTREAM}};
    }
}`,
    upstream: answering(200),
  },
  {
    name: "nginx: Allow-Headers lacks the one that the page sends",
    cause: "header-not-listed",
    readsAfterwards: 200,
    request: { path: "/api/items", headers: [["X-Api-Version", "2"]] },
    configuration: passing(
      `${ALLOW} always;`,
      "if ($request_method = OPTIONS) {",
      `    ${ALLOW};`,
      '    add_header Access-Control-Allow-Methods "GET, POST, PUT, DELETE";',
      '    add_header Access-Control-Allow-Headers "Content-Type, Authorization";',
      "    return 204;",
      "}",
    ),
    upstream: answering(200),
  },
  {
    name: "nginx: Allow-Methods lacks the one that the page sends",
    cause: "method-not-listed",
    readsAfterwards: 200,
    request: { path: "/api/items/1", method: "DELETE" },
    configuration: passing(
      `${ALLOW} always;`,
      "if ($request_method = OPTIONS) {",
      `    ${ALLOW};`,
      '    add_header Access-Control-Allow-Methods "GET, POST";',
      "    return 204;",
      "}",
    ),
    upstream: answering(200),
  },
  {
    name: "nginx: auth_basic asks the preflight for a password",
    cause: "preflight-not-handled",
    readsAfterwards: 200,
    ...withPassword,
    configuration: `
server {
    listen 127.0.0.1:{{PORT}};
    location / {
        # cors: location
        ${ALLOW} always;
        add_header Access-Control-Allow-Headers Authorization always;
        # /cors
        auth_basic API;
        auth_basic_user_file {{FOLDER}}/users;
        proxy_pass http://{{UPSTREAM}};
    }
}`,
    files: { users: "user:{PLAIN}pass\n" },
    upstream: answering(200),
  },
  {
    name: "nginx: limit_req refuses, in front of an application with CORS",
    cause: "failure-without-cors",
    hiddenStatus: 429,
    readsAfterwards: 429,
    configuration: `limit_req_zone $uri zone=api:1m rate=1r/m;
limit_req_status 429;
server {
    listen 127.0.0.1:{{PORT}};
    location / {
        proxy_pass http://{{UPSTREAM}};
    }
    location /api/ {
        # cors: location
        # /cors
        limit_req zone=api;
        proxy_pass http://{{UPSTREAM}};
    }
}`,
    upstream: allowing(200),
    before: (url) => [new Request(`${url}/api/items`)],
  },
  {
    name: "nginx: proxy_cache gives one origin's answer to all",
    cause: "origin-not-listed",
    readsAfterwards: 200,
    configuration: `proxy_cache_path {{FOLDER}}/cache keys_zone=api:1m;${passing().replace(
      "proxy_pass",
      "proxy_cache api;\n        proxy_cache_valid 10m;\n        proxy_pass",
    )}`,
    upstream: allowing(200, "https://app.example.com"),
    before: (url) => [new Request(`${url}/api/items`, { headers: { origin: "https://app.example.com" } })],
  },
  {
    name: "nginx: a map that does not list the origin",
    cause: "origin-not-listed",
    readsAfterwards: 200,
    configuration: `map $http_origin $allowed {
    default "https://app.example.com";
    "https://www.example.com" $http_origin;
}${passing("add_header Access-Control-Allow-Origin $allowed always;", "add_header Vary Origin always;")}`,
    upstream: answering(200),
  },
  {
    name: "nginx: a list of origins in one header",
    cause: "malformed-header",
    readsAfterwards: 200,
    configuration: passing(
      'add_header Access-Control-Allow-Origin "https://app.example.com, {{ORIGIN}}" always;',
    ),
    upstream: answering(200),
  },
  {
    name: "nginx: the origin is written with a slash behind it",
    cause: "malformed-header",
    readsAfterwards: 200,
    configuration: passing('add_header Access-Control-Allow-Origin "{{ORIGIN}}/" always;'),
    upstream: answering(200),
  },
  {
    name: "nginx: files allow GET alone, a preflight gets 405",
    cause: "preflight-not-handled",
    readsAfterwards: 200,
    request: { path: "/api/items", headers: [["X-Requested-With", "fetch"]] },
    configuration: `
server {
    listen 127.0.0.1:{{PORT}};
    root {{FOLDER}}/site;
    location / {
        # cors: location
        ${ALLOW} always;
        # /cors
    }
}`,
  },
];

/** Broken set-ups of nginx. */
export const nginxSetups: readonly Setup[] = serverSetups(nginx, cases);
