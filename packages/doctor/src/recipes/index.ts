import { NGINX } from "./nginx.ts";
import type { Recipe } from "./recipe.ts";

/** Every recipe, the most fitting of a server first. */
export const RECIPES: readonly Recipe[] = [...NGINX];
