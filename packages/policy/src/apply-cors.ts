import type { CorsDecision } from "./cors-policy.ts";

/** The part of `Headers` that applying needs. */
export interface MutableHeaders {
  get(name: string): string | null;
  set(name: string, value: string): void;
  delete(name: string): void;
  keys(): Iterable<string>;
}

/**
 * Puts a decision on a response's headers: every `access-control-*` line that somebody else has
 * put there goes first, then the decision's come, and `Vary` names `Origin` where the answer depends
 * on it, once, beside what it named before. Applying twice changes nothing.
 */
export function applyCors(decision: CorsDecision, headers: MutableHeaders): void {
  // All names first: deleting while iterating skips some.
  const names = [...headers.keys()];
  for (const name of names) {
    if (name.toLowerCase().startsWith("access-control-")) headers.delete(name);
  }
  for (const [name, value] of decision.headers) headers.set(name, value);
  const vary = varyWith(decision, headers.get("vary") ?? undefined);
  if (vary !== undefined) headers.set("vary", vary);
}

/** The value of `Vary` under a decision; undefined for none. `*` says everything already. */
export function varyWith(decision: CorsDecision, current: string | undefined): string | undefined {
  if (!decision.varies) return current;
  // A preflight's answer depends on what was asked for, too.
  const wanted =
    decision.kind === "preflight"
      ? ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"]
      : ["Origin"];
  if (current === undefined) return wanted.join(", ");
  const names = current
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.includes("*")) return current;
  const present = new Set(names.map((name) => name.toLowerCase()));
  const missing = wanted.filter((name) => !present.has(name.toLowerCase()));
  return missing.length === 0 ? current : [...names, ...missing].join(", ");
}
