import { rejects } from "node:assert/strict";
import { ChatError, type ErrorCode } from "@waybill/protocol";

/** What a suite needs of a test runner; Vitest and `node:test` have it. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown;
  test(name: string, body: () => Promise<void>): unknown;
}

/** One implementation under test, with data of its own. */
export interface Harness<Port> {
  /** Opened and empty. */
  readonly port: Port;
  /** Closes what was opened last and opens the same data anew, as after a restart. */
  reopen(): Promise<Port>;
  /** Closes and removes everything. */
  cleanup(): Promise<void>;
}

/** Makes a harness for each test. */
export type HarnessFactory<Port> = () => Promise<Harness<Port>>;

/** Defines a test with a fresh harness, which is cleaned up whatever happens. */
export type HarnessTest<Port> = (
  name: string,
  body: (port: Port, harness: Harness<Port>) => Promise<void>,
) => void;

/** {@link HarnessTest} over a runner and a factory. */
export function withHarness<Port>(runner: TestRunner, factory: HarnessFactory<Port>): HarnessTest<Port> {
  return (name, body) => {
    runner.test(name, async () => {
      const harness = await factory();
      try {
        await body(harness.port, harness);
      } finally {
        await harness.cleanup();
      }
    });
  };
}

/** Fails unless `promise` rejects with a `ChatError` of this code; resolves with that error. */
export async function refusedWith(code: ErrorCode, promise: Promise<unknown>): Promise<ChatError> {
  let caught: unknown;
  await rejects(promise, (error) => {
    caught = error;
    return error instanceof ChatError && error.code === code;
  });
  if (caught instanceof ChatError) return caught;
  throw new TypeError("rejects() ended without an error.");
}
