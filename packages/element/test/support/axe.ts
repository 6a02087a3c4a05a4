import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { ChatPage } from "./chat-page.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong with a page, best practice included; none is asked for. */
export async function axeViolations({
  page,
}: Pick<ChatPage, "page">): Promise<readonly { readonly id: string; readonly nodes: readonly string[] }[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: run } = window as unknown as {
      axe: {
        run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
      };
    };
    const result = await run.run({ preload: false, resultTypes: ["violations"] });
    return result.violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map((node) => node.html.slice(0, 200)),
    }));
  });
}
