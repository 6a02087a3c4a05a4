import { expect } from "vitest";
import { answered, said, threadOf } from "../support/events.ts";
import type { ChatStage, Scenarios } from "./chat-stage.ts";

const COMPOSER = {
  attachments: { enabled: true },
  tools: [
    { id: "web", label: "Search the web", icon: "globe" },
    { id: "archive", label: "Study the archive", icon: "book-open" },
    { id: "draw", label: "Draw", icon: "square-image" },
  ],
};

/** Waits until this line of an open menu is the active one. */
const active = ({ page }: ChatStage, label: string) =>
  page.until((wanted) => window.tools.all(".mi.is-active")[0]?.innerText.trim() === wanted, label);

/** Everything without a pointer. */
export const keyboard: Scenarios = {
  "Tab goes through header, conversation and composer in the order they are read": async (stage) => {
    const { page, chat } = stage;
    const preview_url = `${chat.origin}/picture.svg`;
    const attachments = [
      { id: "a", name: "a.png", mime_type: "image/png", type: "image", preview_url },
    ] as const;
    chat.threads.set("thr_1", threadOf("thr_1", [said("Look", { attachments }), answered("Fine")]));
    await stage.open({ initialThread: "thr_1", composer: COMPOSER });
    await page.read("[part~=prose]", "Fine");
    await page.focus({ css: "button", name: "Conversations" });
    const walked = ["Conversations"];
    while (walked.length < 12 && walked.at(-1) !== "Send: write a message first") {
      await page.press("Tab");
      walked.push(await page.focused());
    }
    expect(walked).toEqual([
      "Conversations",
      "New conversation",
      "Conversation",
      "Open image: a.png",
      "Copy answer",
      "Message",
      "Attach files",
      "Tools",
      "Send: write a message first",
    ]);
    await page.press("Shift+Tab");
    await page.hasFocus("Tools");
  },

  "Enter sends, Shift and Enter begins a line, the field keeps the focus": async (stage) => {
    const { page, chat } = stage;
    await stage.open();
    await stage.write("One");
    await page.press("Shift+Enter");
    await page.type("Two");
    await page.press("Enter");
    const turn = await chat.nextTurn();
    expect(turn.request.params["input"]).toMatchObject({
      content: [{ type: "input_text", text: "One\nTwo" }],
    });
    await page.until(() => window.tools.all("[part=field]")[0]?.innerText.trim() === "");
    await page.hasFocus("Message");
  },

  "an Enter that ends a composition does not send": async (stage) => {
    const { page } = stage;
    await stage.open();
    await stage.write("nihon");
    await page.evaluate(() => {
      const enter = { key: "Enter", bubbles: true, cancelable: true };
      const field = window.tools.focused();
      field?.dispatchEvent(new KeyboardEvent("keydown", { ...enter, isComposing: true }));
      field?.dispatchEvent(new KeyboardEvent("keydown", { ...enter, keyCode: 229 } as KeyboardEventInit));
    });
    await page.read("[part=field]", "nihon");
    expect(await stage.count("[part~=user-message]")).toBe(0);
  },

  "arrows, Home, End and letters move in a menu; Escape gives the focus back": async (stage) => {
    const { page } = stage;
    await stage.open({ composer: COMPOSER });
    await page.focus("[part=tool-menu]");
    await page.press("ArrowDown");
    await active(stage, "Search the web");
    await page.press("ArrowUp");
    await active(stage, "Draw");
    await page.press("Home");
    await active(stage, "Search the web");
    await page.press("s", "t");
    await active(stage, "Study the archive");
    await page.press("Escape");
    await page.gone("[part=menu]");
    await page.hasFocus("Tools");
    await page.press("Enter", "End", "Enter");
    await page.gone("[part=menu]");
    await stage.attribute("[part=tool-menu]", "aria-expanded", "false");
    expect(await page.evaluate(() => window.tools.focused()?.getAttribute("part"))).toBe("tool-menu");
  },

  "Escape closes one layer, and the focus goes back where it came from": async (stage) => {
    const { page, chat } = stage;
    const preview_url = `${chat.origin}/picture.svg`;
    const attachments = ["a.png", "b.png"].map(
      (name) =>
        ({
          id: name,
          name,
          mime_type: "image/png",
          type: "image",
          preview_url: `${preview_url}?${name}`,
        }) as const,
    );
    chat.threads.set("thr_1", threadOf("thr_1", [said("Look", { attachments }), answered("Fine")]));
    chat.answers.set("threads.list", () => ({
      data: [threadOf("thr_1", [], { title: "Pier" })],
      has_more: false,
    }));
    await page.driver.resize(960, 720);
    await stage.open({ initialThread: "thr_1" });
    await page.read("[part~=prose]", "Fine");
    await page.click({ css: "[part~=header-action]", name: "Conversations" });
    await page.hasFocus("Search conversations");
    await page.click({ css: "button", name: "Open image: b.png" });
    await page.hasFocus("Close image");
    await page.press("ArrowLeft");
    await page.read("[part=lightbox] h2", "a.png");
    for (let step = 0; step < 6; step += 1) {
      await page.press("Tab");
      expect(await page.evaluate(() => window.tools.focused()?.closest("[part=lightbox]") !== null)).toBe(
        true,
      );
    }
    await page.press("Escape");
    await page.gone("[part=lightbox]");
    await page.hasFocus("Open image: b.png");
    await page.see("[part~=history]");
    await page.focus("[part~=history-search]");
    await page.press("Escape");
    await page.gone("[part~=history]");
    await page.hasFocus("Conversations");
  },
};
