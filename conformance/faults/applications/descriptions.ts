import type { Description } from "../description.ts";
import { FAULTS, isOfBytes, type Route } from "../faults.ts";
import { ALLOWED_ORIGIN, EXPOSED } from "./application.ts";

/** How long a guard waits for a handler, and a server for a body. Long enough for a busy machine. */
export const DEADLINE_MS = 2_000;
const JSON_TYPE = { "Content-Type": "application/json" };

const ROUTES: Readonly<Record<string, Route>> = {
  "not-found": { path: "/nowhere" },
  "method-not-allowed": { path: "/ok", method: "POST" },
  "bad-escape": { path: "/texts/%E0%A4%A" },
  "bad-parameter": { path: "/numbers/none" },
  "body-too-large": { path: "/body", method: "POST", headers: JSON_TYPE, bodyBytes: 20_000 },
  "malformed-json": { path: "/body", method: "POST", headers: JSON_TYPE, body: "{" },
  "body-stalls": { path: "/body", method: "POST", headers: JSON_TYPE },
};

/** What the applications have in common: a route for each fault that is not left out; `routes` take the place of the usual ones. */
export function descriptionOf(
  leftOut: readonly string[],
  routes: Readonly<Record<string, Route>> = {},
): Description {
  const faults = FAULTS.filter((fault) => !isOfBytes(fault) && !leftOut.includes(fault.id));
  return {
    allowedOrigin: ALLOWED_ORIGIN,
    exposedHeaders: EXPOSED,
    answerWithinMs: 5 * DEADLINE_MS,
    faults: Object.fromEntries(
      faults.map(({ id }) => [id, routes[id] ?? ROUTES[id] ?? { path: `/${id}` }] as const),
    ),
  };
}
