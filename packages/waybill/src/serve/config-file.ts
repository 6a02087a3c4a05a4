import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { WaybillConfig } from "../config.ts";
import type { Problem } from "./settings.ts";

const NAMES = ["waybill.config.ts", "waybill.config.js", "waybill.config.mjs"];
const KEYS: readonly (keyof WaybillConfig)[] = [
  "action",
  "attachmentLimits",
  "attachmentWays",
  "authenticate",
  "cors",
  "files",
  "log",
  "onFeedback",
  "onStopped",
  "respond",
  "store",
  "streamOptions",
  "syncAction",
  "transcribe",
];

/** The configuration file of the folder; the empty configuration if there is none. */
export async function readConfigFile(
  cwd: string,
): Promise<{ readonly config: WaybillConfig; readonly problems: readonly Problem[] }> {
  const name = NAMES.find((candidate) => existsSync(join(cwd, candidate)));
  if (name === undefined) return { config: {}, problems: [] };
  const failed = (message: string) => ({ config: {}, problems: [{ name, message }] });
  let module: { readonly default?: unknown };
  try {
    module = await import(pathToFileURL(join(cwd, name)).href);
  } catch (error) {
    return failed(`It cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
  }
  const config = module.default;
  if (typeof config !== "object" || config === null) {
    return failed("It has no default export of an object. Write `export default defineConfig({ … })`.");
  }
  const unknown = Object.keys(config).filter((key) => !(KEYS as readonly string[]).includes(key));
  if (unknown.length > 0)
    return failed(`It has ${unknown.join(", ")}, which nobody knows. Known are ${KEYS.join(", ")}.`);
  return { config, problems: [] };
}
