import type { PageRequest } from "@waybill/policy/browser";
import { type Browser, type CDPSession, chromium } from "playwright-core";

/** How a request of the page ended. */
export interface Seen {
  /** The status that the page read; null: the request failed. */
  readonly status: number | null;
  /** What DevTools names, as Chromium's `Network.CorsError`; null if it names nothing. */
  readonly corsError: string | null;
  /** What the console shows first of it; null if nothing. */
  readonly consoleMessage: string | null;
}

/** A request and the bytes of its body. */
interface Asked {
  readonly request: PageRequest;
  readonly content: string;
}

/** Runs in the page, and knows nothing of this module. */
async function ask({ request, content }: Asked): Promise<number | null> {
  const { url, body, headers = [], uploadListeners: _, ...init } = request;
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const bodyOf = (): BodyInit | null => {
    switch (body?.kind) {
      case undefined:
        return null;
      case "text":
        return new TextDecoder().decode(bytes);
      case "form":
        return new URLSearchParams(new TextDecoder().decode(bytes));
      case "blob":
        return new Blob([bytes], { type: body.type });
      case "bytes":
        return bytes;
      default:
        throw new Error(`a body of the kind ${body?.kind} cannot be given`);
    }
  };
  const sent = new Request(url, {
    ...init,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    body: bodyOf(),
  });
  try {
    return (await fetch(sent)).status;
  } catch {
    return null;
  }
}

/** A page of an origin of its own, in a Chromium without a window, and what DevTools says of it. */
export class ChromiumPage implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #session: CDPSession;
  #corsError: string | null = null;
  #messages: string[] = [];

  /** Starts the browser and loads a page, which has nothing else to load. */
  static async open(url: string): Promise<ChromiumPage> {
    const browser = await chromium.launch({
      executablePath: process.env["CHROME_PATH"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
      ],
    });
    const page = await browser.newPage();
    const session = await page.context().newCDPSession(page);
    const opened = new ChromiumPage(browser, session);
    await page.goto(url);
    for (const domain of ["Network", "Audits", "Log", "Runtime"] as const) {
      await session.send(`${domain}.enable`);
    }
    return opened;
  }

  private constructor(browser: Browser, session: CDPSession) {
    this.#browser = browser;
    this.#session = session;
    session.on("Network.loadingFailed", ({ corsErrorStatus }) => {
      this.#corsError ??= corsErrorStatus?.corsError ?? null;
    });
    // What the page's own process refuses is no request yet, and told as an issue alone.
    session.on("Audits.issueAdded", ({ issue }) => {
      const { corsErrorStatus, isWarning } = issue.details.corsIssueDetails ?? {};
      if (isWarning !== true) this.#corsError ??= corsErrorStatus?.corsError ?? null;
    });
    session.on("Log.entryAdded", ({ entry }) => {
      if (entry.level === "error") this.#messages.push(entry.text);
    });
  }

  /** Carries out one request to its end. */
  async fetch(request: PageRequest, content: Uint8Array): Promise<Seen> {
    this.#corsError = null;
    this.#messages = [];
    const asked: Asked = { request, content: Buffer.from(content).toString("base64") };
    const { result, exceptionDetails } = await this.#session.send("Runtime.evaluate", {
      expression: `(${ask.toString()})(${JSON.stringify(asked)})`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    // DevTools hears of a failure in the same task as the page, at times behind it.
    await this.#session.send("Runtime.evaluate", { expression: "0" });
    const messages = this.#messages;
    return {
      status: result.value as number | null,
      corsError: this.#corsError,
      consoleMessage: messages.find((text) => !text.startsWith("Failed to load")) ?? messages[0] ?? null,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}
