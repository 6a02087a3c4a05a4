import { STATUS_CODES } from "node:http";
import type { HeaderLine } from "@waybill/policy";
import type { Diagnosis } from "./diagnosis.ts";
import type { Exchange, Received } from "./exchange.ts";
import { valueOf } from "./header-values.ts";
import type { Sheet } from "./sheet.ts";

/** What of an exchange a verdict blames: a header by its name, in lower case, or the status. */
export type Offence = "status" | "connection" | (string & {});

/** What the verdict blames; null: nothing that a server said. */
export function offenceOf({ prediction: { verdict } }: Diagnosis): Offence | null {
  if (verdict === "ConnectionFailed") return "connection";
  if (verdict === "PreflightInvalidStatus" || verdict === "ProxyAuthentication") return "status";
  if (verdict.endsWith("AllowCredentials")) return "access-control-allow-credentials";
  if (/AllowOrigin|WildcardOrigin/.test(verdict)) return "access-control-allow-origin";
  if (/Method.*PreflightResponse$/.test(verdict)) return "access-control-allow-methods";
  if (/Header.*PreflightResponse$/.test(verdict)) return "access-control-allow-headers";
  if (verdict === "CrossOriginResourcePolicy") return "cross-origin-resource-policy";
  if (/Redirect|Location|EmbeddedCredentials/.test(verdict)) return "location";
  return null;
}

/** Lines that every browser writes, and that decide nothing. */
const USUAL = /^(?:accept|accept-.*|connection|content-length|host|referer|sec-.*|user-agent)$/i;
const TELLING =
  /^(?:access-control-.*|cache-control|content-type|cross-origin-.*|location|server|timing-allow-origin|vary|via|waybill|www-authenticate|x-powered-by)$/i;

/** Draws what was sent and what came back, with the line that is blamed marked below. */
export function drawExchange(sheet: Sheet, exchange: Exchange, offence: Offence | null): void {
  sheet.line(2, `${exchange.method} ${exchange.url}`, "bold");
  for (const [name, value] of exchange.sent) {
    if (!USUAL.test(name)) sheet.line(4, `${name}: ${value}`, "dim");
  }
  const { outcome } = exchange;
  if (outcome.kind === "failed") {
    sheet.prose(2, `← no answer: ${outcome.message}`, "red", 4);
    return;
  }
  const status = statusLine(outcome);
  sheet.line(2, `← ${status}`, "bold");
  if (offence === "status") mark(sheet, 4, String(outcome.status).length, "browsers take this for a refusal");
  if (outcome.certificate !== undefined) mark(sheet, 4, status.length, outcome.certificate.message);
  drawHeaders(sheet, outcome.headers, offence);
}

function drawHeaders(sheet: Sheet, headers: readonly HeaderLine[], offence: Offence | null): void {
  for (const [name, value] of headers) {
    if (!TELLING.test(name)) continue;
    sheet.line(4, `${name}: ${value}`);
    if (name.toLowerCase() === offence)
      mark(sheet, 4 + name.length + 2, Math.max(value.trim().length, 1), "");
  }
  if (offence?.includes("-") === true && valueOf(headers, offence) === null) {
    const missing = `(no ${spelled(offence)})`;
    sheet.line(4, missing, "red");
    mark(sheet, 4, missing.length, "");
  }
}

function mark(sheet: Sheet, indent: number, length: number, words: string): void {
  sheet.line(indent, `${"^".repeat(length)}${words === "" ? "" : ` ${words}`}`, "red");
}

const spelled = (name: string): string => name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());

/** The status with its words, and how far the body came. */
export function statusLine({ status, bodyEnd }: Received): string {
  const words = STATUS_CODES[status];
  const rest = {
    complete: "",
    cut: "",
    stalled: ", and its body stalls",
    broken: ", and its body breaks off",
  };
  return `${status}${words === undefined ? "" : ` ${words}`}${rest[bodyEnd]}`;
}

/** A probe in one line: what was asked, why, and whether this answer has the header. */
export function drawProbe(sheet: Sheet, exchange: Exchange): void {
  const { method, outcome, url, why } = exchange;
  const { pathname } = new URL(url);
  const said =
    outcome.kind === "failed" ? `no answer (${outcome.fault})` : `${outcome.status}, ${allowedBy(outcome)}`;
  sheet.prose(2, `${method} ${pathname}: ${why === "" ? "" : `${why}: `}${said}`, undefined, 4);
}

function allowedBy({ headers }: Received): string {
  const allowed = valueOf(headers, "access-control-allow-origin");
  return allowed === null ? "no Access-Control-Allow-Origin" : `Access-Control-Allow-Origin: ${allowed}`;
}
