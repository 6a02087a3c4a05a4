import { listOf, MIDDLEWARE_CAUSES } from "./middleware.ts";
import { guardText, isGuardable } from "./node.ts";
import type { Need, Recipe } from "./recipe.ts";

const corsText = ({ origin, methods, headers, credentials }: Need) => `// In the imports:
import cors from "cors"; // npm install cors
// In the first line after express():
app.use(
  cors({
    origin: ${listOf([origin])},
    methods: ${listOf(methods)},
    allowedHeaders: ${listOf(headers)},${credentials ? "\n    credentials: true," : ""}
  }),
);
`;

/** Changes for Express 4 and 5. */
export const EXPRESS: readonly Recipe[] = [
  {
    id: "express/cors-first",
    server: "express",
    causes: MIDDLEWARE_CAUSES,
    where:
      "directly after `express()`, in front of every parser, login and route, and in place of all other CORS code",
    language: "js",
    text: corsText,
  },
  {
    id: "express/resource-policy",
    server: "express",
    causes: ["resource-policy"],
    where: "after `helmet()` or whatever else sets the header, in front of the routes",
    language: "js",
    text: () => `app.use((request, response, next) => {
  response.set("Cross-Origin-Resource-Policy", "cross-origin");
  next();
});
`,
  },
  {
    id: "express/guard",
    server: "express",
    causes: ["added-twice"],
    fits: isGuardable,
    where: "in place of `app.listen(port)`; whatever else sets or passes on CORS headers no longer matters",
    language: "js",
    text: (need) => guardText(need, "app"),
  },
];
