import { type Check, Mismatch, type World } from "./check.ts";
import type { Difference } from "./compare.ts";
import { exchange } from "./exchange.ts";
import { replay } from "./replay.ts";
import type { Scenario, UploadStrategy } from "./scenario.ts";

const AT_ONCE = 6;

/** The servers under test. */
export interface Target {
  /** Addresses, one a way of taking files; what needs a variant that is not here is left out. */
  readonly urls: Readonly<Partial<Record<UploadStrategy, string>>>;
  /** An origin that they serve, if not every origin; without it, checks of CORS are left out. */
  readonly allowedOrigin?: string | undefined;
  /** As in `replay`. @default false */
  readonly upstream?: boolean;
}

/** What came of one scenario or check. */
export interface Result {
  readonly kind: "scenario" | "check";
  readonly name: string;
  readonly title: string;
  readonly requirements: readonly string[];
  readonly outcome: "passed" | "failed" | "left out";
  /** Why it was left out, or what was sent when it failed. */
  readonly note?: string;
  readonly differences: readonly Difference[];
  /** Steps of a scenario, requests that are compared; 0 for a check. */
  readonly steps: number;
  /** Faults of the official server that were seen. */
  readonly bugs: readonly string[];
}

/** Runs scenarios and checks, some at a time, and tells of each as it ends; the results are in the order given. */
export async function run(
  scenarios: readonly Scenario[],
  checks: readonly Check[],
  target: Target,
  onResult: (result: Result) => void = () => {},
): Promise<readonly Result[]> {
  const isWaybill = checks.length > 0 && (await namesItselfWaybill(target));
  const jobs = [
    ...scenarios.map((scenario) => () => runScenario(scenario, target)),
    ...checks.map((check) => () => runCheck(check, target, isWaybill)),
  ];
  const results = new Map<number, Result>();
  const queue = jobs.entries();
  const work = async () => {
    for (const [index, job] of queue) {
      const result = await job();
      results.set(index, result);
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}

/** Plays one scenario against the variant that it needs. */
export async function runScenario(scenario: Scenario, target: Target): Promise<Result> {
  const { id, title, requirements, uploadStrategy, steps } = scenario;
  const about = { kind: "scenario", name: id, title, requirements, steps: steps.length } as const;
  const strategy = uploadStrategy === "any" ? "two_phase" : uploadStrategy;
  const baseUrl = target.urls[strategy];
  if (baseUrl === undefined) return leftOut(about, `no server with the upload strategy ${strategy}`);
  const { failure, bugs } = await replay(scenario, { baseUrl, upstream: target.upstream ?? false });
  const seen = bugs.map(({ step, bug }) => `step ${step}: ${bug}`);
  if (failure === undefined) return { ...about, outcome: "passed", differences: [], bugs: seen };
  const note = `step ${failure.step}, ${failure.request}`;
  return { ...about, outcome: "failed", note, differences: failure.differences, bugs: seen };
}

/** Runs one check, or leaves it out where the server cannot have what it is about. */
export async function runCheck(check: Check, target: Target, isWaybill: boolean): Promise<Result> {
  const { name, requirements, needs, uploads = "two_phase" } = check;
  const about = { kind: "check", name, title: name, requirements, steps: 0 } as const;
  const baseUrl = target.urls[uploads];
  const allowedOrigin = target.allowedOrigin ?? "";
  if (baseUrl === undefined) return leftOut(about, `no server with the upload strategy ${uploads}`);
  if (needs !== "protocol" && !isWaybill) return leftOut(about, "the server does not name itself Waybill");
  if (needs === "origin" && allowedOrigin === "") return leftOut(about, "no allowed origin is given");
  try {
    await check.run({ baseUrl, allowedOrigin } satisfies World);
    return { ...about, outcome: "passed", differences: [], bugs: [] };
  } catch (error) {
    const [note = ""] = error instanceof Error ? error.message.split("\n", 1) : [String(error)];
    const differences = error instanceof Mismatch ? error.differences : [];
    return { ...about, outcome: "failed", note, differences, bugs: [] };
  }
}

/** The addresses at which nothing answers. */
export async function silentOnes({ urls }: Target): Promise<readonly string[]> {
  const replies = Object.values(urls).map(async (baseUrl) => {
    const { status } = await exchange({ method: "GET", path: "/v1" }, { baseUrl, user: "anybody" });
    return status === 0 ? [baseUrl] : [];
  });
  return (await Promise.all(replies)).flat();
}

/** Whether a server's answers carry the header `Waybill`. */
export async function namesItselfWaybill({ urls }: Target): Promise<boolean> {
  const baseUrl = urls.two_phase ?? urls.direct ?? urls.none ?? "";
  const reply = await exchange({ method: "GET", path: "/v1" }, { baseUrl, user: "anybody" });
  return reply.headers["waybill"] !== undefined;
}

type About = Pick<Result, "kind" | "name" | "title" | "requirements" | "steps">;

function leftOut(about: About, note: string): Result {
  return { ...about, outcome: "left out", note, differences: [], bugs: [] };
}
