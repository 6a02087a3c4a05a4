import { describe, expect, test } from "vitest";
import { axeViolations } from "./support/axe.ts";
import { accepted, answered, begun, done, said, threadOf, words } from "./support/events.ts";
import { useChat } from "./support/fixture.ts";

const fixture = useChat();

async function openAnswer(text: string, allowed?: readonly string[]) {
  const { chat } = fixture;
  const more = allowed === undefined ? {} : { allowed_image_domains: allowed };
  chat.threads.set("thr_1", threadOf("thr_1", [said("?"), answered(text)], more));
  const page = await fixture.open();
  await page.setOptions({ initialThread: "thr_1" });
  await page.part("prose").waitFor();
  return page;
}

async function openStream(text = "Tell me") {
  const page = await fixture.open();
  await page.setOptions();
  await page.send({ text });
  const turn = await fixture.chat.nextTurn();
  turn.send(...accepted(said(text)), ...begun());
  return { page, turn };
}

describe("Markdown", () => {
  test("shows raw HTML as it is written, and runs nothing of it", async () => {
    const page = await openAnswer(
      '<script>window.hacked = 1</script>\n\nInline <img src=x onerror="window.hacked=1"> <b>bold</b>\n\n[a](javascript:window.hacked=1) ![b](javascript:1)',
    );
    expect(await page.part("prose").innerText()).toContain("<script>window.hacked = 1</script>");
    expect(await page.part("prose").innerText()).toContain("<b>bold</b>");
    expect(await page.part("prose").locator("script, img, a, b").count()).toBe(0);
    expect(await page.page.evaluate(() => "hacked" in window)).toBe(false);
  });

  test("opens links in a new tab that learns nothing of the page", async () => {
    const page = await openAnswer("[Here](https://example.com/a?b=1&amp;c=2) and https://example.org");
    const links = await page
      .part("prose")
      .locator("a")
      .evaluateAll((all) =>
        all.map((link) => [link.getAttribute("href"), link.getAttribute("target"), link.getAttribute("rel")]),
      );
    expect(links).toEqual([
      ["https://example.com/a?b=1&c=2", "_blank", "noopener noreferrer"],
      ["https://example.org/", "_blank", "noopener noreferrer"],
    ]);
  });

  test("loads images only from where the thread allows them", async () => {
    const { origin } = fixture.chat;
    const text = `![Ours](${origin}/picture.svg) ![Theirs](http://localhost:1/pixel.png) ![Inline](data:image/png;base64,AA)`;
    const page = await openAnswer(text, ["127.0.0.1"]);
    await page.part("prose").locator("img").waitFor();
    expect(await page.part("prose").locator("img").count()).toBe(1);
    expect(await page.part("prose").innerText()).toContain("Image: Theirs");
    expect(page.asked.filter((url) => url.includes("localhost") || url.startsWith("data:"))).toEqual([]);
  });

  test("fits its headings into the outline, and keeps their look", async () => {
    const page = await openAnswer("## Two\n\n### Three\n\n## Two again\n\n###### Six");
    const headings = await page
      .part("prose")
      .locator("h4, h5, h6")
      .evaluateAll((all) => all.map((heading) => [heading.localName, heading.getAttribute("data-level")]));
    expect(headings).toEqual([
      ["h4", "2"],
      ["h5", "3"],
      ["h4", "2"],
      ["h6", "6"],
    ]);
  });

  test("draws only the last block again while an answer grows", async () => {
    const { page, turn } = await openStream();
    turn.send(words("First block.\n\n```sh\nnpm start\n```\n\nLast"));
    await page.seen("Last").waitFor();
    const blocks = await page.part("prose").evaluate((prose) => {
      const nodes = [...prose.children];
      Object.assign(window, { blocks: nodes });
      const changes: Node[] = [];
      Object.assign(window, { changes });
      for (const node of nodes.slice(0, 2))
        new MutationObserver((records) => changes.push(...records.map((record) => record.target))).observe(
          node,
          {
            subtree: true,
            childList: true,
            characterData: true,
          },
        );
      return nodes.length;
    });
    expect(blocks).toBe(3);
    turn.send(words(" words\n\n- and"), words(" a list"));
    await page.seen("and a list").waitFor();
    const kept = await page.part("prose").evaluate((prose) => {
      const { blocks: before, changes } = window as unknown as { blocks: Element[]; changes: Node[] };
      return { same: before.every((node, index) => prose.children[index] === node), changes: changes.length };
    });
    expect(kept).toEqual({ same: true, changes: 0 });
    turn.end();
  });

  test("makes wide code reachable by keyboard, under a name", async () => {
    const page = await openAnswer(`\`\`\`sh\n${"wide ".repeat(200)}\n\`\`\`\n\n\`\`\`\nshort\n\`\`\``);
    const wide = page.part("code").first().locator("pre");
    await expect.poll(() => wide.getAttribute("tabindex")).toBe("0");
    expect(await wide.getAttribute("aria-label")).toBe("Code: Shell, 1 line");
    expect(await page.part("code").nth(1).locator("pre").getAttribute("tabindex")).toBeNull();
    const overflow = await page.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(overflow).toBe(false);
  });
});

test("reads an answer block by block, and says when it is complete", async () => {
  const { page, turn } = await openStream();
  await page.page.evaluate(() => {
    const region = window.chat.shadowRoot?.querySelector("[aria-live=polite]");
    const spoken: string[] = [];
    Object.assign(window, { spoken });
    if (region)
      new MutationObserver(() => spoken.push(region.textContent ?? "")).observe(region, { childList: true });
  });
  turn.send(
    words("First **block**.\n\n"),
    words("```ts\na\n```\n\n"),
    words("End."),
    done("First **block**.\n\n```ts\na\n```\n\nEnd."),
  );
  turn.end();
  await expect
    .poll(() => page.page.evaluate(() => (window as unknown as { spoken: string[] }).spoken))
    .toEqual(
      expect.arrayContaining(["First block.", "Code: TypeScript, 1 line.", "End.", "Answer complete."]),
    );
  expect(await page.part("transcript").getAttribute("aria-live")).toBe("off");
});

test("says a failure at once: what happened, and what to do", async () => {
  const page = await fixture.open();
  await page.setOptions();
  await page.send({ text: "Hi" });
  (await fixture.chat.nextTurn()).refuse(500, {});
  await page.page.locator("[aria-live=assertive]").getByText("What you can do.").waitFor();
});

test("follows the end only for a reader who is there, and otherwise offers to lead there", async () => {
  const { page, turn } = await openStream();
  const log = page.part("transcript");
  const fromEnd = () => log.evaluate((node) => node.scrollHeight - node.scrollTop - node.clientHeight);
  turn.send(words("Line.\n\n".repeat(60)));
  await expect.poll(() => log.evaluate((node) => node.scrollHeight > node.clientHeight * 2)).toBe(true);
  await expect.poll(fromEnd).toBeLessThan(2);
  await log.evaluate((node) => {
    node.scrollTop = 100;
  });
  await page.part("latest").waitFor();
  turn.send(words("More.\n\n".repeat(10)), words("The very end."));
  await page.seen("The very end.").waitFor();
  expect(await log.evaluate((node) => node.scrollTop)).toBe(100);
  await page.part("latest").click();
  await expect.poll(fromEnd).toBeLessThan(2);
  await page.part("latest").waitFor({ state: "detached" });
  turn.end();
});

test("follows nothing where the page says so", async () => {
  const page = await fixture.open();
  await page.setOptions({ thread: { autoScroll: false } });
  await page.send({ text: "Tell me" });
  const turn = await fixture.chat.nextTurn();
  turn.send(...accepted(said("Tell me")), ...begun(), words("Line.\n\n".repeat(60)), words("The very end."));
  await page.seen("The very end.").waitFor();
  expect(await page.part("transcript").evaluate((node) => node.scrollTop)).toBe(0);
  await page.part("latest").waitFor();
  turn.end();
});

test("a notice is shown where it came, and can be dismissed", async () => {
  const { page, turn } = await openStream();
  turn.send({
    type: "notice",
    level: "warning",
    title: "Two readings are missing.",
    message: "They are estimated.",
  });
  await page.part("notice").getByText("They are estimated.").waitFor();
  await page.page.getByLabel("Dismiss: Two readings are missing.").click();
  await page.part("notice").waitFor({ state: "detached" });
  turn.end();
});

test("many images are tiles, and the rest one press away", async () => {
  const { chat } = fixture;
  const attachments = Array.from({ length: 6 }, (_, index) => ({
    id: `atc_${index}`,
    name: `${index}.png`,
    mime_type: "image/png",
    type: "image" as const,
    preview_url: index === 0 ? `${chat.origin}/lost.png` : `${chat.origin}/picture.svg`,
  }));
  chat.threads.set("thr_1", threadOf("thr_1", [said("Look", { attachments })]));
  const page = await fixture.open();
  await page.setOptions({ initialThread: "thr_1" });
  await page.seen("0.png cannot be shown").waitFor();
  await page.page.getByLabel("Show 3 more images").click();
  await page.page.getByLabel("Open image: 5.png").waitFor();
  const focused = await page.page.evaluate(() =>
    window.chat.shadowRoot?.activeElement?.getAttribute("aria-label"),
  );
  expect(focused).toBe("Open image: 3.png");
});

test("puts a theme on the element, and lets the page's own rule win", async () => {
  const page = await fixture.open();
  await page.setOptions({
    theme: {
      colorScheme: "dark",
      radius: "sharp",
      typography: { baseSize: 18 },
      color: { accent: { primary: "rgb(200, 0, 0)", level: 2 } },
    },
  });
  const host = page.page.locator("#chat");
  await expect.poll(() => host.getAttribute("data-scheme")).toBe("dark");
  expect(await host.getAttribute("data-radius")).toBe("sharp");
  const token = (name: string) =>
    host.evaluate((node, key) => getComputedStyle(node).getPropertyValue(key), name);
  expect(await token("--waybill-base-size")).toBe("18");
  expect(await token("--waybill-accent")).toBe("rgb(200, 0, 0)");
  await host.evaluate((node) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("waybill-chat { --waybill-accent: rgb(0, 0, 200) }");
    node.ownerDocument.adoptedStyleSheets = [sheet];
  });
  expect(await token("--waybill-accent")).toBe("rgb(0, 0, 200)");
});

test("takes surfaces that are hard to read as they are, and tells the developer once", async () => {
  const page = await fixture.open();
  const surface = (foreground: string) => ({
    theme: { color: { surface: { background: "#ffffff", foreground } } },
  });
  await page.setOptions(surface("#777777"));
  await expect
    .poll(() => page.heard("log"))
    .toEqual([
      { name: "chatkit.log", detail: { name: "theme.low_contrast", data: { ratio: 4.48, wanted: 7 } } },
    ]);
  await page.setOptions(surface("#111111"));
  await page.setOptions({ ...surface("#777777"), locale: "de" });
  await expect.poll(() => page.part("root").getAttribute("lang")).toBe("de");
  expect(await page.heard("log")).toHaveLength(1);
});

const long =
  "## Findings\n\nWords with `code` and a [link](https://example.com).\n\n- one\n- two\n\n| a | b |\n|--|--:|\n| 1 | 2 |\n\n```ts\nconst a = 1;\n```\n\n> Quoted";

describe.each(["light", "dark"] as const)("axe finds nothing (%s)", (scheme) => {
  test.each(["start", "conversation", "failure", "config", "closed", "streaming"] as const)(
    "%s",
    async (state) => {
      const { chat } = fixture;
      const file = { id: "f", name: "report.pdf", mime_type: "application/pdf", type: "file" as const };
      const image = {
        id: "i",
        name: "a.png",
        mime_type: "image/png",
        type: "image" as const,
        preview_url: `${chat.origin}/picture.svg`,
      };
      chat.threads.set(
        "thr_1",
        threadOf(
          "thr_1",
          [said("Look", { attachments: [file, image], quoted_text: "Quoted" }), answered(long)],
          { title: "Survey", status: state === "closed" ? { type: "closed" } : { type: "active" } },
        ),
      );
      chat.runs.set("thr_1", { id: "run_1", thread_id: "thr_1", state: "interrupted" });
      const page = await fixture.open();
      await page.setOptions({
        theme: scheme,
        ...(state === "config" ? { api: {} } : {}),
        ...(state === "conversation" || state === "closed" ? { initialThread: "thr_1" } : {}),
        startScreen: { prompts: [{ label: "Plan", prompt: "Plan", icon: "map-pin" }] },
        disclaimer: { text: "Answers can be wrong. [Privacy](https://example.com)" },
      });
      if (state === "start") await page.part("greeting").waitFor();
      else if (state === "config") await page.part("error-card").waitFor();
      else if (state === "failure" || state === "streaming") {
        await page.send({ text: "Hi", attachments: [image] });
        const turn = await chat.nextTurn();
        if (state === "failure") {
          turn.refuse(500, {});
          await page.part("error-card").locator("summary").click();
        } else {
          turn.send(
            ...accepted(said("Hi")),
            { type: "notice", level: "danger", message: "Careful." },
            ...begun(),
            words(long),
          );
          await page.part("code").waitFor();
        }
      } else await page.part("code").waitFor();
      expect(await axeViolations(page)).toEqual([]);
    },
  );
});
