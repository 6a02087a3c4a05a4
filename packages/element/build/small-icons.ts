import type { Plugin } from "vite";
import { type IconNode, iconPath } from "../src/icon/icon-path.ts";

const IMPORT = /^import (\w+) from ("lucide\/[^"]+");\n/gm;

/** Of the grid's 24 units, steps of a tenth: in an icon of 18 px, no number is off by more than a twenty-sixth of a pixel. */
const STEPS = 10;

const round = (data: string) =>
  data.replaceAll(" -", "-").replaceAll(/-?\d*\.\d+/g, (number) => {
    const rounded = Math.round(Number(number) * STEPS) / STEPS;
    // A line of almost no length is a dot.
    return rounded === 0 ? number : String(rounded).replace(/^(-?)0\./, "$1.");
  });

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
        result = result.replace(`: ${name},`, `: ${JSON.stringify(round(iconPath(node)))},`);
      }
      return { code: result, map: null };
    },
  };
}
