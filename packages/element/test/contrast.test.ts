import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { contrastRatio } from "../src/theme/contrast.ts";
import { tokens } from "../src/theme/tokens.ts";
import { launchBrowser } from "./support/chat-page.ts";

/** A theme, as the public properties by which a page sets it. */
interface Theme {
  readonly scheme: "light" | "dark";
  readonly hue: number;
  readonly tint: number;
  readonly shade: number;
  readonly accent: string | null;
  readonly level: number;
}

/** What is read or seen, on what it lies, and the contrast that is asked for. */
interface Role {
  readonly name: string;
  readonly asked: number;
  /** Pairs of a colour and the layers below it, the lowest first. Names of tokens without `--wb-`. */
  readonly pairs: readonly (readonly [color: string, ...layers: string[]])[];
}

const SURFACES = ["surface", "sunken", "raised", "user"];
const STATUS = ["info", "success", "warning", "danger", "discovery"];
/** Where a card, a note or a menu lies; status is never told inside the person's words. */
const CARDS = ["surface", "raised"];
const STATUS_SOFT = STATUS.map((status) => `${status}-soft`);

const on = (
  colors: readonly string[],
  surfaces = SURFACES,
  veils: readonly string[] = [],
): Role["pairs"][number][] =>
  colors.flatMap((color) =>
    surfaces.flatMap((surface): Role["pairs"][number][] =>
      veils.length === 0 ? [[color, surface]] : veils.map((veil) => [color, surface, veil]),
    ),
  );

const onVeils = (color: string): Role["pairs"] => [
  ...on([color], SURFACES, ["hover"]),
  ...on([color], CARDS, ["accent-soft", ...STATUS_SOFT]),
];

const ROLES: readonly Role[] = [
  { name: "text", asked: 7, pairs: on(["text"]) },
  { name: "text on a veil", asked: 7, pairs: onVeils("text") },
  { name: "secondary text", asked: 4.5, pairs: on(["text-2"]) },
  { name: "secondary text on a veil", asked: 4.5, pairs: onVeils("text-2") },
  {
    name: "accent as text",
    asked: 4.5,
    pairs: [...on(["accent-text"]), ...on(["accent-text"], SURFACES, ["accent-soft"])],
  },
  { name: "label on accent", asked: 4.5, pairs: [["on-accent", "accent"]] },
  { name: "label on hovered accent", asked: 4.5, pairs: [["on-accent-hover", "accent-hover"]] },
  {
    name: "status text",
    asked: 4.5,
    pairs: STATUS.flatMap((status) => [
      ...on([`${status}-text`]),
      ...on([`${status}-text`], CARDS, [`${status}-soft`]),
    ]),
  },
  {
    name: "label on a status fill",
    asked: 4.5,
    pairs: STATUS.map((status) => ["on-status", `${status}-fill`] as const),
  },
  {
    name: "code",
    asked: 4.5,
    pairs: on(["code-key", "code-string", "code-number", "code-note"], ["code-bg"]),
  },
  { name: "control edge", asked: 3, pairs: on(["edge"], ["surface", "sunken", "raised"]) },
  { name: "focus ring", asked: 3, pairs: on(["focus"]) },
  { name: "accent fill", asked: 3, pairs: on(["accent"], ["surface", "sunken", "raised"]) },
  {
    name: "status fill and chart series",
    asked: 3,
    pairs: on(
      [...STATUS.map((status) => `${status}-fill`), ...[1, 2, 3, 4, 5, 6].map((series) => `chart-${series}`)],
      ["surface", "sunken", "raised"],
    ),
  },
  { name: "disabled text", asked: 3.5, pairs: on(["text-off"], CARDS) },
];

const steps = (from: number, to: number, step: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

const schemes = ["light", "dark"] as const;

/**
 * Of every tint and shade, hues in steps of 15° and both schemes every fifth combination, with the
 * accent that is built in: the grid has 7,812, and five shares no factor with its steps.
 */
const defaultAccent: readonly Theme[] = schemes
  .flatMap((scheme) =>
    [1, 3].flatMap((level) =>
      steps(-4, 4, 1).flatMap((shade) =>
        steps(0, 9, 1).flatMap((tint) =>
          (tint === 0 ? [0] : steps(0, 345, 15)).map((hue) => ({
            scheme,
            hue,
            tint,
            shade,
            accent: null,
            level,
          })),
        ),
      ),
    ),
  )
  .filter((_, index) => index % 5 === 0);

/**
 * Of hues in steps of 20°, three saturations, nine lightnesses, four levels and nine grayscales
 * every seventh combination: the grid has 34,992, and seven shares no factor with its steps.
 */
const anyAccent: readonly Theme[] = schemes
  .flatMap((scheme) =>
    steps(0, 340, 20).flatMap((accentHue) =>
      [20, 60, 100].flatMap((saturation) =>
        steps(10, 90, 10).flatMap((lightness) =>
          steps(0, 3, 1).flatMap((level) =>
            [0, 5, 9].flatMap((tint) =>
              [-4, 0, 4].map((shade) => ({
                scheme,
                hue: (accentHue + 180) % 360,
                tint,
                shade,
                accent: `hsl(${accentHue} ${saturation}% ${lightness}%)`,
                level,
              })),
            ),
          ),
        ),
      ),
    ),
  )
  .filter((_, index) => index % 7 === 0);

const PAGE = `<!doctype html><script type="module">
  import { contrastRatio } from "/contrast.js";
  window.contrastRatio = contrastRatio;
</script><body></body>`;

declare global {
  interface Window {
    contrastRatio: typeof contrastRatio;
  }
}

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  page = await browser.newPage();
  const contrast = readFileSync(new URL("../src/theme/contrast.ts", import.meta.url), "utf8");
  await page.route("http://tokens.example/**", (route) =>
    route.request().url().endsWith("/contrast.js")
      ? route.fulfill({ contentType: "text/javascript", body: stripTypeScriptTypes(contrast) })
      : route.fulfill({ contentType: "text/html", body: PAGE }),
  );
  await page.goto("http://tokens.example/");
});

afterAll(async () => {
  await browser.close();
});

/** The smallest contrast of each role over these themes, as Chromium paints the tokens. */
function smallest(
  themes: readonly Theme[],
): Promise<readonly { readonly ratio: number; readonly where: string }[]> {
  return page.evaluate(
    ({ css, roles, themes }) => {
      const { contrastRatio } = window;
      const host = document.createElement("div");
      document.body.replaceChildren(host);
      const root = host.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet];
      const pairs = roles.flatMap((role) => role.pairs);
      const names = [...new Set(pairs.flat())];
      const probes = names.map((name) => {
        const probe = document.createElement("i");
        probe.style.color = `var(--wb-${name})`;
        root.append(probe);
        return getComputedStyle(probe);
      });
      // A cell for each stack of layers, and one for each colour above its stack.
      const stacks = [
        ...new Set(pairs.flatMap(([color, ...below]) => [below.join(), [...below, color].join()])),
      ];
      const canvas = document.createElement("canvas");
      canvas.width = stacks.length;
      canvas.height = 1;
      const context = canvas.getContext("2d", { willReadFrequently: true });
      if (context === null) throw new Error("There is no canvas.");
      const plans = stacks.map((stack) => stack.split(",").map((name) => names.indexOf(name)));
      const cells = roles.map((role) =>
        role.pairs.map(([color, ...below]) => ({
          above: stacks.indexOf([...below, color].join()),
          below: stacks.indexOf(below.join()),
          label: `${color} on ${below.join(" and ")}`,
        })),
      );
      const worst = roles.map(() => ({ ratio: 21, where: "" }));
      for (const theme of themes) {
        host.dataset["scheme"] = theme.scheme;
        for (const [name, value] of [
          ["gray-hue", theme.hue],
          ["gray-tint", theme.tint],
          ["gray-shade", theme.shade],
          ["accent-level", theme.level],
        ] as const)
          host.style.setProperty(`--waybill-${name}`, String(value));
        if (theme.accent !== null) host.style.setProperty("--waybill-accent", theme.accent);
        const colors = probes.map(({ color }) => color);
        for (const [x, plan] of plans.entries())
          for (const index of plan) {
            context.fillStyle = colors[index] ?? "";
            context.fillRect(x, 0, 1, 1);
          }
        const { data } = context.getImageData(0, 0, stacks.length, 1);
        const rgb = (x: number) => [data[x * 4] ?? 0, data[x * 4 + 1] ?? 0, data[x * 4 + 2] ?? 0] as const;
        for (const [index, role] of cells.entries())
          for (const { above, below, label } of role) {
            const ratio = contrastRatio(rgb(above), rgb(below));
            const last = worst[index];
            if (last !== undefined && ratio < last.ratio)
              worst[index] = { ratio, where: `${label}, ${JSON.stringify(theme)}` };
          }
      }
      return worst;
    },
    { css: tokens, roles: ROLES, themes },
  );
}

test.each([
  ["the default accent, one theme in five", defaultAccent],
  ["any accent, one theme in seven", anyAccent],
])("every role keeps its contrast on every surface: %s", async (_, themes) => {
  const found = await smallest(themes);
  const rows = ROLES.map(({ name, asked }, index) => ({
    name,
    asked,
    ...(found[index] ?? { ratio: 0, where: "" }),
  }));
  console.info(
    `${themes.length} themes\n${rows.map(({ name, asked, ratio, where }) => `${ratio.toFixed(2)} of ${asked}  ${name} (${where})`).join("\n")}`,
  );
  expect(rows.filter(({ ratio, asked }) => ratio < asked)).toEqual([]);
});
