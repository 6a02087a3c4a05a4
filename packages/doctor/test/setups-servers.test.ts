import { apacheSetups } from "./setups/servers/apache.ts";
import { caddySetups } from "./setups/servers/caddy.ts";
import { haproxySetups } from "./setups/servers/haproxy.ts";
import { lighttpdSetups } from "./setups/servers/lighttpd.ts";
import { nginxSetups } from "./setups/servers/nginx.ts";
import { s3Setups } from "./setups/servers/s3.ts";
import { waybillSetups } from "./setups/servers/waybill.ts";
import { suite } from "./setups/suite.ts";

suite("servers", [
  ...nginxSetups,
  ...apacheSetups,
  ...caddySetups,
  ...haproxySetups,
  ...lighttpdSetups,
  ...s3Setups,
  ...waybillSetups,
]);
