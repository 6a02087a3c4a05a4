import { type Plugin, parseAst } from "vite";

const small: Readonly<Record<string, (text: string) => string>> = {
  css: (text) =>
    text
      .replaceAll(/\/\*[\s\S]*?\*\//g, " ")
      .replaceAll(/\s+/g, " ")
      .replaceAll(/ ?([{};,]) ?|(?<=\() | (?=\))/g, "$1")
      .replaceAll(": ", ":")
      .replaceAll(" > ", ">")
      .replaceAll(/(?<![\w.])0(?=\.\d)/g, "")
      .replaceAll(";}", "}"),
  // A line is broken only where a space does no harm; one word needs no quotes.
  html: (text) => text.replaceAll(/\s*\n\s*/g, " ").replaceAll(/(?<= [\w-]+=)"([\w-]+)"(?=[ >])/g, "$1"),
  svg: (text) => text.replaceAll(/\s*\n\s*/g, " "),
};

// What `small-lit.ts` leaves out of Lit.
const NOT_TAKEN: readonly (readonly [RegExp, string])[] = [
  [/<!--/, "a comment"],
  [
    /<(?:script|style|textarea|title)\b[^>]*>[^<]*$/i,
    "text that is set into a raw text element: set a property",
  ],
];

interface Found {
  readonly start: number;
  readonly raw: string;
  readonly text: string;
}

/** The texts of templates with one of the tags above, in the order of the source. */
function* templates(node: unknown, code: string): Generator<Found> {
  if (typeof node !== "object" || node === null) return;
  if ("type" in node && node.type === "TaggedTemplateExpression") {
    const { tag, quasi } = node as unknown as {
      tag: { name?: string };
      quasi: { quasis: { start: number; value: { raw: string } }[] };
    };
    const shrink = small[tag.name ?? ""];
    if (tag.name === "mathml") throw new Error("Templates take no MathML: see build/small-lit.ts.");
    if (shrink !== undefined)
      for (const { start, value } of quasi.quasis) {
        const wrong = tag.name === "css" ? undefined : NOT_TAKEN.find(([form]) => form.test(value.raw));
        if (wrong !== undefined)
          throw new Error(`A template has ${wrong[1]} (see build/small-lit.ts): ${value.raw}`);
        yield { start: code.indexOf(value.raw, start), raw: value.raw, text: shrink(value.raw) };
      }
  }
  for (const inner of Object.values(node)) yield* templates(inner, code);
}

/** Comments and indentation of the templates are for those who read the source. */
export function smallTemplates(): Plugin {
  return {
    name: "small-templates",
    transform(code, id) {
      if (!id.includes("/element/src/")) return null;
      const found = [...templates(parseAst(code, { lang: "ts" }), code)].sort(
        (one, other) => other.start - one.start,
      );
      let result = code;
      for (const { start, raw, text } of found)
        result = result.slice(0, start) + text + result.slice(start + raw.length);
      return { code: result, map: null };
    },
  };
}
