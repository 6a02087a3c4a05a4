export { testFileStore } from "./file-store-suite.ts";
export { testStore } from "./store-suite.ts";
export type { Harness, HarnessFactory, TestRunner } from "./suite.ts";
