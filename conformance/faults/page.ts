import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FRAMEWORKS } from "./applications/start.ts";
import { type Comparison, figuresOf, type Sides } from "./compare.ts";
import { FAULTS, type Fault, isOfBytes } from "./faults.ts";
import type { Cell } from "./run.ts";

const MODULES = join(import.meta.dirname, "../../node_modules");

/** The documentation's page on what was seen: `page.md` with its places filled in. */
export function pageOf(comparisons: readonly Comparison[]): string {
  const routed = FAULTS.filter((fault) => !isOfBytes(fault)).map(({ id }) => `\`${id}\``);
  const places: Readonly<Record<string, string>> = {
    table: tableOf(comparisons, FAULTS),
    http2: tableOf(
      comparisons.flatMap(({ name, http2 }) => (http2 === undefined ? [] : { name, ...http2 })),
      FAULTS.filter(({ http2 }) => http2 !== null),
    ),
    versions: versionsOf(),
    faults: routed.join(", "),
  };
  const template = readFileSync(join(import.meta.dirname, "page.md"), "utf8");
  return template.replace(/\{\{(\w+)\}\}/g, (_place, name: string) => places[name] ?? "");
}

/** Faults down, applications across: right answers of all, without a guard → with it. */
function tableOf(
  comparisons: readonly (Sides & { readonly name: string })[],
  faults: readonly Fault[],
): string {
  const row = (entries: readonly string[]) => `| ${entries.join(" | ")} |`;
  const figures = (select: (cells: readonly Cell[]) => readonly Cell[]) =>
    comparisons.map(({ plain, guarded }) => {
      const right = select(guarded);
      if (right.length === 0) return "–";
      return figuresOf({ guarded: right, ...(plain && { plain: select(plain) }) });
    });
  return [
    row(["what happens", ...comparisons.map(({ name }) => name)]),
    row(["---", ...comparisons.map(() => "---")]),
    ...faults.map(({ id, title }) =>
      row([title, ...figures((cells) => cells.filter(({ fault }) => fault === id))]),
    ),
    row([
      "**to the allowed origin**",
      ...figures((cells) => cells.filter(({ asker }) => asker === "allowed")),
    ]),
    row(["**all**", ...figures((cells) => cells).map((figure) => `**${figure}**`)]),
  ].join("\n");
}

function versionsOf(): string {
  const names = Object.values(FRAMEWORKS).map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(MODULES, folder, "package.json"), "utf8"));
    return `\`${name}\` ${version}`;
  });
  return names.join(", ");
}
