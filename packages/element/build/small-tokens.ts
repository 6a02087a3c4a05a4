import type { Plugin } from "vite";

const UNREAD = /--wb-([\w-]+):[^;{}`]*(?:;|(?=\}))/g;

/** Private tokens (`--wb-*`) that no rule reads go, the others get short names. What pages may set keeps its name. */
export function smallTokens(): Plugin {
  return {
    name: "small-tokens",
    renderChunk(code) {
      let kept = code;
      for (let before = ""; before !== kept; ) {
        before = kept;
        kept = before.replaceAll(UNREAD, (declaration, name) =>
          new RegExp(`var\\(--wb-${name}[,)]`).test(before) ? declaration : "",
        );
      }
      const names = new Map<string, string>();
      const short = kept.replaceAll(/--wb-[\w-]+/g, (name) => {
        const known = names.get(name) ?? `--wb${names.size.toString(36)}`;
        names.set(name, known);
        return known;
      });
      return { code: short, map: null };
    },
  };
}
