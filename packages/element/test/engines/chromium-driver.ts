import { chromium, type ElementHandle } from "playwright-core";
import type { EngineDriver } from "./engine-page.ts";

/** Starts Chromium with one page. */
export async function launchChromium(executablePath: string): Promise<EngineDriver> {
  const browser = await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const page = await browser.newPage();
  const console: string[] = [];
  page.on("console", (message) => console.push(`${message.type()}: ${message.text()}`));
  return {
    name: "Chromium",
    console,
    goto: async (url) => void (await page.goto(url)),
    run: (expression) => page.evaluate<string>(expression),
    clickAt: (x, y) => page.mouse.click(x, y),
    press: (held, key) => page.keyboard.press([...held, key].join("+")),
    type: (text) => page.keyboard.type(text),
    async setFiles(input, paths) {
      const handle = (await page.evaluateHandle(input)) as ElementHandle<HTMLInputElement>;
      await handle.setInputFiles([...paths]);
    },
    resize: (width, height) => page.setViewportSize({ width, height }),
    async setOffline(isOffline) {
      await page.context().setOffline(isOffline);
      return true;
    },
    screenshot: () => page.screenshot(),
    close: () => browser.close(),
  };
}
