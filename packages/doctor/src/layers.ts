import type { Layer, RootCause } from "./diagnosis.ts";
import {
  type Answered,
  allowedOrigins,
  type Evidence,
  failureOf,
  isAnswered,
  speaksCors,
} from "./evidence.ts";
import type { ServerName } from "./recipes/recipe.ts";
import { signsIn, standsInFront } from "./recognise.ts";

/** Who has to change something; told by comparing ways, or by whose page a failure is. */
export function layerOf(cause: RootCause, evidence: Evidence, servers: readonly ServerName[]): Layer {
  const { blamed } = evidence;
  switch (cause) {
    case "none":
      return "nobody";
    case "request-impossible":
      return evidence.prediction.verdict === "ProxyAuthentication" ? "server" : "page";
    case "certificate":
      return "server";
    case "unreachable":
    case "no-answer": {
      const fault = failureOf(blamed)?.fault;
      return fault === "timeout" || fault === "reset" ? "application" : "network";
    }
    default:
      if (!isAnswered(blamed)) return "unknown";
      return byWays(blamed, evidence) ?? byWhoAnswered(blamed, servers);
  }
}

/** Where one way has what another lacks, it is what stands between them that takes or adds it. */
function byWays(blamed: Answered, { probed: { ways } }: Evidence): Layer | null {
  for (const way of ways) {
    const [here, there] = [allowedOrigins(blamed).length, allowedOrigins(way).length];
    if (here !== there || blamed.outcome.status !== way.outcome.status) return "proxy";
  }
  return ways.length > 0 && ways.every((way) => speaksCors(way) === speaksCors(blamed))
    ? "application"
    : null;
}

/** Statuses of those who have somebody behind them. */
const OF_PROXIES = new Set([502, 503, 504]);

function byWhoAnswered(blamed: Answered, servers: readonly ServerName[]): Layer {
  const isBehind = servers.some((server) => !standsInFront(server) && server !== "s3");
  const isInFront = servers.some(standsInFront);
  if (isOwnPage(blamed)) return isBehind || OF_PROXIES.has(blamed.outcome.status) ? "proxy" : "server";
  if (isInFront && isBehind) return "proxy";
  if (isBehind) return "application";
  return servers.length > 0 ? "server" : "unknown";
}

/** Whether a failure's page is written by what stands in front. */
export function isOwnPage(answer: Answered): boolean {
  const { outcome } = answer;
  if (outcome.status < 400) return false;
  const headers = outcome.headers.filter(([name]) => /^content-type$/i.test(name));
  return signsIn({ ...answer, outcome: { ...outcome, headers } }).some(standsInFront);
}
