import type { ChatPage } from "./chat-page.ts";

declare global {
  interface Window {
    lastOptions: Parameters<Window["chat"]["setOptions"]>[0];
  }
}

/** Has the page remember what the element is given from now on, for `changeOptions`. */
export async function rememberOptions({ page }: ChatPage): Promise<void> {
  await page.evaluate(() => {
    const set = window.chat.setOptions.bind(window.chat);
    window.chat.setOptions = (options) => {
      window.lastOptions = options;
      set(options);
    };
  });
}

/** Gives the element the options it had at first, with these over them; functions and the server stay. */
export async function changeOptions({ page }: ChatPage, more: object): Promise<void> {
  await page.evaluate(async (given) => {
    const before = window.lastOptions;
    window.chat.setOptions({ ...before, ...given });
    window.lastOptions = before;
    await window.chat.updateComplete;
  }, more);
}
