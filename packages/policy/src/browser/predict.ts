import { construct } from "./construct.ts";
import type { Exchange, Prediction } from "./exchange.ts";
import { Fetching } from "./fetching.ts";
import type { BrowserProfile, DepartureName } from "./profile.ts";

/**
 * What a browser concludes from an exchange: whether the page reads the answer, what is sent on the
 * way, and by which name it fails. Pure; asks nobody. An answer that is missing counts as a connection
 * that failed.
 *
 * Source: Fetch, Request's constructor, main fetch, HTTP fetch, HTTP-redirect fetch, CORS-preflight fetch.
 */
export function predict(exchange: Exchange & { readonly profile: BrowserProfile }): Prediction {
  const departures = new Set<DepartureName>();
  const departs = (name: DepartureName): boolean => {
    if (!exchange.profile.departures.has(name)) return false;
    departures.add(name);
    return true;
  };
  const constructed = construct(exchange.request, departs);
  const course =
    typeof constructed === "string"
      ? { verdict: constructed, at: 0, preflights: [], requests: [], readable: null }
      : new Fetching(exchange, constructed, departs).run();
  return { ...course, departures: [...departures] };
}
