import { listOf, MIDDLEWARE_CAUSES } from "./middleware.ts";
import type { Recipe } from "./recipe.ts";

/** Changes for Django. */
export const DJANGO: readonly Recipe[] = [
  {
    id: "django/cors-headers-first",
    server: "django",
    causes: MIDDLEWARE_CAUSES,
    where: "at the end of `settings.py`, in place of all other settings that begin with `CORS_`",
    language: "python",
    text: ({ origin, methods, headers, credentials }) => `# pip install django-cors-headers
INSTALLED_APPS = [*(app for app in INSTALLED_APPS if app != "corsheaders"), "corsheaders"]
MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",
    *(entry for entry in MIDDLEWARE if entry != "corsheaders.middleware.CorsMiddleware"),
]
CORS_ALLOWED_ORIGINS = ${listOf([origin])}
CORS_ALLOW_METHODS = ${listOf(methods)}
CORS_ALLOW_HEADERS = ${listOf(headers)}
${credentials ? "CORS_ALLOW_CREDENTIALS = True\n" : ""}`,
  },
];
