import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Principal, Store } from "@waybill/server/ports";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startChatServer } from "../packages/server/test/support/chat-server.ts";
import * as application from "./application.ts";
import { type BlockModule, type CodeBlock, codeBlocks, toModule } from "./code-blocks.ts";
import { CONFIGURATIONS } from "./configurations.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Of this process alone: two runs may be under way. */
const folder = join(root, "docs/.blocks", String(process.pid));

const pagesIn = async (path: string) =>
  (await readdir(join(root, path)))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${path}/${name}`)
    .sort();
const authoring = await pagesIn("docs/authoring");
const pages = ["README.md", ...(await pagesIn("docs")), ...authoring];
/** Declared only, so not seen at run time. */
const DECLARED =
  "chat chatKit page api token myHarness myStore myFiles agent find locate catalogue keepPicture".split(" ");

const names = [...Object.keys(application), ...DECLARED];
const blocks: { readonly block: CodeBlock; readonly module: BlockModule }[] = [];
for (const page of pages) {
  for (const block of codeBlocks(page, await readFile(join(root, page), "utf8"))) {
    blocks.push({ block, module: toModule(block, "../../application.ts", names) });
  }
}
let compiled = "";

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const { module } of blocks) await writeFile(join(folder, `${module.name}.ts`), module.source);
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../../tsconfig.test.json",
      compilerOptions: {
        rootDir: root,
        module: "esnext",
        moduleResolution: "bundler",
        noUnusedLocals: false,
        noUnusedParameters: false,
      },
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

test("every link from a page to a file or a heading of the repository leads somewhere", async () => {
  const dead: string[] = [];
  for (const page of [...pages, ...(await pagesIn("docs/decisions"))]) {
    for (const [, target = ""] of (await readFile(join(root, page), "utf8")).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = "", heading] = target.split("#");
      const file = path === "" ? join(root, page) : join(root, dirname(page), path);
      const found = await readFile(file, "utf8").catch(() => (existsSync(file) ? "" : undefined));
      const slugs = [...(found ?? "").matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
        title
          .toLowerCase()
          .replace(/[^\p{L}\p{N} _-]/gu, "")
          .replaceAll(" ", "-"),
      );
      if (found === undefined || (heading !== undefined && !slugs.includes(heading)))
        dead.push(`${page}: ${target}`);
    }
  }
  expect(dead).toEqual([]);
});

test("a thread of the Python server is brought over as docs/from-chatkit-python.md shows", async () => {
  const shown = blocks.find(({ module }) => module.source.includes("export async function bring("));
  const { bring } = (await import(pathToFileURL(join(folder, `${shown?.module.name}.ts`)).href)) as {
    bring: (store: Store, owner: Principal, exported: object) => Promise<void>;
  };
  await using server = await startChatServer();
  const item = { thread_id: "thr_0a1b2c3d", created_at: "2026-01-02T03:04:05.123456" };
  const exported = {
    id: "thr_0a1b2c3d",
    created_at: "2026-01-02T03:04:05.000001+02:00",
    title: null,
    status: { type: "active" },
    metadata: { plan: "gold" },
    items: [
      { ...item, id: "msg_1", type: "user_message", content: [], attachments: [], inference_options: {} },
      { ...item, id: "shcx_1", type: "sdk_hidden_context", content: "Stopped." },
      { ...item, id: "msg_2", type: "assistant_message", content: [] },
    ],
  };
  const owner = { tenant: "default", user: "local" };
  await bring(server.store, owner, exported);
  await expect(bring(server.store, owner, exported)).rejects.toThrow();
  const params = { thread_id: "thr_0a1b2c3d" };
  const thread = await (await server.send({ type: "threads.get_by_id", params })).json();
  expect(thread).toMatchObject({ created_at: "2026-01-02T01:04:05.000Z" });
  expect(JSON.stringify(thread)).not.toContain("gold");
  const stored = (
    await server.store.threads.listItems(owner, params.thread_id, { limit: 9, order: "asc", hidden: true })
  ).data;
  expect(stored.map(({ id }) => id)).toEqual(["msg_1", "shcx_1", "msg_2"]);
  expect(stored[0]?.created_at).toMatch(/\.123Z$/);
  const input = { content: [{ type: "input_text", text: "go on" }], attachments: [], inference_options: {} };
  expect((await server.send({ type: "threads.add_user_message", params: { ...params, input } })).status).toBe(
    200,
  );
});

describe("what is shown runs", () => {
  const shown = blocks.filter(
    ({ block, module }) =>
      module.isConfig && ["docs/authoring.md", "docs/widgets.md", ...authoring].includes(block.page),
  );
  const keyOf = ({ page, heading }: CodeBlock) => `${relative("docs", page)}: ${heading}`;

  test("every configuration of the pages for authors is carried out below", () => {
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
