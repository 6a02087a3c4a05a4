import { type Browser, type BrowserContextOptions, type Locator, type Page } from "playwright-core";
import { expect } from "vitest";

/** A file as a person has it. */
export interface UserFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Somebody in front of a page of `chatPage`, in a browser profile of their own. */
export class ChatUser {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<ChatUser> {
    const context = await browser.newContext({ viewport: { width: 960, height: 720 }, ...options });
    const user = new ChatUser(await context.newPage());
    await user.page.goto(url);
    await user.field.waitFor();
    return user;
  }

  /** Another tab of the same profile. */
  async tab(url: string): Promise<ChatUser> {
    const user = new ChatUser(await this.page.context().newPage());
    await user.page.goto(url);
    await user.field.waitFor();
    return user;
  }

  part(name: string): Locator {
    return this.page.locator(`#chat [part~="${name}"]`);
  }

  get field(): Locator {
    return this.part("field");
  }

  /** The newest answer. */
  get answer(): Locator {
    return this.part("assistant-message").last();
  }

  button(name: string | RegExp): Locator {
    return this.page.locator("#chat").getByRole("button", { name, exact: typeof name === "string" });
  }

  /** Writes and sends. */
  async write(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  /** Writes, and waits until the answer to it is complete. */
  async say(text: string): Promise<void> {
    const before = await this.ended();
    await this.write(text);
    await expect.poll(() => this.ended(), { timeout: 20_000 }).toBeGreaterThan(before);
  }

  /** Answers that have ended. */
  ended(): Promise<number> {
    return this.page.evaluate('app.events.filter(({ name }) => name === "chatkit.response.end").length');
  }

  /** The open conversation. */
  threadId(): Promise<string | null> {
    return this.page.evaluate(
      'app.events.findLast(({ name }) => name === "chatkit.thread.change")?.detail.threadId ?? null',
    );
  }

  /** Opens a conversation; what it was refused with, else null. */
  openThread(threadId: string | null): Promise<string | null> {
    return this.page.evaluate(
      `app.chatKit.setThreadId(${JSON.stringify(threadId)}).then(() => null, (error) => error.message)`,
    );
  }

  /** The files that will be sent. */
  get chips(): Locator {
    return this.page.locator('#chat [part~="attachment"][data-state]');
  }

  chip(name: string): Locator {
    return this.chips.filter({ hasText: name });
  }

  /** Chooses files by the button of the composer. */
  async attach(...files: UserFile[]): Promise<void> {
    await this.page.locator("#chat input[type=file]").setInputFiles(files);
  }

  /** Chooses files, and waits until they can be sent. */
  async upload(...files: UserFile[]): Promise<void> {
    await this.attach(...files);
    await this.ready(files.length);
  }

  /** Waits until so many files can be sent. */
  async ready(count: number): Promise<void> {
    await expect.poll(() => this.states(), { timeout: 20_000 }).toEqual(Array(count).fill("ready"));
  }

  /** The states of the files that will be sent. */
  states(): Promise<(string | null)[]> {
    return this.chips.evaluateAll((all) => all.map((chip) => chip.getAttribute("data-state")));
  }

  async openHistory(): Promise<void> {
    await this.part("header").getByRole("button", { name: "Conversations" }).click();
    await this.part("history-item").first().waitFor();
  }

  /** Titles of the listed conversations. */
  titles(): Promise<string[]> {
    return this.part("history-item").allInnerTexts();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
