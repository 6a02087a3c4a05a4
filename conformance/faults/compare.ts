import { DEADLINE_MS } from "./applications/descriptions.ts";
import {
  type Addresses,
  APPLICATION_NAMES,
  type ApplicationName,
  startApplication,
} from "./applications/start.ts";
import type { Description } from "./description.ts";
import { type Cell, figureOf, type RunOptions, runFaults } from "./run.ts";

/** What was seen of one application. */
export interface Comparison extends Sides {
  readonly name: ApplicationName;
  /** The same over HTTP/2, where the framework runs on it. */
  readonly http2?: Sides;
}

/** What was seen without the guard and with it. */
export interface Sides {
  /** With its framework's own CORS alone; Waybill has none. */
  readonly plain?: readonly Cell[];
  /** With `guardCors`, or Waybill's `serve`. */
  readonly guarded: readonly Cell[];
}

/** Starts an application and commits its faults. */
export async function compare(name: ApplicationName): Promise<Comparison> {
  await using started = await startApplication(name);
  const { description, http2 } = started;
  const [sides, twins] = await Promise.all([
    trySides(started, description, {}),
    http2 === undefined
      ? undefined
      : trySides(http2, description, { http2: true, ...(http2.trust && { trust: http2.trust }) }),
  ]);
  return { name, ...sides, ...(twins && { http2: twins }) };
}

async function trySides(
  { plain, guarded }: Addresses,
  description: Description,
  options: RunOptions,
): Promise<Sides> {
  // What hangs without a guard hangs for good: no need to wait as long as for what is only slow.
  const impatient = { ...description, answerWithinMs: 2 * DEADLINE_MS };
  const [right, left] = await Promise.all([
    runFaults(guarded, description, options),
    plain === undefined ? undefined : runFaults(plain, impatient, options),
  ]);
  return { guarded: right, ...(left && { plain: left }) };
}

/** All applications, one after the other; `tell` hears of each as it is done. */
export async function compareAll(
  tell: (comparison: Comparison) => void = () => {},
): Promise<readonly Comparison[]> {
  const all: Comparison[] = [];
  for (const name of APPLICATION_NAMES) {
    const comparison = await compare(name);
    tell(comparison);
    all.push(comparison);
  }
  return all;
}

/** For example `Koa: 30/93 → 93/93; over HTTP/2: 28/87 → 87/87`. */
export function sentenceOf({ name, http2, ...sides }: Comparison): string {
  return `${name}: ${figuresOf(sides)}${http2 === undefined ? "" : `; over HTTP/2: ${figuresOf(http2)}`}`;
}

/** Right answers of all, without the guard → with it. */
export function figuresOf({ plain, guarded }: Sides): string {
  return `${plain === undefined ? "" : `${figureOf(plain)} → `}${figureOf(guarded)}`;
}
