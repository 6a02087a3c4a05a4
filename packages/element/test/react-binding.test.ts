import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { build } from "vite";
import { expect, test } from "vitest";
import { buildBundle, launchBrowser } from "./support/chat-page.ts";
import { accepted, answered, done, said, threadOf } from "./support/events.ts";
import { ScriptedChat } from "./support/scripted-chat.ts";

const TYPES: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript", css: "text/css" };

/** The app as Vite builds it, by path. */
async function buildApp(): Promise<ReadonlyMap<string, string>> {
  const output = await build({
    configFile: false,
    root: fileURLToPath(new URL("react-app", import.meta.url)),
    base: "/app/",
    logLevel: "silent",
    plugins: [react()],
    build: { write: false },
  });
  const files = new Map<string, string>();
  for (const result of Array.isArray(output) ? output : [output]) {
    if (!("output" in result)) continue;
    for (const file of result.output)
      files.set(`/app/${file.fileName}`, file.type === "chunk" ? file.code : String(file.source));
  }
  return files;
}

test("serves an app that uses the official React binding unchanged", async () => {
  const [bundle, files, browser] = await Promise.all([buildBundle(), buildApp(), launchBrowser()]);
  const chat = new ScriptedChat(bundle);
  await chat.listen();
  try {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    await page.route("**/app/**", async (route) => {
      const { pathname } = new URL(route.request().url());
      const body = files.get(pathname);
      const contentType = TYPES[pathname.split(".").at(-1) ?? ""] ?? "text/plain";
      await route.fulfill(body === undefined ? { status: 404 } : { body, contentType });
    });
    chat.answers.set("threads.list", () => ({
      data: [threadOf("thr_1", [], { title: "Mine" })],
      has_more: false,
    }));
    chat.threads.set("thr_1", threadOf("thr_1", [said("From React"), answered("Updated.")]));
    await page.goto(`${chat.origin}/app/index.html`);
    const events = page.locator("output");
    const press = (name: string) => page.getByRole("button", { name, exact: true }).first().click();
    const element = page.locator("openai-chatkit");
    await element.locator("[part~=greeting]").waitFor();
    await expect.poll(() => events.innerText()).toBe("ready");

    await press("Ask");
    const turn = await chat.nextTurn();
    turn.send(
      ...accepted(said("From React")),
      { type: "client_effect", name: "glow", data: {} },
      done("Hello."),
    );
    turn.end();
    await element.getByText("Hello.").first().waitFor();
    await expect
      .poll(() => events.innerText())
      .toBe("ready, thread thr_1, response.start, effect glow, response.end");

    await press("Write");
    await element.locator("[part~=field]").getByText("Draft").waitFor();
    await press("Focus");
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe("openai-chatkit");

    await press("Show");
    await element.locator("[part~=history-item]").waitFor();
    await press("Hide");
    await events.getByText("history.open, history.close").waitFor();

    await press("Act");
    const action = await chat.nextTurn();
    expect(action.request.type).toBe("threads.custom_action");
    action.send({ type: "stream_options", stream_options: { allow_cancel: true } });
    action.end();
    await events.getByText(/history\.close, response\.start, response\.end/).waitFor();

    await press("Update");
    await element.getByText("Updated.").first().waitFor();
    await press("New");
    await events.getByText(/thread null/).waitFor();
    const heard = (await events.innerText()).split(", ");
    expect(heard.filter((name) => name === "ready" || name === "error")).toEqual(["ready"]);
    expect(faults).toEqual([]);
  } finally {
    await browser.close();
    await chat.close();
  }
});
