import type { Setup } from "../setup.ts";
import { allowing, answering } from "./applications.ts";
import { jsonPost, withPassword } from "./requests.ts";
import { type ServerCase, type ServerKind, serverSetups } from "./server-setup.ts";

/** Caddy, with a configuration that is the content of its site. */
const caddy: ServerKind = {
  name: "caddy",
  variable: "CADDY_PATH",
  command: "caddy",
  file: "Caddyfile",
  frame: (configuration) => `{
    admin off
    auto_https off
}
http://127.0.0.1:{{PORT}} {
${configuration}
}
`,
  program: (folder) => ({
    args: ["run", "--config", `${folder}/Caddyfile`, "--adapter", "caddyfile"],
    env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  }),
};

const cases: readonly ServerCase[] = [
  {
    name: "Caddy: no CORS at all",
    cause: "no-cors",
    readsAfterwards: 200,
    configuration: `
    route {
        # cors
        # /cors
        reverse_proxy {{UPSTREAM}}
    }`,
    upstream: answering(200),
  },
  {
    name: "Caddy: header_down, which a dead application never reaches",
    cause: "failure-without-cors",
    hiddenStatus: 502,
    readsAfterwards: 502,
    configuration: `
    route {
        # cors
        # /cors
        reverse_proxy /api/* {{UPSTREAM}} {
            header_down Access-Control-Allow-Origin {{ORIGIN}}
        }
    }`,
  },
  {
    name: "Caddy: the application adds the header, too",
    cause: "added-twice",
    readsAfterwards: 200,
    configuration: `
    route {
        # cors
        header Access-Control-Allow-Origin {{ORIGIN}}
        # /cors
        reverse_proxy {{UPSTREAM}}
    }`,
    upstream: allowing(200),
  },
  {
    name: "Caddy: a matcher of methods leaves out OPTIONS",
    cause: "preflight-not-handled",
    readsAfterwards: 201,
    ...jsonPost,
    configuration: `
    @api method GET POST
    route {
        # cors
        header {
            Access-Control-Allow-Origin {{ORIGIN}}
            Access-Control-Allow-Headers Content-Type
        }
        # /cors
        reverse_proxy @api {{UPSTREAM}}
        respond 405
    }`,
    upstream: answering(201),
  },
  {
    name: "Caddy: a password is asked of the preflight",
    cause: "preflight-not-handled",
    readsAfterwards: 200,
    ...withPassword,
    configuration: `
    route {
        # cors
        header Access-Control-Allow-Origin {{ORIGIN}}
        header Access-Control-Allow-Headers Authorization
        # /cors
        basicauth {
            user $2y$04$o4dqJIV58uf4/7ihdLwlbedQR00DNxD7BA86qhx7F7SgwTNCoQFcq
        }
        reverse_proxy {{UPSTREAM}}
    }`,
    upstream: answering(200),
  },
  {
    name: "Caddy: header with defer, which errors of Caddy's own go past",
    cause: "failure-without-cors",
    hiddenStatus: 404,
    readsAfterwards: 404,
    request: { path: "/api/items/2" },
    configuration: `
    root * {{FOLDER}}/site
    route {
        # cors
        header {
            Access-Control-Allow-Origin {{ORIGIN}}
            defer
        }
        # /cors
        file_server
    }
    handle_errors {
        respond "{err.status_code}"
    }`,
    files: { "site/index.html": "<h1>API</h1>" },
  },
  {
    name: "Caddy: * for a page that sends cookies",
    cause: "wildcard-with-credentials",
    readsAfterwards: 200,
    request: { path: "/api/items", credentials: "include" },
    configuration: `
    route {
        # cors
        header Access-Control-Allow-Origin *
        # /cors
        reverse_proxy {{UPSTREAM}}
    }`,
    upstream: answering(200),
  },
  {
    name: "Caddy: preflights are answered, and Content-Type is not allowed",
    cause: "header-not-listed",
    readsAfterwards: 201,
    ...jsonPost,
    configuration: `
    route {
        # cors
        header Access-Control-Allow-Origin {{ORIGIN}}
        @options method OPTIONS
        respond @options 204
        # /cors
        reverse_proxy {{UPSTREAM}}
    }`,
    upstream: answering(201),
  },
];

/** Broken set-ups of Caddy. */
export const caddySetups: readonly Setup[] = serverSetups(caddy, cases);
