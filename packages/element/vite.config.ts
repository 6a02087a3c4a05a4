import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import { moduleOrder } from "./build/module-order.ts";
import { smallIcons } from "./build/small-icons.ts";
import { smallLit } from "./build/small-lit.ts";
import { smallNames } from "./build/small-names.ts";
import { smallTemplates } from "./build/small-templates.ts";
import { smallTokens } from "./build/small-tokens.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Says how large the bundle became. */
function reportSize(): Plugin {
  return {
    name: "report-size",
    writeBundle() {
      const bytes = readFileSync(here("dist/chatkit.js"));
      this.info(`chatkit.js: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzipped`);
    },
  };
}

const banner = `/*! Waybill, Apache-2.0; Lit, Google LLC, BSD-3-Clause; Lucide, ISC; Feather, Cole Bemis, MIT */`;

export default defineConfig({
  root: here("."),
  logLevel: "info",
  plugins: [moduleOrder(), smallIcons(), smallTemplates(), smallTokens(), smallLit(), reportSize()],
  resolve: { conditions: ["@waybill/source", "browser", "module", "import", "default"] },
  build: {
    outDir: here("dist"),
    emptyOutDir: false,
    target: ["chrome123", "firefox128", "safari18"],
    sourcemap: false,
    minify: "oxc",
    lib: {
      entry: here("src/bundle.ts"),
      formats: ["iife"],
      name: "waybillChat",
      fileName: () => "chatkit.js",
    },
    rolldownOptions: {
      // No getter here does anything that anybody would miss. Writes must stay: lists are drawn by them.
      treeshake: { propertyReadSideEffects: false },
      output: {
        minify: { compress: true, mangle: true, mangleProps: { include: smallNames() } },
        postBanner: banner,
        comments: { legal: false },
      },
    },
  },
});
