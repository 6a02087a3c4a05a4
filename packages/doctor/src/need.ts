import type { RootCause } from "./diagnosis.ts";
import { type Evidence, isAnswered } from "./evidence.ts";
import { valueOf } from "./header-values.ts";
import type { Need, ServerName } from "./recipes/recipe.ts";

/** What has to be allowed so that the page reads the answer. */
export function needOf(evidence: Evidence, cause: RootCause, servers: readonly ServerName[]): Need {
  const { question, prediction } = evidence;
  const { request } = question;
  const method = (prediction.preflights[0]?.requestMethod ?? request.method ?? "GET").toUpperCase();
  const names = prediction.preflights.flatMap(({ requestHeaders }) => requestHeaders?.split(",") ?? []);
  const redirectsTo = cause === "redirect" ? targetOf(evidence) : undefined;
  return {
    origin: question.origin,
    methods: [method],
    headers: [...new Set(names)],
    credentials: request.credentials === "include",
    path: URL.canParse(request.url) ? new URL(request.url).pathname : "/",
    cause,
    ...(redirectsTo !== undefined && { redirectsTo }),
    servers,
  };
}

function targetOf({ blamed }: Evidence): string | undefined {
  const location = isAnswered(blamed) ? valueOf(blamed.outcome.headers, "location") : null;
  return location === null ? undefined : (URL.parse(location, blamed?.url)?.href ?? undefined);
}
