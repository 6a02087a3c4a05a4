import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect } from "vitest";
import type { WaybillChat } from "../../src/index.ts";
import { answered, said, threadOf } from "../support/events.ts";
import { type ChatStage, failure, type Scenarios } from "./chat-stage.ts";
import { fillHistory } from "./history.scenarios.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** A folder for pictures of every state, to be looked at. */
const folder = process.env["WAYBILL_SHOTS"];

const LONG = `## A long heading of a conversation about ${"lighthouses".repeat(8)}

| Name | Height | Since | Keeper | Remark |
|---|---|---|---|---|
| ${"Holm-Point-".repeat(6)} | 31 m | 1871 | A. Berg | rebuilt after the flood |

\`\`\`
${"const light = 1; ".repeat(20)}
\`\`\`

https://registry.example/${"lights/".repeat(30)}
`;

/** The states that are looked at. */
const states: Readonly<Record<string, (stage: ChatStage) => Promise<void>>> = {
  start: async (stage) => {
    const prompts = [{ label: "Plan a route", prompt: "Plan a route" }];
    await stage.open({
      startScreen: { greeting: "Hello there", prompts },
      composer: { attachments: { enabled: true } },
    });
    await stage.page.see("[part~=greeting]");
  },
  conversation: async (stage) => {
    const { page, chat } = stage;
    const preview_url = `${chat.origin}/picture.svg`;
    const attachments = [
      { id: "a", name: "a.png", mime_type: "image/png", type: "image", preview_url },
    ] as const;
    chat.threads.set("thr_1", threadOf("thr_1", [said("Look", { attachments }), answered(LONG)]));
    await stage.open({ initialThread: "thr_1", threadItemActions: { feedback: true, retry: true } });
    await page.see("[part~=actions]");
  },
  history: async (stage) => {
    const { page } = stage;
    fillHistory(stage);
    await stage.open({ initialThread: "thr_1" });
    await page.read("[part~=prose]", "About Lighthouse survey");
    await page.click({ css: "[part~=header-action]", name: "Conversations" });
    await page.read("[part~=history-item]", "Old pier");
  },
  "error card": async (stage) => {
    await stage.open();
    (await stage.ask("What is this?")).refuse(500, failure("internal_error", "The server failed."));
    await stage.page.click("[part~=error-card] summary");
    await stage.page.see("[part~=error-card] dl");
  },
};

/** What axe finds wrong, best practice included. */
function axeViolations({ page }: ChatStage) {
  return page.evaluate(async () => {
    // What moves or fades in is judged when it has arrived.
    await Promise.all(
      window.tools
        .all(".kb *")
        .flatMap((element) => element.getAnimations())
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
        .map((animation) => animation.finished.catch(() => undefined)),
    );
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 160))]);
  });
}

/** What runs over the side of the element; nothing should. */
const overflow = ({ page }: ChatStage) =>
  page.evaluate(() => {
    const { right, left } = window.chat.getBoundingClientRect();
    const isScrolled = (element: HTMLElement) => {
      for (let at = element.parentElement; at !== null && !at.matches(".kb"); at = at.parentElement)
        if (getComputedStyle(at).overflowX !== "visible") return true;
      return false;
    };
    const over = window.tools
      .all(".kb *")
      .filter((element) => element.checkVisibility() && !isScrolled(element))
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && (box.right > right + 1 || box.left < left - 1);
      })
      .map((element) => element.outerHTML.slice(0, 120));
    const root = document.documentElement;
    return root.scrollWidth > root.clientWidth
      ? [`page: ${root.scrollWidth} > ${root.clientWidth}`, ...over]
      : over;
  });

async function judge(stage: ChatStage, name: string, withAxe: boolean): Promise<void> {
  const { page } = stage;
  if (folder !== undefined)
    await writeFile(`${folder}/${name}-${page.engine}.png`, await page.driver.screenshot());
  expect(await overflow(stage), name).toEqual([]);
  if (withAxe) expect(await axeViolations(stage), name).toEqual([]);
}

/** Brings a state about, and judges it in both schemes, from right to left, and as narrow as a page at 200 %. */
function look(state: string, enter: (stage: ChatStage) => Promise<void>) {
  return async (stage: ChatStage) => {
    const { page } = stage;
    await enter(stage);
    await page.addScript(axe);
    await judge(stage, `${state}-light`, true);
    await stage.setOptions({ ...stage.options, theme: "dark" });
    await page.until(
      () => getComputedStyle(window.tools.all(".kb")[0] ?? document.body).colorScheme === "dark",
    );
    await judge(stage, `${state}-dark`, true);
    await page.evaluate(() => {
      const { registerStrings } = window.chat.constructor as typeof WaybillChat;
      registerStrings("ar", { message: "رسالة" });
    });
    await stage.setOptions({ ...stage.options, theme: "light", locale: "ar" });
    await page.until(() => getComputedStyle(window.tools.all(".kb")[0] ?? document.body).direction === "rtl");
    await judge(stage, `${state}-rtl`, true);
    await page.driver.resize(360, 720);
    await judge(stage, `${state}-narrow-rtl`, false);
    await stage.setOptions({ ...stage.options, locale: "en" });
    await page.until(() => getComputedStyle(window.tools.all(".kb")[0] ?? document.body).direction === "ltr");
    await judge(stage, `${state}-narrow`, false);
  };
}

/** How the element looks, with axe. */
export const looks: Scenarios = Object.fromEntries(
  Object.entries(states).map(([state, enter]) => [
    `${state}: axe finds nothing and nothing runs over the side, in any scheme, direction and size`,
    look(state, enter),
  ]),
);
