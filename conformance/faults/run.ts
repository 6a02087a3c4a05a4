import type { Description } from "./description.ts";
import { FAULTS, type Fault, isOfBytes, type Route } from "./faults.ts";
import { type Asker, reasonsAgainst, type Seen, seenOf } from "./judge.ts";
import { type Head, readHead } from "./read-head.ts";
import { type Http2Request, readHttp2Head, type Trust } from "./read-http2.ts";
import { askWhileShuttingDown, type Reach } from "./shut-down.ts";

/** One fault, seen by one asker. */
export interface Cell {
  readonly fault: string;
  readonly asker: Asker;
  /** Null if there was no answer. */
  readonly seen: Seen | null;
  /** What is wrong; none if the cell is right. */
  readonly reasons: readonly string[];
}

/** How a server is to be reached. */
export interface RunOptions {
  /** Over HTTP/2: TLS for `https:`, else in clear. @default false: HTTP/1.1 */
  readonly http2?: boolean;
  readonly trust?: Trust;
}

const ASKERS: readonly Asker[] = ["allowed", "denied", "none"];
/** Faults that hang should hang beside each other; a server should not be flooded. */
const AT_ONCE = 12;

/** Commits every fault that the description has a route for, as each asker; cells in the order of the table. */
export async function runFaults(
  baseUrl: string,
  description: Description,
  { http2 = false, trust }: RunOptions = {},
): Promise<readonly Cell[]> {
  const { faults, shutDown, answerWithinMs: withinMs = 70_000 } = description;
  const reach: Reach = { baseUrl, http2, withinMs, ...(trust && { trust }) };
  const isLast = ({ id }: Fault) => id === "shutting-down" && shutDown !== undefined;
  const jobs = FAULTS.flatMap((fault) => {
    const route = isOfBytes(fault) || isLast(fault) ? faults["ok"] : faults[fault.id];
    if (route === undefined || (http2 && fault.http2 === null)) return [];
    return ASKERS.map((asker) => ({ fault, route, asker }));
  });
  const at = ({ route }: Job) => route.baseUrl ?? baseUrl;
  const cells: Cell[] = [];
  const ordinary = [...jobs.entries()].filter(([, { fault }]) => !isLast(fault)).values();
  const work = async () => {
    for (const [index, job] of ordinary) {
      const origin = originOf(description, job.asker);
      const head = http2
        ? await readHttp2Head(baseUrl, http2RequestOf(baseUrl, job, origin), withinMs, trust)
        : await readHead(at(job), bytesOf(at(job), job.fault, job.route, origin), withinMs);
      cells[index] = cellOf(description, job, head, http2);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (shutDown === undefined) return cells;
  const askers = ASKERS.map((asker): Readonly<Record<string, string>> => {
    const origin = originOf(description, asker);
    return { ...faults["ok"]?.headers, ...(origin !== undefined && { origin }) };
  });
  const paths = { ok: faults["ok"]?.path ?? "/", shutDown: shutDown.path };
  const heads = await askWhileShuttingDown(reach, paths, askers);
  for (const [index, job] of jobs.entries()) {
    if (isLast(job.fault))
      cells[index] = cellOf(description, job, heads[ASKERS.indexOf(job.asker)] ?? null, http2);
  }
  return cells;
}

interface Job {
  readonly fault: Fault;
  readonly route: Route;
  readonly asker: Asker;
}

function originOf({ allowedOrigin, deniedOrigin }: Description, asker: Asker): string | undefined {
  return { allowed: allowedOrigin, denied: deniedOrigin ?? "https://denied.example", none: undefined }[asker];
}

function cellOf(description: Description, job: Job, head: Head | null, http2: boolean): Cell {
  const { fault, route, asker } = job;
  const { credentials = true, exposedHeaders = [] } = description;
  const seen = head === null ? null : seenOf(head);
  const own = http2 ? (fault.http2?.statuses ?? fault.statuses) : fault.statuses;
  const isOwnRoute = description.faults[fault.id] === route;
  const statuses = (isOwnRoute ? route.statuses : undefined) ?? own;
  const origin = originOf(description, asker);
  const reasons = reasonsAgainst(seen, { asker, origin, statuses, credentials, exposedHeaders });
  return { fault: fault.id, asker, seen, reasons };
}

function http2RequestOf(baseUrl: string, { fault, route }: Job, origin: string | undefined): Http2Request {
  const { method = "GET", path, headers = {}, body = "x".repeat(route.bodyBytes ?? 0) } = route;
  const stalls = fault.id === "body-stalls";
  // As browsers do, though HTTP/2 does not need it.
  const length = body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return {
    method: fault.http2?.method ?? method,
    path: `${new URL(baseUrl).pathname.replace(/\/$/, "")}${path}`,
    headers: { ...headers, ...length, ...fault.http2?.headers, ...(origin !== undefined && { origin }) },
    body: stalls ? "{" : body,
    stalls,
  };
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
