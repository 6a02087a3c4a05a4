import type { Plugin } from "vite";
import { type IconNode, iconPath } from "../src/icon/icon-path.ts";

const IMPORT = /^import (\w+) from ("lucide\/[^"]+");\n/gm;

/** A hundredth of a unit is less than a hundredth of a pixel of an icon. */
const round = (data: string) =>
  data.replaceAll(/-?\d*\.\d{3,}/g, (number) =>
    String(Math.round(Number(number) * 100) / 100).replace(/^(-?)0\./, "$1."),
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
        result = result.replace(`: ${name},`, `: ${JSON.stringify(round(iconPath(node)))},`);
      }
      return { code: result, map: null };
    },
  };
}
