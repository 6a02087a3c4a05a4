import type { Plugin } from "vite";

/** Lit's hook for browsers without what it needs, its list of versions in the page, and words of errors that its types rule out. */
const UNUSED: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  "/lit-html/lit-html.js": [
    [/\w+\?\.\(\w+,\w+\),\(\w+\.litHtmlVersions\?\?=\[\]\)\.push\("[^"]+"\);/, ""],
    [/Error\("invalid template strings array"\)/, "Error()"],
  ],
  "/lit-html/directives/repeat.js": [[/Error\("repeat\(\) can only[^"]+"\)/, "Error()"]],
};

/** Leaves out of Lit what nobody meets here. */
export function smallLit(): Plugin {
  return {
    name: "small-lit",
    transform(code, id) {
      const cuts = Object.entries(UNUSED).find(([path]) => id.endsWith(path))?.[1] ?? [];
      let result = code;
      for (const [part, rest] of cuts) {
        if (!part.test(result)) throw new Error(`Lit is written otherwise now: ${part} in ${id}`);
        result = result.replace(part, rest);
      }
      return cuts.length === 0 ? null : { code: result, map: null };
    },
  };
}
