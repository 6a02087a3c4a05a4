import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { buildBundle, ChatPage, launchBrowser } from "./chat-page.ts";
import { ScriptedChat } from "./scripted-chat.ts";

/** What each test of a file gets: a server of its own, and pages on one browser. */
export interface Fixture {
  readonly chat: ScriptedChat;
  /** Opens a page with one element; closed after the test, which fails if the page had faults. */
  open(query?: string, options?: BrowserContextOptions): Promise<ChatPage>;
}

/** Sets up a file of tests in the browser. */
export function useChat(): Fixture {
  let browser: Browser;
  let bundle: string;
  let chat: ScriptedChat;
  let pages: ChatPage[] = [];

  beforeAll(async () => {
    [bundle, browser] = await Promise.all([buildBundle(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
  });
  beforeEach(async () => {
    chat = new ScriptedChat(bundle);
    await chat.listen();
  });
  afterEach(async () => {
    const faults = pages.flatMap((page) => page.faults);
    await Promise.all(pages.map((page) => page.close()));
    pages = [];
    await chat.close();
    expect(faults).toEqual([]);
  });

  return {
    get chat() {
      return chat;
    },
    async open(query, options) {
      const page = await ChatPage.open(browser, chat.origin, query, options);
      pages.push(page);
      return page;
    },
  };
}
