import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ALLOWED_ORIGIN } from "./application.ts";

const BIN = join(import.meta.dirname, "../../../packages/waybill/src/bin.ts");
/** Whoever asks who somebody is, dies of it. */
const CONFIG = `export default { authenticate() { process.kill(process.pid, "SIGKILL"); } };`;

/** A `waybill serve` whose worker is killed by every request that needs a user. */
export async function startMortal(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "waybill-faults-"));
  await writeFile(join(folder, "waybill.config.ts"), CONFIG);
  const child = spawn(process.execPath, ["--conditions=@waybill/source", BIN, "serve"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "ignore"],
    env: {
      PATH: process.env["PATH"],
      PORT: "0",
      WAYBILL_FILES_PORT: "0",
      WAYBILL_DEMO_PORT: "off",
      WAYBILL_DATA_DIR: folder,
      WAYBILL_ALLOWED_ORIGINS: ALLOWED_ORIGIN,
    },
  });
  const ended = once(child, "exit");
  let text = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const found = /^ {2}API +(\S+)\/chatkit$/m.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    ended.then(() => reject(new Error("The command ended before it was up.")), reject);
  });
  return {
    url,
    async close() {
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
