import { launchChromium } from "./chromium-driver.ts";
import type { EngineDriver, EngineName } from "./engine-page.ts";
import { launchFirefox } from "./firefox-driver.ts";
import { launchWebKit } from "./webkit-driver.ts";

/** An engine, and how it is started. */
export interface Engine {
  readonly name: EngineName;
  /** The variable that names its program. */
  readonly variable: string;
  /** Undefined: the engine is not here, and its tests are left out. */
  readonly launch: (() => Promise<EngineDriver>) | undefined;
}

const engine = (
  name: EngineName,
  variable: string,
  launch: (path: string) => Promise<EngineDriver>,
  usual?: string,
): Engine => {
  const path = process.env[variable] || usual;
  return { name, variable, launch: path === undefined ? undefined : () => launch(path) };
};

/** All engines. Chromium is a must; the others are here if their variable is set. */
export const engines: readonly Engine[] = [
  engine("Chromium", "CHROME_PATH", launchChromium, "/usr/bin/chromium"),
  engine("Firefox", "FIREFOX_PATH", launchFirefox),
  engine("WebKit", "WEBKIT_DRIVER_PATH", launchWebKit),
];
