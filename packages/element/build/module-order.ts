import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Puts modules into the order of `module-order.json`, in which gzip finds most of what repeats:
 * it looks back 32 kB and no further. A module that is not listed stands where the first that
 * needs it does; one that is no more is passed over.
 */
export function moduleOrder(): Plugin {
  const order: readonly string[] = JSON.parse(
    readFileSync(new URL("module-order.json", import.meta.url), "utf8"),
  );
  const first = order.filter((path) => existsSync(root + path));
  return {
    name: "module-order",
    transform(code, id) {
      if (!id.endsWith("/element/src/bundle.ts")) return null;
      const imports = first.map((path) => `import ${JSON.stringify(root + path)};\n`);
      return { code: imports.join("") + code, map: null };
    },
  };
}
