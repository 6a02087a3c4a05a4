import { type ElementHandle, type KeyInput, launch } from "puppeteer-core";
import type { EngineDriver } from "./engine-page.ts";

/** Starts Firefox with one page, led by WebDriver BiDi. */
export async function launchFirefox(executablePath: string): Promise<EngineDriver> {
  const browser = await launch({ browser: "firefox", executablePath, headless: true });
  const page = await browser.newPage();
  const console: string[] = [];
  page.on("console", (message) => console.push(`${message.type()}: ${message.text()}`));
  return {
    name: "Firefox",
    console,
    goto: async (url) => void (await page.goto(url)),
    run: async (expression) => String(await page.evaluate(expression)),
    clickAt: (x, y) => page.mouse.click(x, y),
    async press(held, key) {
      for (const name of held) await page.keyboard.down(name as KeyInput);
      await page.keyboard.press(key as KeyInput);
      for (const name of held.toReversed()) await page.keyboard.up(name as KeyInput);
    },
    type: (text) => page.keyboard.type(text),
    async setFiles(input, paths) {
      const handle = (await page.evaluateHandle(input)) as ElementHandle<HTMLInputElement>;
      await handle.uploadFile(...paths);
    },
    resize: (width, height) => page.setViewport({ width, height }),
    async setOffline(isOffline) {
      await page.setOfflineMode(isOffline);
      return true;
    },
    screenshot: () => page.screenshot(),
    close: () => browser.close(),
  };
}
