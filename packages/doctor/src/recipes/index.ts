import { APACHE } from "./apache.ts";
import { CADDY } from "./caddy.ts";
import { HAPROXY } from "./haproxy.ts";
import { LIGHTTPD } from "./lighttpd.ts";
import { NGINX } from "./nginx.ts";
import type { Recipe } from "./recipe.ts";

/** Every recipe, the most fitting of a server first. */
export const RECIPES: readonly Recipe[] = [...NGINX, ...APACHE, ...CADDY, ...HAPROXY, ...LIGHTTPD];
