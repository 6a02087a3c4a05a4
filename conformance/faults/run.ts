import type { Description } from "./description.ts";
import { FAULTS, type Fault, isOfBytes, type Route } from "./faults.ts";
import { type Asker, reasonsAgainst, type Seen, seenOf } from "./judge.ts";
import { readHead } from "./read-head.ts";

/** One fault, seen by one asker. */
export interface Cell {
  readonly fault: string;
  readonly asker: Asker;
  /** Null if there was no answer. */
  readonly seen: Seen | null;
  /** What is wrong; none if the cell is right. */
  readonly reasons: readonly string[];
}

const ASKERS: readonly Asker[] = ["allowed", "denied", "none"];
/** Faults that hang should hang beside each other; a server should not be flooded. */
const AT_ONCE = 12;

/** Commits every fault that the description has a route for, as each asker; cells in the order of the table. */
export async function runFaults(baseUrl: string, description: Description): Promise<readonly Cell[]> {
  const { faults } = description;
  const jobs = FAULTS.flatMap((fault) => {
    const route = isOfBytes(fault) ? faults["ok"] : faults[fault.id];
    return route === undefined ? [] : ASKERS.map((asker) => ({ fault, route, asker }));
  });
  const cells: Cell[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < jobs.length; index = next++) {
      const job = jobs[index];
      if (job !== undefined) cells[index] = await tryCell(baseUrl, description, job);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return cells;
}

interface Job {
  readonly fault: Fault;
  readonly route: Route;
  readonly asker: Asker;
}

async function tryCell(baseUrl: string, description: Description, job: Job): Promise<Cell> {
  const { fault, route, asker } = job;
  const { deniedOrigin = "https://denied.example", credentials = true, exposedHeaders = [] } = description;
  const origin = { allowed: description.allowedOrigin, denied: deniedOrigin, none: undefined }[asker];
  const bytes = bytesOf(baseUrl, fault, route, origin);
  const head = await readHead(baseUrl, bytes, description.answerWithinMs ?? 70_000);
  const seen = head === null ? null : seenOf(head);
  const statuses = (isOfBytes(fault) ? undefined : route.statuses) ?? fault.statuses;
  const reasons = reasonsAgainst(seen, { asker, origin, statuses, credentials, exposedHeaders });
  return { fault: fault.id, asker, seen, reasons };
}

function bytesOf(baseUrl: string, fault: Fault, route: Route, origin: string | undefined): string {
  const { host, pathname } = new URL(baseUrl);
  const start = `${route.method ?? "GET"} ${pathname.replace(/\/$/, "")}${route.path} HTTP/1.1`;
  const lines = [
    `Host: ${host}`,
    ...(origin === undefined ? [] : [`Origin: ${origin}`]),
    ...Object.entries(route.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
  ];
  if (fault.bytes !== undefined) return fault.bytes(start, lines);
  const body = route.body ?? "x".repeat(route.bodyBytes ?? 0);
  const length = body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return `${[start, ...lines, ...length].join("\r\n")}\r\n\r\n${Buffer.from(body).toString("latin1")}`;
}

/** How many cells are right, and of how many: `72/93`. */
export const figureOf = (cells: readonly Cell[]): string =>
  `${cells.filter(({ reasons }) => reasons.length === 0).length}/${cells.length}`;
