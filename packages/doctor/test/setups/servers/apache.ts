import type { Setup } from "../setup.ts";
import { allowing, answering } from "./applications.ts";
import { jsonPost, withPassword } from "./requests.ts";
import { type ServerCase, type ServerKind, serverSetups } from "./server-setup.ts";

const MODULES = [
  "mpm_event",
  "authn_core",
  "authn_file",
  "authz_core",
  "authz_user",
  "auth_basic",
  "headers",
  "rewrite",
  "dir",
  "mime",
  "allowmethods",
  "proxy",
  "proxy_http",
];

/** Apache, with a configuration that is the content of its virtual host. */
const apache: ServerKind = {
  name: "apache",
  variable: "APACHE_PATH",
  command: "apache2",
  file: "httpd.conf",
  frame: (configuration) => `ServerRoot {{FOLDER}}
PidFile {{FOLDER}}/httpd.pid
ErrorLog {{FOLDER}}/error.log
ServerName localhost
User www-data
Group www-data
Listen 127.0.0.1:{{PORT}}
${MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join("\n")}
TypesConfig /etc/mime.types
<VirtualHost 127.0.0.1:{{PORT}}>
    DocumentRoot {{FOLDER}}/site
    <Directory {{FOLDER}}/site>
        Require all granted
    </Directory>
${configuration}
</VirtualHost>
`,
  program: (folder) => ({
    args: ["-X", "-d", folder, "-f", `${folder}/httpd.conf`],
  }),
};

const PASS = "    ProxyPass / http://{{UPSTREAM}}/";

/** The given lines, where the fix goes. */
const cors = (...lines: readonly string[]) =>
  ["# cors", ...lines, "# /cors"].map((line) => `    ${line}`).join("\n");

const cases: readonly ServerCase[] = [
  {
    name: "Apache: no CORS at all",
    cause: "no-cors",
    readsAfterwards: 200,
    configuration: cors(),
  },
  {
    name: "Apache: Header set without always, and a file that is not there",
    cause: "failure-without-cors",
    hiddenStatus: 404,
    readsAfterwards: 404,
    request: { path: "/api/items/2" },
    configuration: cors('Header set Access-Control-Allow-Origin "{{ORIGIN}}"'),
    files: { "site/index.html": "<h1>API</h1>" },
  },
  {
    name: "Apache: Header set without always, and a dead application",
    cause: "failure-without-cors",
    hiddenStatus: 503,
    readsAfterwards: 503,
    configuration: `${cors('Header set Access-Control-Allow-Origin "{{ORIGIN}}"')}
    ProxyPass /api http://{{UPSTREAM}}/api`,
    files: { "site/index.html": "<h1>API</h1>" },
  },
  {
    name: "Apache: Header always set beside the application's own header",
    cause: "added-twice",
    readsAfterwards: 200,
    configuration: `${cors('Header always set Access-Control-Allow-Origin "{{ORIGIN}}"')}
${PASS}`,
    upstream: allowing(200),
  },
  {
    name: "Apache: Header set beside Header always set",
    cause: "added-twice",
    readsAfterwards: 200,
    configuration: cors(
      'Header set Access-Control-Allow-Origin "{{ORIGIN}}"',
      'Header always set Access-Control-Allow-Origin "{{ORIGIN}}"',
    ),
  },
  {
    name: "Apache: a password is asked of the preflight",
    cause: "preflight-not-handled",
    readsAfterwards: 200,
    ...withPassword,
    configuration: `${cors(
      'Header always set Access-Control-Allow-Origin "{{ORIGIN}}"',
      'Header always set Access-Control-Allow-Headers "Authorization"',
    )}
    <Location /api>
        AuthType Basic
        AuthName API
        AuthUserFile {{FOLDER}}/users
        Require valid-user
    </Location>`,
    files: { "site/api/items": "[]", users: "user:{SHA}nU4eI71bcnBGqeO0t9tXvY1u5oQ=\n" },
  },
  {
    name: "Apache: AllowMethods refuses OPTIONS",
    cause: "preflight-not-handled",
    readsAfterwards: 200,
    request: { path: "/api/items", headers: [["X-Requested-With", "fetch"]] },
    configuration: `${cors('Header always set Access-Control-Allow-Origin "{{ORIGIN}}"')}
    <Location /api>
        AllowMethods GET HEAD POST
    </Location>`,
  },
  {
    name: "Apache: a rewrite rule adds the slash to preflights, too",
    cause: "redirect",
    readsAfterwards: 200,
    request: { path: "/api/items", headers: [["Authorization", "Bearer t"]] },
    configuration: `${cors('Header always set Access-Control-Allow-Origin "{{ORIGIN}}"', "RewriteEngine On")}
    RewriteRule ^(.*[^/])$ $1/ [R=301,L]
${PASS}`,
    upstream: answering(200),
  },
  {
    name: "Apache: * for a page that sends cookies",
    cause: "wildcard-with-credentials",
    readsAfterwards: 200,
    request: { path: "/api/items", credentials: "include" },
    configuration: cors("Header always set Access-Control-Allow-Origin *"),
  },
  {
    name: "Apache: preflights answered with 204, and no header for Content-Type",
    cause: "header-not-listed",
    readsAfterwards: 201,
    ...jsonPost,
    configuration: `${cors(
      'Header always set Access-Control-Allow-Origin "{{ORIGIN}}"',
      'Header always set Access-Control-Allow-Methods "GET, POST, OPTIONS"',
      "RewriteEngine On",
      "RewriteCond %{REQUEST_METHOD} OPTIONS",
      "RewriteRule ^(.*)$ $1 [R=204,L]",
    )}
${PASS}`,
    upstream: answering(201),
  },
];

/** Broken set-ups of Apache. */
export const apacheSetups: readonly Setup[] = serverSetups(apache, cases);
