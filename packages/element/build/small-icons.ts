import type { Plugin } from "vite";
import { type IconNode, iconPath } from "../src/icon/icon-path.ts";

const IMPORT = /^import (\w+) from ("lucide\/[^"]+");\n/gm;

/** Of the grid's 24 units, steps of a twentieth: in an icon of 18 px, no number is off by a fiftieth of a pixel. */
const STEPS = 20;

const NUMBER = /-?(?:\d+\.?\d*|\.\d+)/y;
const ARC_PARTS = 7;

const rounded = (number: string) => {
  const value = Math.round(Number(number) * STEPS) / STEPS;
  // A line of almost no length is a dot.
  return (value === 0 ? String(Number(number)) : String(value)).replace(/^(-?)0\./, "$1.");
};

/** One command's numbers; an arc's two flags are a digit each, and need no space on either side. */
function shortNumbers(isArc: boolean, text: string): string {
  let result = "";
  let before = "";
  for (let at = 0, part = 0; ; part += 1) {
    while (at < text.length && /[\s,]/.test(text.charAt(at))) at += 1;
    if (at === text.length) return result;
    const isFlag = isArc && (part % ARC_PARTS === 3 || part % ARC_PARTS === 4);
    NUMBER.lastIndex = at;
    const number = isFlag ? text.charAt(at) : (NUMBER.exec(text)?.[0] ?? "");
    if (number === "") throw new Error(`This is no data of a path: ${text.slice(at)}`);
    at += number.length;
    const short = isFlag ? number : rounded(number);
    const stands = before === "" || short.startsWith("-") || (short.startsWith(".") && before.includes("."));
    result += stands ? short : ` ${short}`;
    // What follows a flag follows it at once.
    before = isFlag ? "" : short;
  }
}

/** The data of a path as short as it can be written. Throws if it is none. */
export const shortPath = (data: string): string =>
  data.replaceAll(
    /([a-z])([^a-z]*)/gi,
    (_, command: string, numbers: string) => command + shortNumbers(/a/i.test(command), numbers),
  );

/** In the place of Lucide's lists of shapes, the data of one path for each icon. */
export function smallIcons(): Plugin {
  return {
    name: "small-icons",
    enforce: "pre",
    async transform(code, id) {
      if (!id.endsWith("/icon/icons.ts")) return null;
      let result = code.replaceAll(IMPORT, "");
      for (const [, name, from] of code.matchAll(IMPORT)) {
        const { default: node }: { default: IconNode } = await import(JSON.parse(from ?? ""));
        result = result.replace(`: ${name},`, `: ${JSON.stringify(shortPath(iconPath(node)))},`);
      }
      return { code: result, map: null };
    },
  };
}
