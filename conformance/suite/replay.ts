import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Bindings, compareReply, type Difference } from "./compare.ts";
import { exchange, type Reply } from "./exchange.ts";
import { type Expectation, type Scenario, type Step, substitute } from "./scenario.ts";

const POLL_FOR_MS = 5_000;
const POLL_EVERY_MS = 100;

/** A step that was not answered as it must be. */
export interface StepFailure {
  /** Counted from 0. */
  readonly step: number;
  /** For example `POST /chatkit threads.create`. */
  readonly request: string;
  /** Against the recorded answer, or against the last of the better ones. */
  readonly differences: readonly Difference[];
}

/** What came of one scenario. */
export interface Outcome {
  /** Undefined if every step fits; the steps behind it were not sent. */
  readonly failure?: StepFailure;
  /** Faults of the official server that were answered just so; only looked for with `upstream`. */
  readonly bugs: readonly { readonly step: number; readonly bug: string }[];
}

/** How a scenario is played. */
export interface ReplayOptions {
  readonly baseUrl: string;
  /** The official server's own answer will do where a better one is known. @default false */
  readonly upstream?: boolean;
}

type Judged =
  | { readonly reply: Reply; readonly bindings: Bindings; readonly as: "recorded" | "better" }
  | { readonly differences: readonly Difference[] };

/** Plays a scenario as a user of its own, to its end or to the first step that does not fit. */
export async function replay(scenario: Scenario, options: ReplayOptions): Promise<Outcome> {
  const user = `${scenario.id}-${randomUUID().slice(0, 8)}`;
  const captured = new Map<string, string>();
  const bugs: { step: number; bug: string }[] = [];
  let bindings = new Bindings();
  for (const [index, step] of scenario.steps.entries()) {
    const judged = await play(step, { ...options, user, captured, bindings });
    if ("differences" in judged)
      return { bugs, failure: { step: index, request: inWords(step), differences: judged.differences } };
    ({ bindings } = judged);
    if (judged.as === "recorded" && step.upstreamBug !== undefined)
      bugs.push({ step: index, bug: step.upstreamBug });
    for (const [name, pointer] of Object.entries(step.capture ?? {})) {
      const value = at(judged.reply, pointer);
      // A better answer need not have what the recorded one had.
      if (value !== undefined || judged.as === "better") captured.set(name, `${value ?? `absent_${name}`}`);
      else {
        const differences = [{ path: pointer, expected: `a value for ${name}`, got: "nothing" }];
        return { bugs, failure: { step: index, request: inWords(step), differences } };
      }
    }
  }
  return { bugs };
}

interface StepContext extends ReplayOptions {
  readonly user: string;
  readonly captured: ReadonlyMap<string, string>;
  readonly bindings: Bindings;
}

async function play(step: Step, context: StepContext): Promise<Judged> {
  await pause(step.waitMs ?? 0);
  const giveUpAt = performance.now() + (step.poll ? POLL_FOR_MS : 0);
  for (;;) {
    const judged = await send(step, context);
    if (!("differences" in judged) || performance.now() >= giveUpAt) return judged;
    await pause(POLL_EVERY_MS);
  }
}

async function send(step: Step, context: StepContext): Promise<Judged> {
  const { baseUrl, user, captured } = context;
  const request = substitute(step.request, captured);
  const sender = { baseUrl, user, leave: step.abort };
  try {
    for (let left = (step.repeat ?? 1) - 1; left > 0; left -= 1) await exchange(request, sender);
    return judge(step, await exchange(request, sender), context);
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    return { differences: [{ path: "body", expected: "a body that can be read", got }] };
  }
}

/** Compares with each answer that is good enough, the better ones first. */
export function judge(
  step: Step,
  reply: Reply,
  { bindings, upstream = false }: Pick<StepContext, "bindings" | "upstream">,
): Judged {
  const better: readonly Expectation[] = [step.better ?? []].flat();
  const candidates = [
    ...better.map((expected) => ({ expected, as: "better" as const })),
    ...(better.length === 0 || upstream ? [{ expected: step.expect, as: "recorded" as const }] : []),
  ];
  let differences: readonly Difference[] = [];
  for (const { expected, as } of candidates) {
    const trial = new Bindings(bindings);
    differences = compareReply(expected, reply, trial, as === "better" ? "subset" : "exact");
    if (differences.length === 0) return { reply, bindings: trial, as };
  }
  return { differences };
}

function inWords({ request }: Step): string {
  const { body } = request;
  const isRequest = typeof body === "object" && body !== null && "type" in body;
  const type = isRequest && typeof body.type === "string" ? ` ${body.type}` : "";
  return `${request.method ?? "POST"} ${request.url ?? request.path ?? "/chatkit"}${type}`;
}

/** What a JSON pointer finds in an answer; undefined for nothing. */
function at({ json, frames, text }: Reply, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .reduce<unknown>(
      (value, key) => {
        if (Array.isArray(value)) return value.at(Number(key));
        return typeof value === "object" && value !== null && Object.hasOwn(value, key)
          ? Reflect.get(value, key)
          : undefined;
      },
      { json, frames, text },
    );
}
