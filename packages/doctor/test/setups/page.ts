import { readFile, writeFile } from "node:fs/promises";
import type { Diagnosis, Fix } from "@waybill/doctor";
import { expect } from "vitest";
import { RECIPES } from "../../src/recipes/index.ts";
import type { Setup } from "./setup.ts";

const PAGE = new URL("../../../../docs/broken-setups.md", import.meta.url);

/** What was seen of one set-up. */
export interface Told {
  readonly setup: Setup;
  readonly broken: Diagnosis;
  readonly fix: Fix;
}

function rowOf({ setup, broken, fix }: Told): string {
  const recipe = RECIPES.find(({ server, where }) => server === fix.server && where === fix.where);
  const hidden = setup.hiddenStatus ?? "–";
  const cells = [
    setup.name.replaceAll("|", "\\|"),
    `\`${broken.prediction.verdict}\``,
    setup.cause,
    hidden,
    `\`${recipe?.id}\``,
  ];
  return `| ${cells.join(" | ")} |`;
}

/**
 * Holds a section of the page to what was seen; with `WRITE_SETUPS=1`, writes it. Set-ups that were
 * left out may stand there all the same.
 */
export async function writtenDown(title: string, told: readonly Told[]): Promise<void> {
  const rows = told.map(rowOf);
  const page = await readFile(PAGE, "utf8");
  if (process.env["WRITE_SETUPS"] === "1") {
    const section = new RegExp(`(<!-- ${title} -->\\n)[^]*?(<!-- /${title} -->)`);
    const head =
      "| set-up | Chromium says | the doctor says | hidden status | mended by |\n| --- | --- | --- | --- | --- |";
    await writeFile(
      PAGE,
      page.replace(section, (_, start, end) => `${start}${head}\n${rows.join("\n")}\n${end}`),
    );
    return;
  }
  for (const row of rows) expect(page).toContain(row);
}
