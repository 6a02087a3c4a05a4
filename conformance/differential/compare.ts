import type { Exchange, Prediction } from "@waybill/policy/browser";
import type { PageOutcome } from "./page-script.ts";
import type { SeenRequest } from "./scripted-servers.ts";

/** What of an exchange both sides tell, in one shape. */
export interface Comparable {
  readonly verdict: string;
  /** One line for each request and preflight that a server saw. */
  readonly wire: readonly string[];
  readonly readable: unknown;
}

/** Lines that the browser may write itself, so that only their value tells whose they are. */
const BROWSERS_OWN =
  /^(?:accept|accept-language|cache-control|cookie|dnt|host|origin|pragma|referer|user-agent|sec-.*)$/;

const preflightLine = (hop: number, origin: string, method: string, names: string | null) =>
  `${hop} preflight from ${origin} for ${method} with ${names ?? "no headers"}`;

const requestLine = (
  hop: number,
  method: string,
  rest: {
    readonly origin: string | null;
    readonly user: string;
    readonly body: boolean;
    readonly headers: readonly string[];
  },
) =>
  `${hop} ${method} from ${rest.origin ?? "-"}${rest.user}${rest.body ? " with body" : ""} ${rest.headers.join(" | ")}`;

/** The page's own lines that are of interest, as one looks at what is sent. */
function namesOf({ request }: Pick<Exchange, "request">): readonly string[] {
  const names = (request.headers ?? []).map(([name]) => name.toLowerCase());
  return [...new Set([...names, "content-type"])].sort();
}

/** The page's own lines, those of one name joined. */
function sortedLines({ request }: Exchange): readonly (readonly [name: string, value: string])[] {
  return namesOf({ request }).map((wanted) => {
    const lines = (request.headers ?? []).filter(([name]) => name.toLowerCase() === wanted);
    return [wanted, lines.map(([, value]) => value.trim()).join(", ")] as const;
  });
}

/** Cookies are for one host: only there is it seen whether they are sent. */
const hasCookie = ({ page }: Exchange, host: string) =>
  page.origin !== "null" && host.startsWith("localhost");

/** What the model says. */
export function ofPrediction(exchange: Exchange, prediction: Prediction): Comparable {
  const lines = [
    ...prediction.preflights.map((sent) => ({
      order: sent.hop,
      text: preflightLine(sent.hop, sent.origin, sent.requestMethod, sent.requestHeaders),
    })),
    ...prediction.requests.map((sent) => {
      const { host } = new URL(sent.url);
      const values = new Map(sent.headers);
      return {
        order: sent.hop + 0.5,
        text: requestLine(sent.hop, sent.method, {
          origin: sent.origin,
          user: hasCookie(exchange, host) ? (sent.credentials ? " as user" : " as nobody") : "",
          body: sent.hasBody,
          headers: namesOf(exchange).map((name) => `${name}: ${shown(name, values.get(name))}`),
        }),
      };
    }),
  ];
  const { verdict, readable } = prediction;
  return {
    verdict,
    wire: lines.sort((one, other) => one.order - other.order).map(({ text }) => text),
    readable: readable === null ? null : { ...readable, body: readable.body ?? "" },
  };
}

const shown = (name: string, value: string | undefined): string => {
  if (value === undefined) return "-";
  // Chromium's cache reads a range, and writes it again in its own way.
  if (name === "range") return value.toLowerCase().replaceAll(" ", "");
  if (name === "content-type") return value.trim().replace(/boundary=----.*/, "boundary=----");
  return value.trim();
};

/** What Chromium did. */
export function ofBrowser(
  exchange: Exchange,
  verdict: string,
  {
    seen,
    outcome,
    isOverNetwork,
  }: {
    readonly seen: readonly SeenRequest[];
    readonly outcome: PageOutcome;
    readonly isOverNetwork: boolean;
  },
): Comparable {
  const authored = new Map(sortedLines(exchange));
  const wire = seen.map(({ hop, isPreflight, method, headers, bodyBytes }) => {
    const origin = headers.get("origin") ?? null;
    if (isPreflight) {
      const names = headers.get("access-control-request-headers") ?? null;
      return preflightLine(hop, String(origin), headers.get("access-control-request-method") ?? "", names);
    }
    const ofPage = (name: string): string | undefined => {
      const value = headers.get(name);
      return value === undefined || !BROWSERS_OWN.test(name) || authored.get(name)?.includes(value) === true
        ? value
        : undefined;
    };
    const host = headers.get("host") ?? "";
    return requestLine(hop, method, {
      origin,
      user: hasCookie(exchange, host)
        ? headers.get("cookie")?.includes("user=1") === true
          ? " as user"
          : " as nobody"
        : "",
      body: bodyBytes > 0,
      headers: namesOf(exchange).map((name) => `${name}: ${shown(name, ofPage(name))}`),
    });
  });
  const read =
    outcome.kind === "answered"
      ? { status: outcome.status, headers: outcome.headers, body: outcome.body }
      : null;
  return {
    verdict,
    // A browser asks again on a fresh connection if one that was kept is lost.
    wire: wire.filter((line, at) => line !== wire[at - 1]),
    readable: verdict === "ok" && isOverNetwork ? read : null,
  };
}
