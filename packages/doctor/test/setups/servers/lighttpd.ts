import type { Setup } from "../setup.ts";
import { allowing, answering } from "./applications.ts";
import { jsonPost, withPassword } from "./requests.ts";
import { type ServerCase, type ServerKind, serverSetups } from "./server-setup.ts";

/** lighttpd, with its configuration behind ports and modules. */
const lighttpd: ServerKind = {
  name: "lighttpd",
  variable: "LIGHTTPD_PATH",
  command: "lighttpd",
  file: "lighttpd.conf",
  frame: (configuration) => `server.document-root = "{{FOLDER}}/site"
server.bind = "127.0.0.1"
server.port = {{PORT}}
server.modules = ( "mod_auth", "mod_authn_file", "mod_access", "mod_setenv", "mod_proxy" )
${configuration}
`,
  program: (folder) => ({
    args: ["-D", "-f", `${folder}/lighttpd.conf`],
  }),
};

const PASS = 'proxy.server = ( "" => (( "host" => "127.0.0.1", "port" => {{UPSTREAM_PORT}} )) )';
const ALLOW = 'setenv.add-response-header = ( "Access-Control-Allow-Origin" => "{{ORIGIN}}" )';

const cases: readonly ServerCase[] = [
  {
    name: "lighttpd: no CORS at all",
    cause: "no-cors",
    readsAfterwards: 200,
    configuration: `# cors
# /cors`,
  },
  {
    name: "lighttpd: setenv.add-response-header beside the application's own header",
    cause: "added-twice",
    readsAfterwards: 200,
    configuration: `${PASS}
# cors
${ALLOW}
# /cors`,
    upstream: allowing(200),
  },
  {
    name: "lighttpd: the headers are for a folder, and a file is missing outside of it",
    cause: "failure-without-cors",
    hiddenStatus: 404,
    readsAfterwards: 404,
    request: { path: "/media/cat.png" },
    configuration: `# cors
$HTTP["url"] =~ "^/$|^/api/" {
    ${ALLOW}
}
# /cors`,
    files: { "site/index.html": "<h1>API</h1>" },
  },
  {
    name: "lighttpd: a dead application in front of which nobody adds headers",
    cause: "failure-without-cors",
    hiddenStatus: 503,
    readsAfterwards: 503,
    configuration: `${PASS}
# cors
# /cors`,
  },
  {
    name: "lighttpd: OPTIONS is answered, and Content-Type is not allowed",
    cause: "header-not-listed",
    readsAfterwards: 201,
    ...jsonPost,
    configuration: `${PASS}
# cors
${ALLOW}
# /cors`,
    upstream: answering(201),
  },
  {
    name: "lighttpd: a password is asked of the preflight",
    cause: "preflight-not-handled",
    readsAfterwards: 200,
    ...withPassword,
    configuration: `auth.backend = "plain"
auth.backend.plain.userfile = "{{FOLDER}}/users"
auth.require = ( "/api" => ( "method" => "basic", "realm" => "API", "require" => "valid-user" ) )
# cors
${ALLOW}
# /cors`,
    files: { "site/api/items": "[]", users: "user:pass\n" },
  },
];

/** Broken set-ups of lighttpd. */
export const lighttpdSetups: readonly Setup[] = serverSetups(lighttpd, cases);
