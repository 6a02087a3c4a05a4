import type { Head } from "./read-head.ts";

/** Who asks. */
export type Asker = "allowed" | "denied" | "none";

/** What an answer must have. */
export interface Expectation {
  readonly asker: Asker;
  readonly origin: string | undefined;
  readonly statuses: readonly number[];
  readonly credentials: boolean;
  /** In any case. */
  readonly exposedHeaders: readonly string[];
}

/** What of an answer decides whether the page may read it. */
export interface Seen {
  readonly status: number;
  /** One entry for each line. */
  readonly allowOrigin: readonly string[];
  readonly allowCredentials: readonly string[];
  readonly vary: readonly string[];
  /** Names in lower case. */
  readonly exposed: readonly string[];
}

/** The part of a head that matters. */
export function seenOf({ status, lines }: Head): Seen {
  const values = (name: string) => lines.filter(([known]) => known === name).map(([, value]) => value);
  return {
    status,
    allowOrigin: values("access-control-allow-origin"),
    allowCredentials: values("access-control-allow-credentials"),
    vary: values("vary"),
    exposed: namesIn(values("access-control-expose-headers")),
  };
}

/**
 * What is wrong with an answer; nothing if it is right.
 *
 * Source: Fetch, "CORS check", "CORS protocol and HTTP caches".
 */
export function reasonsAgainst(seen: Seen | null, expected: Expectation): readonly string[] {
  if (seen === null) return ["no answer"];
  const { asker, origin = "", statuses, credentials, exposedHeaders } = expected;
  const reasons: string[] = [];
  if (!statuses.includes(seen.status) && !(asker === "denied" && seen.status === 403))
    reasons.push(`status ${seen.status}, not ${statuses.join(" or ")}`);
  const [granted, ...more] = seen.allowOrigin;
  if (asker !== "allowed") {
    if (granted !== undefined) reasons.push(`Allow-Origin ${seen.allowOrigin.join(" and ")}, not none`);
  } else if (granted === undefined) reasons.push("no Allow-Origin");
  else {
    if (more.length > 0) reasons.push(`${more.length + 1} lines of Allow-Origin`);
    else if (granted !== origin) reasons.push(`Allow-Origin ${granted}, not ${origin}`);
    if (credentials && seen.allowCredentials.join() !== "true") reasons.push("no Allow-Credentials");
    const hidden = exposedHeaders.filter((name) => !seen.exposed.includes(name.toLowerCase()));
    if (hidden.length > 0) reasons.push(`does not expose ${hidden.join(", ")}`);
  }
  const vary = namesIn(seen.vary);
  if (!vary.includes("origin") && !vary.includes("*")) reasons.push("no Vary: Origin");
  return reasons;
}

const namesIn = (values: readonly string[]) =>
  values.flatMap((value) => value.split(",").map((name) => name.trim().toLowerCase()));
