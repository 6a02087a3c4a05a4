import type { Plugin } from "vite";

/**
 * Of marked, its lexer alone: the options that `blocks.ts` leaves alone become constants, and what
 * serves the parser and the extensions goes.
 */
export function lexerOnly(): Plugin {
  return {
    name: "lexer-only",
    transform(code, id) {
      if (!id.endsWith("/marked.esm.js")) return null;
      const lexer = /(\w+) as Lexer\b/.exec(code)?.[1];
      const singleton = /var \w+=new \w+;function \w+\(\w+,\w+\)\{return \w+\.parse\(/.exec(code);
      if (lexer === undefined || singleton === null)
        this.error("marked is not built as it was: see lexerOnly");
      const small = code
        .slice(0, singleton.index)
        .replaceAll(/this\.options\.(?:pedantic|breaks|silent)\b/g, "!1")
        .replaceAll(/this\.options\.gfm\b/g, "!0")
        .replaceAll(/this\.options\.(?:extensions|hooks)\b/g, "null")
        .replaceAll(/(?:,(?:breaks|pedantic):\w+)+\}/g, "}");
      return { code: `${shortNames(small)}export{${lexer} as Lexer};`, map: null };
    },
  };
}

/** Shortens the keys in camel case that the code itself gives to its objects: marked's rules, not fields of its tokens. */
function shortNames(code: string): string {
  const keys = new Set(
    [...code.matchAll(/(?<=[{,])(?!codeBlockStyle|inLink|inRawBlock)[a-z]+[A-Z]\w*(?=:)/g)].map(
      ([key]) => key,
    ),
  );
  return [...keys].reduce(
    (text, key, index) => text.replaceAll(new RegExp(`\\b${key}\\b`, "g"), `k${index}`),
    code,
  );
}
