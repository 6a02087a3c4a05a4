import type { Hop, PageRequest } from "@waybill/policy/browser";
import { type Case, type OriginName, pathOf } from "./case.ts";
import { generateAnswer, generatePreflight, type Wanted } from "./generate-answer.ts";
import { generateRequest } from "./generate-request.ts";
import { Random } from "./random.ts";

const ORIGINS = [
  [2, "page"],
  [3, "near"],
  [5, "far"],
  [3, "away"],
] as const;

/** Addresses that no server of the stage answers, or that a request never gets to. */
const OTHER_URLS = [
  "http://127.0.0.1:6000",
  "ftp://127.0.0.1",
  "custom://host",
  "http://user:word@127.0.0.1:9",
];
const OTHER_LOCATIONS = [
  "data:text/plain,elsewhere",
  "http://127.0.0.1:6000/",
  "ftp://127.0.0.1/",
  "http://[",
  "about:blank",
  "file:///elsewhere",
  "blob:http://127.0.0.1/elsewhere",
  "javascript:0",
  "",
];
const MAX_REDIRECTS = 20;

/** One case. The same seed and id give the same case, whichever others there are. */
export function generateCase(seed: number, id: number): Case {
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(id + 1, 0x85ebca6b));
  const isSandboxed = random.chance(0.08);
  const chain = generateChain(random);
  const first = chain[0] ?? "far";
  const other = random.chance(0.02) ? random.pick(OTHER_URLS) : `{${first}}`;
  const request = generateRequest(random, `${other}${pathOf(id, 0)}`);
  const page = { origin: isSandboxed ? "null" : "{page}", secure: false };
  return { id, exchange: { page, request, hops: generateHops(random, id, request, chain, page.origin) } };
}

function generateChain(random: Random): readonly OriginName[] {
  const length = random.weighted([
    [70, 1],
    [16, 2],
    [9, 3],
    [4, 4],
    [0.4, MAX_REDIRECTS + 1],
    [0.4, MAX_REDIRECTS + 2],
  ] as const);
  const chain = [random.weighted(ORIGINS)];
  while (chain.length < length) {
    const last = chain.at(-1) ?? "far";
    chain.push(random.chance(0.4) ? last : random.weighted(ORIGINS));
  }
  return chain;
}

function generateHops(
  random: Random,
  id: number,
  request: PageRequest,
  chain: readonly OriginName[],
  pageOrigin: string,
): readonly Hop[] {
  const flaws = random.pick([0, 0, 0.04, 0.1, 0.25]);
  // A long chain is for its length: any flaw would end it early.
  const flawsOf = () => (chain.length > MAX_REDIRECTS ? 0 : flaws);
  const headerNames = [...new Set((request.headers ?? []).map(([name]) => name)), "Content-Type"].filter(
    (name) => /^[\w-]+$/.test(name),
  );
  let isTainted = false;
  return chain.map((name, hop) => {
    const before = chain[hop - 1];
    if (before !== undefined && before !== name && (before !== "page" || pageOrigin === "null"))
      isTainted = true;
    const wanted: Wanted = {
      pageOrigin,
      origin: isTainted ? "null" : pageOrigin,
      withCredentials: request.credentials === "include",
      method: random.chance(0.8) ? (request.method ?? "GET").toUpperCase() : (request.method ?? "GET"),
      headerNames,
    };
    const next = chain[hop + 1];
    const location =
      next === undefined
        ? lastLocation(random)
        : [["Location", locationOf(random, id, hop + 1, name, next)] as const];
    const preflight = generatePreflight(random, wanted, flawsOf());
    const answer = generateAnswer(random, wanted, { flaws: flawsOf(), location });
    if (random.chance(0.004)) return { answer };
    if (random.chance(0.006)) return { preflight };
    return { preflight, answer };
  });
}

/** Where a hop points; now and then with user info, or relative. */
function locationOf(random: Random, id: number, hop: number, from: OriginName, to: OriginName): string {
  const path = pathOf(id, hop);
  if (random.chance(0.06)) return `http://${random.pick(["user:word", "user", ":word"])}@{${to}.host}${path}`;
  if (from === to && random.chance(0.5)) return path;
  return `{${to}}${path}${random.chance(0.1) ? "#part" : ""}`;
}

/** The last answer points nowhere, or where nobody can follow. */
function lastLocation(random: Random): readonly (readonly [string, string])[] | null {
  if (!random.chance(0.035)) return null;
  const location = random.pick(OTHER_LOCATIONS);
  return random.chance(0.2)
    ? [
        ["Location", location],
        ["Location", "{far}/other"],
      ]
    : [["Location", location]];
}
