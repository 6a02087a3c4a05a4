import { DEADLINE_MS } from "./applications/descriptions.ts";
import { APPLICATION_NAMES, type ApplicationName, startApplication } from "./applications/start.ts";
import { type Cell, figureOf, runFaults } from "./run.ts";

/** What was seen of one application. */
export interface Comparison {
  readonly name: ApplicationName;
  /** With its framework's own CORS alone; Waybill has none. */
  readonly plain?: readonly Cell[];
  /** With `guardCors`, or Waybill's `serve`. */
  readonly guarded: readonly Cell[];
}

/** Starts an application and commits its faults. */
export async function compare(name: ApplicationName): Promise<Comparison> {
  await using started = await startApplication(name);
  const { plain, guarded, description } = started;
  // What hangs without a guard hangs for good: no need to wait as long as for what is only slow.
  const impatient = { ...description, answerWithinMs: 2 * DEADLINE_MS };
  const [right, left] = await Promise.all([
    runFaults(guarded, description),
    plain === undefined ? undefined : runFaults(plain, impatient),
  ]);
  return { name, guarded: right, ...(left && { plain: left }) };
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

/** For example `Express 5: 60/90 → 90/90`. */
export function sentenceOf({ name, plain, guarded }: Comparison): string {
  return `${name}: ${plain === undefined ? "" : `${figureOf(plain)} → `}${figureOf(guarded)}`;
}
