import { createCorsPolicy } from "@waybill/policy";
import { listOf, MIDDLEWARE_CAUSES } from "./middleware.ts";
import type { Need, Recipe } from "./recipe.ts";

const configOf = ({ origin, methods, headers, credentials }: Need) => ({
  origins: [origin],
  methods: [...methods],
  allowedHeaders: [...headers],
  credentials,
});

/** Whether `createCorsPolicy` takes what is needed: an http origin with credentials it does not. */
export const isGuardable = (need: Need): boolean => createCorsPolicy(configOf(need)).ok;

/** The guard around a server of `node:http`, whose listener has the given name. */
export function guardText(need: Need, listener: string): string {
  const { origin, methods, headers, credentials } = need;
  return `// In the imports:
import { createServer } from "node:http";
import { createCorsPolicy } from "@waybill/policy";
import { guardCors } from "@waybill/server/node";
// In the place where the server is made:
const compiled = createCorsPolicy({
  origins: ${listOf([origin])},
  methods: ${listOf(methods)},
  allowedHeaders: ${listOf(headers)},${credentials ? "\n  credentials: true," : ""}
});
if (!compiled.ok) throw new Error(compiled.issues.map(({ message }) => message).join("\\n"));
const guard = guardCors(compiled.policy, { deadlineMs: 55_000 });
const server = createServer({ ServerResponse: guard.ServerResponse }, ${listener});
guard.attach(server);
server.listen(port);
`;
}

const byHandText = ({ origin, methods, headers, credentials }: Need) => {
  const allowCredentials = 'response.setHeader("Access-Control-Allow-Credentials", "true");\n';
  const allowHeaders = `  response.setHeader("Access-Control-Allow-Headers", ${JSON.stringify(headers.join(", "))});\n`;
  return `response.setHeader("Access-Control-Allow-Origin", ${JSON.stringify(origin)});
${credentials ? allowCredentials : ""}if (request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined) {
  response.setHeader("Access-Control-Allow-Methods", ${JSON.stringify(methods.join(", "))});
${headers.length > 0 ? allowHeaders : ""}  response.writeHead(204).end();
  return;
}
`;
};

/** Changes for servers of `node:http` without a framework. */
export const NODE: readonly Recipe[] = [
  {
    id: "node/guard",
    server: "node",
    causes: ["failure-without-cors"],
    fits: isGuardable,
    where: "in place of `createServer(listener).listen(port)`; Node's own failures are readable then, too",
    language: "js",
    text: (need) => guardText(need, "listener"),
  },
  {
    id: "node/by-hand",
    server: "node",
    causes: MIDDLEWARE_CAUSES,
    where: "in the first lines of the listener `(request, response) => …`, in place of all other CORS code",
    language: "js",
    text: byHandText,
  },
];
