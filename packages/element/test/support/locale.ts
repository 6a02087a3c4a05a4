import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import type { ChatPage } from "./chat-page.ts";

/** Loads a catalogue as a page does: a module of its own, beside the bundle. */
export async function addLocale({ page }: ChatPage, locale: string): Promise<void> {
  await page.route("**/*.ts", async (route) => {
    const { pathname } = new URL(route.request().url());
    const source = stripTypeScriptTypes(
      readFileSync(new URL(`../../src${pathname}`, import.meta.url), "utf8"),
    );
    await route.fulfill({ contentType: "text/javascript", body: source });
  });
  await page.evaluate(
    `import("/locales/${locale}.ts").then((module) => customElements.get("waybill-chat").registerStrings("${locale}", module.${locale}))`,
  );
}
