import type { Browser, CDPSession } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { axeViolations } from "./support/axe.ts";
import { buildBundle, ChatPage, launchBrowser } from "./support/chat-page.ts";
import { changeOptions, rememberOptions } from "./support/gallery-settings.ts";
import { galleryStates } from "./support/gallery-states.ts";
import { galleryStates2 } from "./support/gallery-states-2.ts";
import { addLocale } from "./support/locale.ts";
import { ScriptedChat } from "./support/scripted-chat.ts";

// Two pages at a time: more of them wait for each other.
vi.setConfig({ maxConcurrency: 2 });

const states = [...galleryStates, ...galleryStates2];

/** A page in some state, and what its setting needs. */
interface Subject {
  readonly page: ChatPage;
  readonly devtools: CDPSession;
  readonly width: number;
  readonly height: number;
}

/** How a page is looked at; each is set up and taken back on the same page. */
const settings: Readonly<
  Record<string, { set(subject: Subject): Promise<unknown>; reset?(subject: Subject): Promise<unknown> }>
> = {
  light: { set: ({ page }) => changeOptions(page, { theme: "light" }) },
  dark: { set: ({ page }) => changeOptions(page, { theme: "dark" }) },
  "tinted, compact, yellow": {
    set: ({ page }) =>
      changeOptions(page, {
        theme: {
          density: "compact",
          radius: "sharp",
          color: {
            grayscale: { hue: 95, tint: 9, shade: -4 },
            accent: { primary: "#ffe600", level: 3 },
          },
        },
      }),
  },
  "neutral, spacious, near black": {
    set: ({ page }) =>
      changeOptions(page, {
        theme: {
          colorScheme: "dark",
          density: "spacious",
          typography: { baseSize: 18 },
          color: { grayscale: { hue: 0, tint: 0, shade: 4 }, accent: { primary: "#0a0a0a", level: 2 } },
        },
      }),
  },
  "360 px": {
    set: async ({ page, height }) => {
      await changeOptions(page, {});
      await page.page.setViewportSize({ width: 360, height });
    },
    reset: ({ page, width, height }) => page.page.setViewportSize({ width, height }),
  },
  "200 %": {
    set: ({ page }) => page.page.evaluate(() => document.documentElement.style.setProperty("zoom", "2")),
    reset: ({ page }) => page.page.evaluate(() => document.documentElement.style.removeProperty("zoom")),
  },
  touch: {
    set: ({ devtools }) => devtools.send("Emulation.setTouchEmulationEnabled", { enabled: true }),
    reset: ({ devtools }) => devtools.send("Emulation.setTouchEmulationEnabled", { enabled: false }),
  },
  "right to left": {
    set: async ({ page }) => {
      await addLocale(page, "ar");
      await changeOptions(page, { locale: "ar" });
    },
  },
};

/** Resolves when what follows the size of things, such as being reachable while it scrolls, has been done. */
function nextFrame({ page }: ChatPage): Promise<void> {
  return page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );
}

/** What runs over the side, by class; none is asked for. */
function runsOver({ page }: ChatPage): Promise<readonly string[]> {
  return page.evaluate(() => {
    const root = window.chat.shadowRoot;
    const found = document.documentElement.scrollWidth > innerWidth ? ["page"] : [];
    for (const element of root?.querySelectorAll(".kb, .main, .log, .threads, .hist, .dock, .box, .menu") ??
      [])
      if (element.scrollWidth > element.clientWidth + 1) found.push(element.className);
    return found;
  });
}

/** Buttons outside running text whose target is less than 44 px in some direction; none is asked for. */
function smallTargets({ page }: ChatPage): Promise<readonly string[]> {
  return page.evaluate(() => {
    const pressable = "button, summary, [role=menuitem], [role=menuitemradio], [role=option], .opt";
    return [...(window.chat.shadowRoot?.querySelectorAll<HTMLElement>(pressable) ?? [])].flatMap(
      (element) => {
        const isText = element.closest(".prose p, .prose li, .prose td, .slip > p, .field, .foot") !== null;
        const isSeen =
          element.checkVisibility({ visibilityProperty: true }) && element.closest("[inert]") === null;
        if (isText || !isSeen) return [];
        const { width, height } = element.getBoundingClientRect();
        const mark = getComputedStyle(element, "::after");
        const reach = (own: number, size: string) =>
          mark.content === "none" || mark.position !== "absolute"
            ? own
            : Math.max(own, Number.parseFloat(size) || 0);
        const target = [reach(width, mark.width), reach(height, mark.height)];
        return target.every((side) => side >= 43.5)
          ? []
          : [`${element.outerHTML.slice(0, 120)} ${target.map(Math.round).join(" × ")}`];
      },
    );
  });
}

let browser: Browser;
let bundle: string;
const figures = { looked: 0, violations: 0, over: 0, small: 0 };

beforeAll(async () => {
  [bundle, browser] = await Promise.all([buildBundle(), launchBrowser()]);
});

afterAll(async () => {
  await browser.close();
  const { looked, violations, over, small } = figures;
  console.info(
    `${states.length} states × ${Object.keys(settings).length} settings = ${looked} looks: ${violations} violations, ${over} run over the side, ${small} targets too small`,
  );
});

test.concurrent.each(states)("$name", async (state) => {
  const { width = 720, height = 720 } = state;
  const chat = new ScriptedChat(bundle);
  await chat.listen();
  // Without motion: a colour on its way to another theme is none of either.
  const page = await ChatPage.open(browser, chat.origin, "", {
    viewport: { width, height },
    reducedMotion: "reduce",
  });
  try {
    await rememberOptions(page);
    await state.open(page, chat);
    const devtools = await page.page.context().newCDPSession(page.page);
    const subject = { page, devtools, width, height };
    const found: unknown[] = [];
    for (const [name, setting] of Object.entries(settings)) {
      await setting.set(subject);
      await nextFrame(page);
      const violations = await axeViolations(page);
      const over = await runsOver(page);
      const small = name === "touch" ? await smallTargets(page) : [];
      figures.looked += 1;
      figures.violations += violations.length;
      figures.over += over.length;
      figures.small += small.length;
      if (violations.length + over.length + small.length > 0) found.push({ name, violations, over, small });
      await setting.reset?.(subject);
    }
    expect(found).toEqual([]);
    expect(page.faults).toEqual([]);
  } finally {
    await page.close();
    await chat.close();
  }
});
