import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWaybill } from "./support/waybill-process.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const CACHE = join(ROOT, "node_modules/.cache/waybill");

// The packed files of all packages, unpacked as an installation has them. Other people's packages
// are found above, in the workspace's own node_modules: nothing is fetched.
describe("what npm pack packs", () => {
  let folder: string;

  beforeAll(async () => {
    await mkdir(CACHE, { recursive: true });
    folder = await mkdtemp(join(CACHE, "packed-"));
    const npm = process.env["npm_execpath"];
    const [command, prefix] = npm === undefined ? ["npm", []] : [process.execPath, [npm]];
    await run(command, [...prefix, "pack", "--workspaces", "--silent", "--pack-destination", folder], {
      cwd: ROOT,
    });
    for (const file of await readdir(folder)) {
      const name = file.startsWith("waybill-0")
        ? "waybill"
        : file.replace(/^waybill-(.+?)-\d.*$/, "@waybill/$1");
      const target = join(folder, "node_modules", name);
      await mkdir(target, { recursive: true });
      await run("tar", ["-xzf", join(folder, file), "-C", target, "--strip-components=1"]);
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("has no tests, and nothing but what a package is made of", async () => {
    for (const name of await readdir(join(folder, "node_modules/@waybill"))) {
      const files = await readdir(join(folder, "node_modules/@waybill", name), { recursive: true });
      expect(files.filter((file) => /\.test(-d)?\.|tsbuildinfo/.test(file))).toEqual([]);
      expect(files).toContain("package.json");
    }
  });

  test("serves a chat from an empty folder", async () => {
    const cwd = join(folder, "app");
    await mkdir(cwd);
    const bin = join(folder, "node_modules/waybill/dist/bin.js");
    await using waybill = await startWaybill({}, { cwd, dataDir: join(cwd, "data"), bin });
    const answer = await fetch(`${waybill.api}/v1`);
    expect(answer.status).toBe(200);
    expect((await fetch(waybill.demo)).status).toBe(200);
    expect((await fetch(`${waybill.api}/chatkit.js`)).status).toBe(200);
  });

  test("is a server in a few lines", async () => {
    const script = join(folder, "server.mjs");
    const readme = await readFile(join(ROOT, "README.md"), "utf8");
    const snippet = /## A server\n```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
    expect(snippet).toContain("createChatKitServer");
    await writeFile(
      script,
      `${snippet
        .replace("myModel.answer(message, attachments, { signal })", '"Hello"')
        .replace("await serve(chat, { port: 8787 });", "const server = await serve(chat, { port: 0 });")}
const response = await fetch(server.url + "/chatkit", { method: "POST", headers: { "content-type": "application/json" },
  body: JSON.stringify({ type: "threads.create", params: { input: { content: [{ type: "input_text", text: "hi" }], attachments: [], inference_options: {} } } }) });
console.log(await response.text());
await Promise.all([server.close(), chat.close()]);
`,
    );
    const { stdout } = await run(process.execPath, [script], { cwd: dirname(script) });
    expect(stdout).toContain('"text":"Hello"');
  });
});
