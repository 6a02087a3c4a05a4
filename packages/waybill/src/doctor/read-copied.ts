import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { type CopiedRequest, fromCurl, fromHar, QuestionError } from "@waybill/doctor";
import type { Given } from "./flags.ts";
import type { Wrong } from "./read-arguments.ts";

/**
 * The request that `--from-curl` or `--from-har` names; null if neither is given, or what is given cannot be read. Reads
 * the standard input for `--from-curl -`, and the file of `--from-har`.
 */
export async function readCopied(given: Given, wrong: Wrong): Promise<CopiedRequest | null> {
  const curl = given.value("from-curl");
  const har = given.value("from-har");
  const entry = given.value("entry");
  if (curl !== undefined && har !== undefined) wrong("--from-har", "no --from-curl beside it");
  if (entry !== undefined && har === undefined) wrong("--entry", "--from-har FILE beside it");
  if (entry !== undefined && !/^\d+$/.test(entry)) wrong(`--entry ${entry}`, "the number of a request");
  if (curl === undefined && har === undefined) return null;
  const option = curl === undefined ? "--from-har" : "--from-curl";
  try {
    if (curl !== undefined) return fromCurl(curl === "-" ? await text(process.stdin) : curl);
    return chosen(await readFile(har ?? "", "utf8"), entry, wrong);
  } catch (error) {
    if (error instanceof QuestionError) wrong(`${option}, ${error.field}`, error.expected);
    else if (error instanceof Error && "code" in error)
      wrong(option, `a file that can be read (${error.code})`);
    else throw error;
    return null;
  }
}

function chosen(har: string, entry: string | undefined, wrong: Wrong): CopiedRequest | null {
  const choice = fromHar(har, entry === undefined ? undefined : Number(entry));
  if (choice.kind === "one") return choice.copied;
  const list = choice.entries.map(({ number, method, url }) => `\n    ${number}  ${method} ${url}`);
  wrong(
    "--entry",
    `one of the requests that got no answer:${list.join("")}\n    for example --entry ${choice.entries[0]?.number}`,
  );
  return null;
}
