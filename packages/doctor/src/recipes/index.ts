import { APACHE } from "./apache.ts";
import { CADDY } from "./caddy.ts";
import { DJANGO } from "./django.ts";
import { EXPRESS } from "./express.ts";
import { FASTAPI } from "./fastapi.ts";
import { FASTIFY } from "./fastify.ts";
import { FLASK } from "./flask.ts";
import { GO } from "./go.ts";
import { HAPROXY } from "./haproxy.ts";
import { HONO } from "./hono.ts";
import { KOA } from "./koa.ts";
import { LIGHTTPD } from "./lighttpd.ts";
import { NGINX } from "./nginx.ts";
import { NODE } from "./node.ts";
import type { Recipe } from "./recipe.ts";
import { S3 } from "./s3.ts";
import { WAYBILL } from "./waybill.ts";

/** Every recipe, the most fitting of a server first. */
export const RECIPES: readonly Recipe[] = [
  ...NGINX,
  ...APACHE,
  ...CADDY,
  ...HAPROXY,
  ...LIGHTTPD,
  ...S3,
  ...WAYBILL,
  ...EXPRESS,
  ...FASTIFY,
  ...KOA,
  ...HONO,
  ...NODE,
  ...FASTAPI,
  ...FLASK,
  ...DJANGO,
  ...GO,
];
