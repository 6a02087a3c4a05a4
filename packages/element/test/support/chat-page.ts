import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { build } from "vite";
import type { UserMessage, WaybillChat } from "../../src/index.ts";

/** Starts the Chromium of this machine. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
    ],
  });
}

/** The bundle as it is published. */
export async function buildBundle(): Promise<string> {
  const output = await build({
    configFile: fileURLToPath(new URL("../../vite.config.ts", import.meta.url)),
    logLevel: "silent",
    build: { write: false },
  });
  for (const result of Array.isArray(output) ? output : [output]) {
    if (!("output" in result)) continue;
    for (const file of result.output) if (file.type === "chunk") return file.code;
  }
  throw new Error("The build made no bundle.");
}

/** One event of the element, as the page heard it. */
export interface HeardEvent {
  readonly name: string;
  readonly detail: unknown;
}

const EVENTS = [
  "ready",
  "error",
  "response.start",
  "response.end",
  "thread.change",
  "thread.load.start",
  "thread.load.end",
  "effect",
  "deeplink",
  "history.open",
  "history.close",
  "tool.change",
  "log",
].map((name) => `chatkit.${name}`);

declare global {
  interface Window {
    heard: HeardEvent[];
    chat: WaybillChat;
    outcome: string;
  }
}

/** A page with one element. */
export class ChatPage {
  readonly page: Page;
  /** Faults of the page: exceptions, and what its policy refused. */
  readonly faults: string[] = [];
  /** Every address the page asked for. */
  readonly asked: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("request", (request) => this.asked.push(request.url()));
    page.on("pageerror", (error) => this.faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && /Security Policy|Trusted/i.test(message.text()))
        this.faults.push(message.text());
    });
  }

  static async open(
    browser: Browser,
    origin: string,
    query = "",
    options: BrowserContextOptions = {},
  ): Promise<ChatPage> {
    const context = await browser.newContext({ viewport: { width: 720, height: 720 }, ...options });
    const chat = new ChatPage(await context.newPage());
    await chat.load(`${origin}/${query}`);
    return chat;
  }

  async load(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page.evaluate((names) => {
      const chat = document.querySelector<WaybillChat>("#chat");
      if (chat === null) throw new Error("The page has no element.");
      window.chat = chat;
      window.heard = [];
      for (const name of names)
        chat.addEventListener(name, (event) => {
          const { detail } = event as CustomEvent<{ error?: Error } | null>;
          window.heard.push({
            name,
            detail: detail?.error === undefined ? detail : { message: detail.error.message },
          });
        });
    }, EVENTS);
  }

  /** Hands plain options to the element; without `api`, that of the page's own server. */
  async setOptions(options: object = {}): Promise<void> {
    await this.page.evaluate((given) => {
      window.chat.setOptions({ api: { url: "/chatkit" }, ...given });
    }, options);
  }

  /** Calls sendUserMessage, and keeps what became of it for `outcome`. */
  async send(message: UserMessage): Promise<void> {
    await this.page.evaluate((given) => {
      window.outcome = "pending";
      window.chat.sendUserMessage(given).then(
        () => {
          window.outcome = "resolved";
        },
        (error: Error) => {
          window.outcome = `${error.name}: ${error.message}`;
        },
      );
    }, message);
  }

  outcome(): Promise<string> {
    return this.page.evaluate(() => window.outcome);
  }

  async heard(name?: string): Promise<HeardEvent[]> {
    const all = await this.page.evaluate(() => window.heard);
    return name === undefined ? all : all.filter((event) => event.name === `chatkit.${name}`);
  }

  part(name: string): Locator {
    return this.page.locator(`#chat [part~="${name}"]`);
  }

  /** What is seen with this text; what is only announced does not count. */
  seen(text: string | RegExp): Locator {
    return this.page.locator("#chat").locator(".log, .start, .dock").getByText(text);
  }

  /** What is written in the field, tags by their names. */
  written(): Promise<string> {
    return this.field.evaluate((field) =>
      [...field.childNodes]
        .map((node) => {
          if (node.nodeName === "BR") return "\n";
          const text = node.textContent ?? "";
          if (node.nodeName === "DIV") return `\n${text}`;
          return node.nodeName === "SPAN" ? text.trim() : text;
        })
        .join("")
        .replace(/\n$/, ""),
    );
  }

  get field(): Locator {
    return this.part("field");
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
