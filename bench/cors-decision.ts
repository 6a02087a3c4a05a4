// What deciding about one request costs, by the number of origins that are allowed, beside the middleware
// `cors` of Express with the same list, in one run. Each text is a new string, as the parser's are.
// Promise: deciding takes at most 1 µs, with 10,000 origins as with 10. Run: node bench/cors-decision.ts
import { createRequire } from "node:module";
import { applyCors, createCorsPolicy } from "@waybill/policy";

const SIZES = [10, 100, 1_000, 10_000];
const BATCH = 2_000;
const ROUNDS = 40;
const MAX_NS = 1_000;

type Middleware = (request: object, response: object, next: () => void) => void;
const cors = createRequire(import.meta.url)("cors") as (options: object) => Middleware;

/** As much of a response's headers as either side uses. */
class Outgoing {
  readonly #lines = new Map<string, string>();
  getHeader = (name: string) => this.#lines.get(name.toLowerCase());
  setHeader = (name: string, value: string) => void this.#lines.set(name.toLowerCase(), value);
  get = (name: string) => this.#lines.get(name) ?? null;
  set = this.setHeader;
  delete = (name: string) => void this.#lines.delete(name);
  keys = () => this.#lines.keys();
}

interface Case {
  readonly name: string;
  /** What is allowed at place `n`. */
  readonly allowed: (n: number) => string;
  readonly asked: (n: number) => string;
  readonly answer: "allowed" | "denied";
}
const CASES: readonly Case[] = [
  {
    name: "named",
    allowed: (n) => `https://a${n}.example`,
    asked: (n) => `https://a${n}.example`,
    answer: "allowed",
  },
  {
    name: "denied",
    allowed: (n) => `https://a${n}.example`,
    asked: (n) => `https://b${n}.example`,
    answer: "denied",
  },
  {
    name: "pattern",
    allowed: (n) => `https://*.a${n}.example`,
    asked: (n) => `https://x.a${n}.example`,
    answer: "allowed",
  },
  {
    name: "pattern, denied",
    allowed: (n) => `https://*.a${n}.example`,
    asked: (n) => `https://x.b${n}.example`,
    answer: "denied",
  },
  {
    name: "pattern, long and denied",
    allowed: (n) => `https://*.a${n}.example`,
    asked: (n) => `https://${"x.".repeat(110)}b${n}.example:8443`,
    answer: "denied",
  },
];

/** Strings that nobody has hashed or compared yet. */
function fresh({ asked }: Case, size: number): string[] {
  return Array.from({ length: BATCH }, (_, index) =>
    Buffer.from(asked((index * 7_919) % size)).toString("latin1"),
  );
}

/** Nanoseconds of one call in the best of the rounds: whatever else the machine does only adds to it. */
function cost(texts: () => string[], call: (origin: string) => void, count = BATCH): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const batch = texts().slice(0, count);
    const start = performance.now();
    for (const text of batch) call(text);
    best = Math.min(best, ((performance.now() - start) * 1e6) / batch.length);
  }
  return best;
}

/** A list for `cors`, which knows patterns as regular expressions only. */
function forExpress(allowed: readonly string[]): (string | RegExp)[] {
  return allowed.map((text) =>
    text.includes("*") ? new RegExp(`^${text.replaceAll(".", "\\.").replace("*", "[a-z0-9.-]+")}$`) : text,
  );
}

const exposedHeaders = ["X-Request-Id", "Retry-After", "WWW-Authenticate"];
const rows: Record<string, string | number>[] = [];
let kept = true;
for (const one of CASES) {
  for (const size of SIZES) {
    const origins = Array.from({ length: size }, (_, n) => one.allowed(n));
    const result = createCorsPolicy({
      origins,
      exposedHeaders,
      credentials: true,
      dangerouslyAllowPublicSuffixes: true,
    });
    if (!result.ok) throw new Error(JSON.stringify(result.issues[0]));
    const { policy } = result;
    const express = cors({ origin: forExpress(origins), credentials: true, exposedHeaders });
    let agreed = true;
    const texts = () => fresh(one, size);
    const decide = cost(texts, (origin) => {
      if (policy.decide({ method: "POST", origin }).origin !== one.answer) agreed = false;
    });
    const applied = cost(texts, (origin) => {
      applyCors(policy.decide({ method: "POST", origin }), new Outgoing());
    });
    // A scan of a long list takes too long for whole batches.
    const peer = cost(
      texts,
      (origin) => {
        const response = new Outgoing();
        express({ method: "POST", headers: { origin } }, response, () => {});
        const allowed = response.getHeader("access-control-allow-origin") === origin;
        if (allowed !== (one.answer === "allowed")) agreed = false;
      },
      Math.max(2, Math.min(BATCH, Math.round(50_000 / size))),
    );
    if (!agreed) throw new Error(`${one.name}, ${size}: not what was to be answered.`);
    if (decide > MAX_NS) kept = false;
    rows.push({
      case: one.name,
      origins: size,
      "decide, ns": Math.round(decide),
      "and apply, ns": Math.round(applied),
      "cors, ns": Math.round(peer),
      "cors / ours": Number((peer / applied).toFixed(1)),
    });
  }
}
process.stdout.write(`${Object.keys(rows[0] ?? {}).join(" | ")}\n`);
for (const row of rows) process.stdout.write(`${Object.values(row).join(" | ")}\n`);
process.stdout.write(kept ? "The promise is kept.\n" : "The promise is broken.\n");
process.exitCode = kept ? 0 : 1;
