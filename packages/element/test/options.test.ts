import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { coveringTests } from "./support/covering-tests.ts";
import { accepted, answered, begun, done, said, threadOf, words } from "./support/events.ts";
import { useChat } from "./support/fixture.ts";

const fixture = useChat();

test("every option, method and event of the types has a test that looks at its effect", () => {
  const missing = coveringTests.filter((name) => {
    const [file = "", ...rest] = name.split(": ");
    const source = readFileSync(new URL(`${file}.test.ts`, import.meta.url), "utf8");
    return !source.replaceAll(/\(\s+/g, "(").includes(`(${JSON.stringify(rest.join(": "))},`);
  });
  expect(missing).toEqual([]);
});

/** A page with a conversation, and whatever else the options say. */
async function openConversation(options: object = {}) {
  fixture.chat.threads.set(
    "thr_1",
    threadOf("thr_1", [said("Hi"), answered("Use `code`, or [look](https://a.example).")], {
      title: "Survey",
    }),
  );
  const page = await fixture.open("", { viewport: { width: 720, height: 720 }, reducedMotion: "reduce" });
  await page.setOptions({ initialThread: "thr_1", ...options });
  await page.part("actions").waitFor();
  return page;
}

test("api: the page's fetch carries what it adds, and a domain key is taken without a word", async () => {
  const page = await fixture.open();
  await page.page.evaluate(() => {
    window.chat.setOptions({
      api: {
        url: "/chatkit",
        domainKey: "domain_pk_1",
        fetch: (input, init) => {
          const headers = new Headers(init?.headers);
          headers.set("x-desk", "7");
          return fetch(input, { ...init, headers });
        },
      },
    });
  });
  await page.send({ text: "Hi" });
  expect((await fixture.chat.nextTurn()).headers["x-desk"]).toBe("7");
  expect(await page.heard("log")).toEqual([]);
});

test("api: in two phases, a file is announced and its bytes go where the server says", async () => {
  const file = { id: "atc_1", name: "notes.txt", mime_type: "text/plain", type: "file" };
  fixture.chat.answers.set("attachments.create", () => ({
    ...file,
    upload_descriptor: { url: `${fixture.chat.origin}/bytes/1`, method: "PUT", headers: { "x-part": "1" } },
  }));
  const page = await fixture.open();
  const bytes = Promise.withResolvers<string>();
  await page.page.route("**/bytes/1", async (route) => {
    const request = route.request();
    bytes.resolve(`${request.method()} ${request.headers()["x-part"]} ${request.postData()}`);
    await route.fulfill({ status: 204 });
  });
  await page.setOptions({
    api: { url: "/chatkit", uploadStrategy: { type: "two_phase" } },
    composer: { attachments: { enabled: true } },
  });
  await page.page
    .locator("#chat input[type=file]")
    .setInputFiles({ name: file.name, mimeType: file.mime_type, buffer: Buffer.from("Notes") });
  expect(await bytes.promise).toBe("PUT 1 Notes");
  await expect.poll(() => page.part("attachment").getAttribute("data-state")).toBe("ready");
  expect(fixture.chat.questions[0]?.params).toMatchObject({ name: "notes.txt", size: 5 });
});

test("theme: every member changes what is seen", async () => {
  const page = await openConversation();
  await page.field.fill("Hi");
  const look = async (theme?: object | string) => {
    await page.setOptions({ initialThread: "thr_1", theme });
    return page.page.evaluate(async () => {
      await window.chat.focusComposer();
      const of = (selector: string) => {
        const element = window.chat.shadowRoot?.querySelector(selector);
        if (!element) throw new Error(`There is no ${selector}.`);
        return getComputedStyle(element);
      };
      const { colorScheme, backgroundColor, color } = of(".kb");
      return {
        scheme: colorScheme,
        paper: backgroundColor,
        ink: color,
        size: of("[part~=field]").fontSize,
        font: of("[part~=field]").fontFamily,
        mono: of("code").fontFamily,
        corner: of(".box").borderRadius,
        head: of(".head").blockSize,
        send: of("[part~=send]").backgroundColor,
        words: of(".slip").backgroundColor,
        link: of("[part~=prose] a").color,
      };
    });
  };
  const plain = await look();
  const grayscale = { hue: 20, tint: 4 } as const;
  const accent = (level: 0 | 1 | 2 | 3) => ({ color: { accent: { primary: "rgb(0, 90, 160)", level } } });
  expect((await look("dark")).scheme).toBe("dark");
  expect((await look({ colorScheme: "dark" })).scheme).toBe("dark");
  expect(
    await look({ typography: { baseSize: 18, fontFamily: "serif", fontFamilyMono: "cursive" } }),
  ).toMatchObject({
    size: "18px",
    font: "serif",
    mono: "cursive",
  });
  const corners = [];
  for (const radius of ["pill", "round", "soft", "sharp"]) corners.push((await look({ radius })).corner);
  expect(new Set(corners).size).toBe(4);
  const heights = [];
  for (const density of ["compact", "normal", "spacious"])
    heights.push(Number.parseFloat((await look({ density })).head));
  expect(heights).toEqual(heights.toSorted((one, other) => one - other));
  expect(new Set(heights).size).toBe(3);
  const gray = await look({ color: { grayscale } });
  const others = [{ hue: 200 }, { tint: 9 }, { shade: 4 }];
  for (const other of others)
    expect(
      await look({ color: { grayscale: { ...grayscale, ...other } } }),
      JSON.stringify(other),
    ).not.toEqual(gray);
  // The same colour, as the tokens compute with it.
  expect((await look(accent(0))).send).toMatch(/^oklch\(0\.462\d* 0\.134\d* 250\.9/);
  const levels = [];
  for (const level of [0, 1, 2, 3] as const) {
    const { words, link } = await look(accent(level));
    levels.push(`${words} ${link}`);
  }
  expect(new Set(levels).size).toBe(4);
  expect(
    await look({ color: { surface: { background: "rgb(250, 250, 230)", foreground: "rgb(20, 20, 60)" } } }),
  ).toMatchObject({
    paper: "rgb(250, 250, 230)",
    ink: "rgb(20, 20, 60)",
  });
  expect(await look()).toEqual(plain);
});

test("theme: a font of the page is loaded where its family is used", async () => {
  const page = await fixture.open();
  await page.page.route("**/page-with-fonts", async (route) => {
    const response = await route.fetch({ url: `${fixture.chat.origin}/` });
    const policy = `${response.headers()["content-security-policy"]}; font-src 'self'`;
    await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
  });
  await page.load(`${fixture.chat.origin}/page-with-fonts`);
  const font = {
    family: "Letters",
    src: "/letters.woff2",
    weight: 400,
    style: "normal",
    display: "swap",
    unicodeRange: "U+57",
  };
  await page.setOptions({ theme: { typography: { fontFamily: "Letters", fontSources: [font] } } });
  await expect.poll(() => page.asked).toContain(`${fixture.chat.origin}/letters.woff2`);
  const faces = await page.page.evaluate(() =>
    [...document.fonts].map(({ family, weight, style, display, unicodeRange }) => ({
      family,
      weight,
      style,
      display,
      unicodeRange,
    })),
  );
  expect(faces).toEqual([
    { family: "Letters", weight: "400", style: "normal", display: "swap", unicodeRange: "U+57" },
  ]);
});

test("frameTitle: names the region, and the heading of a chat without a header", async () => {
  const page = await fixture.open();
  await page.setOptions({ frameTitle: "Harbour desk", header: { enabled: false } });
  await page.page.getByRole("region", { name: "Harbour desk" }).waitFor();
  await page.page.getByRole("heading", { name: "Harbour desk" }).waitFor();
  await page.setOptions();
  await page.page.getByRole("region", { name: "Chat" }).waitFor();
});

test("header: its title can be replaced or hidden, and all of it left out", async () => {
  const page = await openConversation({ header: { title: { text: "Harbour desk" } } });
  expect(await page.part("title").innerText()).toBe("Harbour desk");
  await page.setOptions({ initialThread: "thr_1", header: { title: { enabled: false } } });
  await expect.poll(() => page.part("title").isVisible()).toBe(false);
  expect(await page.part("header").getByRole("button").count()).toBe(2);
  await page.setOptions({ initialThread: "thr_1" });
  await expect.poll(() => page.part("title").innerText()).toBe("Survey");
  await page.setOptions({ initialThread: "thr_1", header: { enabled: false } });
  await expect.poll(() => page.part("header").count()).toBe(0);
});

test("history: renaming can be left out, and all of it", async () => {
  fixture.chat.answers.set("threads.list", () => ({
    data: [threadOf("thr_1", [], { title: "Survey" })],
    has_more: false,
  }));
  const page = await openConversation({ history: { showRename: false } });
  await page.part("header").getByRole("button", { name: "Conversations" }).click();
  await page.part("history").getByRole("button", { name: "More for Survey" }).click();
  expect(await page.part("history").getByRole("menuitem").allInnerTexts()).toEqual(["Delete"]);
  await page.part("history").getByRole("button", { name: "Survey", exact: true }).press("F2");
  expect(await page.part("history").getByRole("textbox").count()).toBe(0);
  await page.setOptions({ initialThread: "thr_1", history: { showRename: false, showDelete: false } });
  await expect
    .poll(() => page.part("history").getByRole("button", { name: "More for Survey" }).count())
    .toBe(0);
});

test("startScreen: a prompt has a label and an icon, and sends text or tags", async () => {
  const page = await fixture.open();
  const tag = {
    type: "input_tag",
    id: "e1",
    text: "Holm Point",
    group: "Places",
    data: { n: 1 },
    interactive: true,
  };
  await page.setOptions({
    startScreen: {
      prompts: [
        { label: "Plain", prompt: "Plan a route" },
        { label: "Marked", prompt: [{ type: "input_text", text: "About " }, tag], icon: "map-pin" },
      ],
    },
  });
  const icons = (label: string) => page.part("prompt").filter({ hasText: label }).locator("svg").count();
  await page.part("prompt").first().waitFor();
  expect((await icons("Marked")) - (await icons("Plain"))).toBe(1);
  await page.part("prompt").filter({ hasText: "Marked" }).click();
  expect((await fixture.chat.nextTurn()).request.params["input"]).toMatchObject({
    content: [{ type: "input_text", text: "About " }, tag],
  });
});

test("threadItemActions: each button stands alone, and none is there unasked", async () => {
  const page = await openConversation();
  const names = () =>
    page
      .part("actions")
      .getByRole("button")
      .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
  expect(await names()).toEqual(["Copy answer"]);
  await page.setOptions({ initialThread: "thr_1", threadItemActions: { feedback: true } });
  await expect.poll(names).toEqual(["Copy answer", "Good answer", "Poor answer"]);
  await page.setOptions({ initialThread: "thr_1", threadItemActions: { retry: true } });
  await expect.poll(names).toEqual(["Copy answer", "Answer again"]);
});

test("composer.placeholder: stands in the empty field", async () => {
  const page = await fixture.open();
  await page.setOptions({ composer: { placeholder: "Ask about the survey" } });
  const shown = () => page.field.evaluate((field) => getComputedStyle(field, "::before").content);
  await page.field.waitFor();
  expect(await page.field.getAttribute("aria-placeholder")).toBe("Ask about the survey");
  const { length } = await shown();
  expect(length).toBeGreaterThan("none".length);
  await page.field.fill("a");
  expect(await shown()).toBe("none");
});

test("composer.attachments: size, count and types are held to", async () => {
  const page = await fixture.open();
  const note = page.page.locator("#chat").getByRole("note");
  const picker = page.page.locator("#chat input[type=file]");
  const file = (name: string, mimeType: string, size: number) => ({
    name,
    mimeType,
    buffer: Buffer.alloc(size, 97),
  });
  const accept = { "image/*": [".png"], "text/plain": [".txt"] };
  const limits = (more: object) => ({ composer: { attachments: { enabled: true, accept, ...more } } });
  await page.setOptions(limits({ maxSize: { "image/*": 40, "*": 10 }, maxCount: 1 }));
  expect(await picker.getAttribute("accept")).toBe("image/*,.png,text/plain,.txt");
  await picker.setInputFiles([
    file("film.mp4", "video/mp4", 5),
    file("large.txt", "text/plain", 20),
    file("fits.png", "image/png", 20),
    file("more.txt", "text/plain", 5),
  ]);
  await note.getByText("film.mp4 is not a type that this chat accepts.").waitFor();
  expect(await note.innerText()).toContain("large.txt is 20 bytes; the limit is 10 bytes.");
  expect(await note.innerText()).toContain("more.txt is one too many; the limit is 1 a message.");
  expect(await page.part("attachment").count()).toBe(1);
  await page.page.getByRole("button", { name: "Cancel fits.png" }).click();
  await page.setOptions(limits({ maxSize: 15 }));
  await picker.setInputFiles([file("fits.png", "image/png", 20)]);
  await note.getByText("fits.png is 20 bytes; the limit is 15 bytes.").waitFor();
  await page.setOptions({ composer: { attachments: { enabled: false } } });
  await expect.poll(() => picker.count()).toBe(0);
});

test("composer.tools: a tool has its icon in the menu and on its button", async () => {
  const page = await fixture.open();
  const tools = [{ id: "web", label: "Search the web", icon: "globe" }];
  await page.setOptions({ composer: { tools } });
  await page.part("tool-menu").click();
  const entry = page.page.locator("#chat").getByRole("menuitemradio", { name: "Search the web" });
  const path = await entry.locator("svg").first().innerHTML();
  expect(path).toContain("M2 12h20");
  await entry.click();
  const button = page.page.locator("#chat").getByRole("button", { name: "Search the web" });
  expect(await button.locator("svg").first().innerHTML()).toBe(path);
});

test("disclaimer: is Markdown below the field, with more contrast if asked", async () => {
  const page = await fixture.open();
  const text = "Answers can be wrong. [Privacy](https://a.example/privacy)";
  const color = () => page.part("disclaimer").evaluate((element) => getComputedStyle(element).color);
  await page.setOptions({ disclaimer: { text } });
  await page.part("disclaimer").getByRole("link", { name: "Privacy" }).waitFor();
  const quiet = await color();
  await page.setOptions({ disclaimer: { text, highContrast: true } });
  await expect.poll(color).not.toBe(quiet);
  expect(await color()).toBe(await page.part("root").evaluate((element) => getComputedStyle(element).color));
});

test("options that this version does not act on are named to the page", async () => {
  const page = await fixture.open();
  await page.page.evaluate(() => {
    const none = async () => undefined;
    const commands = { enabled: true, onSearch: async () => [], onSelect: none };
    Reflect.apply(window.chat.setOptions, window.chat, [
      { api: { url: "/chatkit" }, commands, widgets: { onAction: none } },
    ]);
  });
  await expect
    .poll(async () => (await page.heard("log")).map(({ detail }) => detail))
    .toEqual([
      { name: "option.not_offered", data: { option: "commands" } },
      { name: "option.not_offered", data: { option: "widgets" } },
    ]);
});

test("setOptions: nothing of an earlier set is kept", async () => {
  const page = await fixture.open();
  await page.setOptions({ startScreen: { greeting: "Good day" }, theme: { density: "compact" } });
  await page.part("greeting").getByText("Good day").waitFor();
  await page.setOptions();
  await page.part("greeting").getByText("What can I help with today?").waitFor();
  expect(await page.page.locator("#chat").getAttribute("data-density")).toBeNull();
});

test("methods: the field is focused, and a conversation opened, begun and left", async () => {
  const page = await openConversation();
  await page.page.evaluate(() => window.chat.focusComposer());
  expect(await page.field.evaluate((field) => field.matches(":focus"))).toBe(true);
  await page.send({ text: "Something else", newThread: true });
  const turn = await fixture.chat.nextTurn();
  expect(turn.request.type).toBe("threads.create");
  turn.send(...accepted(said("Something else")), ...begun(), words("Begun."), done("Begun."));
  turn.end();
  await page.part("prose").getByText("Begun.").waitFor();
  expect(await page.part("prose").count()).toBe(1);
  await page.page.evaluate(() => window.chat.setThreadId(null));
  await page.part("greeting").waitFor();
  await page.page.evaluate(() => window.chat.setThreadId("thr_1"));
  await page.part("title").getByText("Survey").waitFor();
  expect((await page.heard("thread.change")).map(({ detail }) => detail)).toEqual(
    ["thr_1", null, "thr_1", null, "thr_1"].map((threadId) => ({ threadId })),
  );
});
