import type { PageRequest } from "@waybill/policy/browser";
import { type Browser, type CDPSession, chromium } from "playwright-core";
import { hopOf } from "./case.ts";
import { carryOut, type PageOutcome } from "./page-script.ts";

/** What DevTools said of a request that failed. */
export interface DevToolsFailure {
  /** Chromium's `Network.CorsError`. */
  corsError?: string;
  /** The value or name it blames. */
  parameter?: string;
  /** `net::ERR_…` */
  errorText?: string;
  blockedReason?: string;
}

/** One page of a Chromium, and what DevTools says of its requests. */
export class ChromiumPage {
  readonly #session: CDPSession;
  readonly #caseOf = new Map<string, number>();
  readonly #failures = new Map<number, DevToolsFailure>();

  static async open(browser: Browser, url: string): Promise<ChromiumPage> {
    const page = await browser.newPage();
    const session = await page.context().newCDPSession(page);
    await page.goto(url);
    const opened = new ChromiumPage(session);
    await session.send("Network.enable");
    await session.send("Audits.enable");
    return opened;
  }

  private constructor(session: CDPSession) {
    this.#session = session;
    session.on("Network.requestWillBeSent", ({ requestId, request, type }) => {
      const place = hopOf(request.url);
      // A preflight fails the request that it is for, and is told by that one.
      if (place !== null && type !== "Preflight" && !this.#caseOf.has(requestId)) {
        this.#caseOf.set(requestId, place.id);
      }
    });
    session.on("Network.loadingFailed", ({ requestId, errorText, corsErrorStatus, blockedReason }) => {
      const id = this.#caseOf.get(requestId);
      if (id === undefined) return;
      this.#note(id, {
        errorText,
        ...(blockedReason === undefined ? {} : { blockedReason }),
        ...(corsErrorStatus === undefined
          ? {}
          : { corsError: corsErrorStatus.corsError, parameter: corsErrorStatus.failedParameter }),
      });
    });
    // What the page's own process refuses is no request yet, and told as an issue alone.
    session.on("Audits.issueAdded", ({ issue }) => {
      const details = issue.details.corsIssueDetails;
      const place = details === undefined ? null : hopOf(details.request.url);
      if (details === undefined || place === null || details.isWarning) return;
      const { corsError, failedParameter } = details.corsErrorStatus;
      this.#note(place.id, { corsError, parameter: failedParameter });
    });
  }

  #note(id: number, failure: DevToolsFailure): void {
    this.#failures.set(id, { ...failure, ...this.#failures.get(id) });
  }

  /** Carries out requests, all at once. */
  async run(requests: readonly PageRequest[]): Promise<readonly PageOutcome[]> {
    const { result, exceptionDetails } = await this.#session.send("Runtime.evaluate", {
      expression: `(${carryOut.toString()})(${JSON.stringify(requests)})`,
      awaitPromise: true,
      returnByValue: true,
    });
    // An XMLHttpRequest tells the page first, and DevTools in the rest of the same task.
    await this.#session.send("Runtime.evaluate", { expression: "0" });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return result.value as readonly PageOutcome[];
  }

  /** What DevTools said of a case that failed; forgets it. */
  failureOf(id: number): DevToolsFailure | null {
    const failure = this.#failures.get(id) ?? null;
    this.#failures.delete(id);
    return failure;
  }
}

/** Starts a Chromium without a window. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROME_PATH"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
