import type { Diagnosis, Finding, Fix, Layer } from "./diagnosis.ts";
import { drawExchange, drawProbe, offenceOf } from "./report-exchange.ts";
import { type Look, type ReportOptions, Sheet } from "./sheet.ts";

const BODY_LINES = 8;
const BODY_COLUMNS = 200;

const SIGNS = { fine: "✓", broken: "✗", unknown: "?" } as const;
const LOOKS: Readonly<Record<Diagnosis["outcome"] | Finding["severity"], Look>> = {
  fine: "green",
  broken: "red",
  unknown: "yellow",
  error: "red",
  warning: "yellow",
  note: "cyan",
};
const WHOSE: Readonly<Record<Layer, string>> = {
  page: "the page",
  network: "the network, or the address",
  proxy: "what stands in front of the application",
  server: "the server",
  application: "the application",
  nobody: "nobody",
  unknown: "the server, or what stands in front of it",
};

/**
 * The diagnosis as a text for people, like a good compiler's: the verdict, the console's words, what
 * was sent and answered with the line that is blamed marked, the cause, what is hidden, what else was
 * noticed, and the change. Ends with a line break. Control characters of the server's are made visible.
 */
export function report(diagnosis: Diagnosis, options: ReportOptions = {}): string {
  const sheet = new Sheet(options);
  const { outcome, summary, consoleMessage, exchanges, fixes, findings } = diagnosis;
  sheet.prose(0, `${SIGNS[outcome]} ${summary}`, LOOKS[outcome], 2);

  if (consoleMessage !== null) {
    heading(sheet, "What Chromium's console says");
    sheet.prose(2, consoleMessage, undefined);
  }
  const asked = exchanges.filter(({ purpose }) => purpose !== "probe");
  if (asked.length > 0) {
    heading(sheet, "What was asked, as the browser asks it");
    const offence = offenceOf(diagnosis);
    for (const exchange of asked) {
      if (exchange !== asked[0]) sheet.gap();
      drawExchange(sheet, exchange, exchange === asked.at(-1) ? offence : null);
    }
  }
  const probes = exchanges.filter(({ purpose }) => purpose === "probe");
  if (probes.length > 0) {
    heading(sheet, "What was asked besides");
    for (const probe of probes) drawProbe(sheet, probe);
  }
  if (outcome !== "fine") drawCause(sheet, diagnosis);
  if (findings.length > 0) {
    heading(sheet, outcome === "fine" ? "Noticed" : "Noticed besides");
    for (const finding of findings) drawFinding(sheet, finding);
  }
  for (const [at, fix] of fixes.entries()) drawFix(sheet, fix, at, fixes.length);
  return sheet.toString();
}

function heading(sheet: Sheet, text: string): void {
  sheet.gap();
  sheet.line(0, text, "bold");
}

function drawCause(sheet: Sheet, { cause, explanation, layer, servers, hidden }: Diagnosis): void {
  heading(sheet, `Why: ${cause}`);
  sheet.prose(2, explanation);
  const seen = servers.length === 0 ? "" : ` Recognised, outermost first: ${servers.join(", ")}.`;
  sheet.prose(2, `To be changed by ${WHOSE[layer]}.${seen}`);
  if (hidden === null) return;
  heading(sheet, `What the browser hides: ${hidden.status}`);
  const lines = hidden.body.trim().split(/\r?\n/);
  if (lines[0] === "") sheet.line(2, "(an empty body)", "dim");
  for (const line of lines.slice(0, BODY_LINES)) {
    sheet.line(2, line.length > BODY_COLUMNS ? `${line.slice(0, BODY_COLUMNS)}…` : line);
  }
  if (lines.length > BODY_LINES) sheet.line(2, `… ${lines.length - BODY_LINES} more lines`, "dim");
}

function drawFinding(sheet: Sheet, { severity, code, message, help }: Finding): void {
  sheet.prose(2, `${severity}[${code}] ${message}`, LOOKS[severity], 2);
  if (help !== "") sheet.prose(4, `help: ${help}`, undefined, 2);
}

function drawFix(sheet: Sheet, { server, where, language, text }: Fix, at: number, count: number): void {
  const whose = server === null ? "" : `${server}, `;
  heading(
    sheet,
    `${at === 0 ? "To mend it" : "Or"}${count > 1 ? ` (${at + 1} of ${count})` : ""}: ${whose}${where}`,
  );
  if (language === "text") {
    for (const line of text.trimEnd().split("\n")) sheet.prose(2, line, undefined, 2);
    return;
  }
  sheet.line(0, `\`\`\`${language}`, "dim");
  for (const line of text.trimEnd().split("\n")) sheet.line(0, line);
  sheet.line(0, "```", "dim");
}
