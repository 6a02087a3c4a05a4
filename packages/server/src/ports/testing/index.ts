export { testFileStore } from "./file-store-suite.ts";
export { testAttachmentStore, testRunStore, testStore, testThreadStore } from "./store-suite.ts";
export type { Harness, HarnessFactory, TestRunner } from "./suite.ts";
