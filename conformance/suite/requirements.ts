import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** One behaviour that is asked of a server. */
export interface Requirement {
  /** For example `WIRE-STREAM-003`; it never changes and is never used again. */
  readonly id: string;
  /** One sentence. */
  readonly behaviour: string;
  /** Where it is laid down: the official package by file and line, a standard, or a page of ours. */
  readonly source: string;
}

/** What cites requirements: a scenario or a check. */
export interface Citing {
  readonly name: string;
  readonly requirements: readonly string[];
}

const FOLDER = fileURLToPath(new URL("../requirements/", import.meta.url));

/** Every requirement, by file and in the order of the file. */
export function loadRequirements(): readonly Requirement[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .flatMap((name): readonly Requirement[] => JSON.parse(readFileSync(`${FOLDER}${name}`, "utf8")));
}

/** What is wrong between requirements and those that cite them, one sentence each; none if all is well. */
export function citationFaults(
  requirements: readonly Requirement[],
  citing: readonly Citing[],
): readonly string[] {
  const known = new Set<string>();
  const faults: string[] = [];
  for (const { id } of requirements) {
    if (known.has(id)) faults.push(`${id} stands twice.`);
    if (!/^[A-Z]+(?:-[A-Z]+)*-\d{3}$/.test(id)) faults.push(`${id} is not of the form AREA-TOPIC-001.`);
    known.add(id);
  }
  const cited = new Set(citing.flatMap((test) => test.requirements));
  for (const { name, requirements: ids } of citing) {
    if (ids.length === 0) faults.push(`${name} cites no requirement.`);
    for (const id of ids) if (!known.has(id)) faults.push(`${name} cites ${id}, which there is not.`);
  }
  for (const id of known) if (!cited.has(id)) faults.push(`${id} is cited by nothing.`);
  return faults;
}
