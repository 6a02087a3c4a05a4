import { expect } from "vitest";
import { accepted, answered, begun, done, said, threadOf, words } from "../support/events.ts";
import type { Scenarios } from "./chat-stage.ts";

const MARKDOWN = `# Lights of the coast

A **lighthouse** on a *low* headland, see [the list](https://registry.example/a).

| Name | Height |
|---|---|
| Holm | 31 m |

1. Walk
2. Look

\`\`\`ts
const lit: boolean = true;
\`\`\`
`;

/** Sending, streaming, stopping and answering again. */
export const conversation: Scenarios = {
  "draws Markdown while it streams": async (stage) => {
    const { page } = stage;
    await stage.open();
    const turn = await stage.ask("What is this?");
    const pieces = MARKDOWN.match(/[\s\S]{1,17}/g) ?? [];
    turn.send(...accepted(said("What is this?")), ...begun());
    const middle = Math.floor(pieces.length / 2);
    for (const piece of pieces.slice(0, middle)) turn.send(words(piece));
    await page.read("[part~=prose] strong", "lighthouse");
    await stage.attribute("[part~=assistant-message]", "aria-busy", "true");
    for (const piece of pieces.slice(middle)) turn.send(words(piece));
    turn.send(done(MARKDOWN));
    turn.end();
    await page.see("[part~=actions]");
    expect(
      await page.evaluate(() => {
        const [prose] = window.tools.all("[part~=prose]");
        const text = (css: string) => prose?.querySelector(css)?.textContent?.trim() ?? null;
        return [text("em"), text("a"), text("td"), text("ol > li"), text("pre code")];
      }),
    ).toEqual(["low", "the list", "Holm", "Walk", "const lit: boolean = true;"]);
    expect(await stage.outcome()).toBe("resolved");
  },

  "stops an answer by keys, and keeps what has come and the draft": async (stage) => {
    const { page } = stage;
    await stage.open();
    const turn = await stage.ask("Tell me");
    turn.send(...accepted(said("Tell me")), ...begun(), words("Once upon"));
    await page.read("[part~=assistant-message]", "Once upon");
    await stage.write("Next");
    await page.press("Control+.");
    const answer = await page.read("[part~=assistant-message]", "You stopped this answer.");
    expect(answer).toContain("Once upon");
    await page.read("[part=field]", "Next");
    await turn.closed;
    expect(await stage.count("[part~=error-card]")).toBe(0);
  },

  "stops an answer by its button": async (stage) => {
    const { page } = stage;
    await stage.open();
    const turn = await stage.ask("Tell me");
    turn.send(...accepted(said("Tell me")), ...begun(), words("Once upon"));
    await page.read("[part~=assistant-message]", "Once upon");
    // A press within half a second of the message belongs to Send, and is ignored.
    do await page.click("[part=stop], [part=send]");
    while (await page.evaluate(() => window.tools.find({ css: "[part=stop]" }) !== null));
    await page.read("[part~=assistant-message]", "You stopped this answer.");
    await turn.closed;
  },

  "answers a failed message anew": async (stage) => {
    const { page } = stage;
    await stage.open();
    const turn = await stage.ask("Export it");
    turn.send(...accepted(said("Export it")), ...begun(), words("Half"), {
      type: "error",
      code: "custom",
      message: "The export has no space left.",
      allow_retry: true,
    });
    turn.end();
    await page.read("[part~=error-card]", "The export has no space left.");
    await page.click({ css: "[part~=error-card] button", name: "Try again" });
    const retry = await stage.chat.nextTurn();
    expect(retry.request.type).toBe("threads.retry_after_item");
    retry.send(...begun("msg_2"), done("It is done.", "msg_2"));
    retry.end();
    await page.read("[part~=assistant-message]", "It is done.");
    expect(await stage.count("[part~=error-card]")).toBe(0);
  },

  "keeps draft and conversation over a reload": async (stage) => {
    const { page, chat } = stage;
    chat.threads.set("thr_1", threadOf("thr_1", [said("Hi"), answered("Hello")], { title: "Greetings" }));
    await stage.open({ initialThread: "thr_1" });
    await page.read("[part~=prose]", "Hello");
    await stage.write("Unsent");
    await stage.open({ initialThread: "thr_1" });
    await page.read("[part~=prose]", "Hello");
    await page.read("[part=field]", "Unsent");
    expect(await page.see("[part~=title]")).toBe("Greetings");
  },
};
