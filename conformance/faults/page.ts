import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FRAMEWORKS } from "./applications/start.ts";
import type { Comparison } from "./compare.ts";
import { FAULTS, isOfBytes } from "./faults.ts";
import { type Cell, figureOf } from "./run.ts";

const MODULES = join(import.meta.dirname, "../../node_modules");

/** The documentation's page on what was seen: `page.md` with its places filled in. */
export function pageOf(comparisons: readonly Comparison[]): string {
  const routed = FAULTS.filter((fault) => !isOfBytes(fault)).map(({ id }) => `\`${id}\``);
  const places: Readonly<Record<string, string>> = {
    table: tableOf(comparisons),
    versions: versionsOf(),
    faults: routed.join(", "),
  };
  const template = readFileSync(join(import.meta.dirname, "page.md"), "utf8");
  return template.replace(/\{\{(\w+)\}\}/g, (_place, name: string) => places[name] ?? "");
}

/** Faults down, applications across: right answers of all, without a guard → with it. */
function tableOf(comparisons: readonly Comparison[]): string {
  const row = (entries: readonly string[]) => `| ${entries.join(" | ")} |`;
  const figures = (select: (cells: readonly Cell[]) => readonly Cell[]) =>
    comparisons.map(({ plain, guarded }) => {
      const right = select(guarded);
      if (right.length === 0) return "–";
      return plain === undefined ? figureOf(right) : `${figureOf(select(plain))} → ${figureOf(right)}`;
    });
  return [
    row(["what happens", ...comparisons.map(({ name }) => name)]),
    row(["---", ...comparisons.map(() => "---")]),
    ...FAULTS.map(({ id, title }) =>
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
