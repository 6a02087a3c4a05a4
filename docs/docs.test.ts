import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as application from "./application.ts";
import { type BlockModule, type CodeBlock, codeBlocks, toModule } from "./code-blocks.ts";
import { CONFIGURATIONS } from "./configurations.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "docs", ".blocks");

/** Pages whose blocks are compiled: these, and every page of docs/authoring. */
const PAGES = [
  "README.md",
  "docs/authoring.md",
  "docs/server.md",
  "docs/widgets.md",
];
/** Declared only, so not seen at run time. */
const DECLARED = ["chat", "chatKit", "page", "api", "myHarness", "myStore", "myFiles"];

const authoring = (await readdir(join(root, "docs/authoring")))
  .map((name) => `docs/authoring/${name}`)
  .sort();
const names = [...Object.keys(application), ...DECLARED];
const blocks: { readonly block: CodeBlock; readonly module: BlockModule }[] = [];
for (const page of [...PAGES, ...authoring]) {
  for (const block of codeBlocks(page, await readFile(join(root, page), "utf8"))) {
    blocks.push({ block, module: toModule(block, "../application.ts", names) });
  }
}
let compiled = "";

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const { module } of blocks) await writeFile(join(folder, `${module.name}.ts`), module.source);
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../tsconfig.test.json",
      compilerOptions: { rootDir: root, noUnusedLocals: false, noUnusedParameters: false },
      include: ["*.ts"],
      exclude: [],
      references: [],
    }),
  );
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  compiled = await new Promise((resolve) => {
    execFile(process.execPath, [tsc, "-p", join(folder, "tsconfig.json")], { cwd: root }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(blocks)("$block.page, line $block.line: what is below “$block.heading” compiles", ({ module }) => {
  expect(compiled.split("\n").filter((line) => line.includes(`${module.name}.ts`))).toEqual([]);
});

test("the compiler has found nothing else to say", () => {
  expect(compiled).toBe("");
});

describe("what is shown runs", () => {
  const shown = blocks.filter(
    ({ block, module }) =>
      module.isConfig && (block.page === "docs/authoring.md" || authoring.includes(block.page)),
  );
  const keyOf = ({ page, heading }: CodeBlock) => `${relative("docs", page)}: ${heading}`;

  test("every configuration of the authoring pages is carried out below", () => {
    expect(shown.map(({ block }) => keyOf(block))).toEqual(Object.keys(CONFIGURATIONS));
  });

  test.each(shown.map(({ block, module }) => ({ key: keyOf(block), module })))(
    "$key",
    async ({ key, module }) => {
      const { config } = (await import(pathToFileURL(join(folder, `${module.name}.ts`)).href)) as {
        config: Parameters<(typeof CONFIGURATIONS)[string]>[0];
      };
      await CONFIGURATIONS[key]?.(config);
    },
  );
});
