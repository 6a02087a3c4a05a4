/**
 * How V8 is set for a worker, in MiB: what a turn leaves behind dies in the young generation, and is not copied to the old
 * one by answers that are under way. Costs memory only where there are many.
 */
export const WORKER_FLAGS: readonly string[] = ["--max-semi-space-size=64"];
