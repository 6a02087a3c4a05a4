import type { Page } from "playwright-core";

/** What a page's author writes beside the address of the server. */
export interface ChatPageParts {
  /** Where the element comes from. @default the chat server */
  readonly bundle?: string;
  /** The options but for `api.url`, as the source of a JavaScript object. @default "{}" */
  readonly options?: string;
}

/** A page with the element, as somebody would write it: `app.chatKit` is the element, `app.events` what it fired. */
export function chatPage(api: string, { bundle = `${api}/chatkit.js`, options = "{}" }: ChatPageParts = {}) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>App</title>
<style>html, body { margin: 0; block-size: 100%; } openai-chatkit { display: block; block-size: 100%; }</style>
<script src="${bundle}"></script></head><body>
<openai-chatkit id="chat"></openai-chatkit>
<script>
  const app = { chatKit: document.getElementById("chat"), events: [] };
  for (const name of ["ready", "error", "response.start", "response.end", "thread.change"]) {
    app.chatKit.addEventListener("chatkit." + name, (event) => app.events.push({ name: "chatkit." + name, detail: event.detail?.error?.message ?? event.detail ?? null }));
  }
  app.options = ${options};
  app.chatKit.setOptions({ ...app.options, api: { ...app.options.api, url: "${api}/chatkit" } });
</script></body></html>`;
}

/** The names of the events that the page has seen. */
export function eventNames(page: Page): Promise<string[]> {
  return page.evaluate("app.events.map((event) => event.name)");
}

/** Runs the snippet, with \`this\` as in an application; the rejection's message, or null. */
export function runSnippet(page: Page, previewUrl: string | undefined, id = "123"): Promise<string | null> {
  return page.evaluate(
    `(async function () {
      let attachments = [];
      attachments.push({ id: ${JSON.stringify(id)}, mime_type: "image/png", name: "test.png", preview_url: ${JSON.stringify(previewUrl)}, type: "image" });
      await this.chatKit.sendUserMessage({ text: "what is this a picture of?", attachments: attachments });
    }).call(app).then(() => null, (error) => error.message)`,
  );
}

/** The visible text of the error card, once there is one. */
export async function errorCard(page: Page, timeoutMs = 25_000): Promise<string> {
  const card = page.locator("[part~=error-card]");
  await card.waitFor({ timeout: timeoutMs });
  return card.innerText();
}
