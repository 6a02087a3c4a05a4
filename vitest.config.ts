import { defineConfig } from "vitest/config";

const resolve = { conditions: ["@waybill/source", "node", "import", "default"] };

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr: { resolve },
        test: { name: "unit", include: ["packages/*/src/**/*.test.ts"], environment: "node" },
      },
      {
        resolve,
        ssr: { resolve },
        test: {
          name: "system",
          include: [
            "packages/*/test/**/*.test.ts",
            "conformance/**/*.test.ts",
            "examples/*.test.ts",
            "docs/*.test.ts",
          ],
          environment: "node",
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
