// Finds the order of modules in which the bundle is smallest gzipped, and writes module-order.json:
// node packages/element/build/find-order.ts [seconds]
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, minifySync } from "vite";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const forMs = Number(process.argv[2] ?? 180) * 1_000;

interface Module {
  readonly path: string;
  readonly code: Buffer;
  /** Modules that must stand before it. */
  readonly needs: Set<string>;
}

/** The modules of the bundle in the order they have now, each minified by itself. */
async function modulesNow(): Promise<readonly Module[]> {
  const modules: Module[] = [];
  await build({
    configFile: fileURLToPath(new URL("../vite.config.ts", import.meta.url)),
    logLevel: "warn",
    build: { write: false },
    plugins: [
      {
        name: "modules",
        generateBundle(_options, bundle) {
          for (const chunk of Object.values(bundle)) {
            if (chunk.type !== "chunk") continue;
            const known = new Set<string>();
            const behind = (id: string, seen = new Set<string>()): readonly string[] =>
              (this.getModuleInfo(id)?.importedIds ?? []).flatMap((inner) => {
                if (seen.has(inner)) return [];
                seen.add(inner);
                // One that only hands on stands for those behind it.
                return Object.hasOwn(chunk.modules, inner) ? inner : behind(inner, seen);
              });
            for (const [id, { code }] of Object.entries(chunk.modules)) {
              const small = minifySync(id, code ?? "", { mangle: { toplevel: true } }).code;
              const needs = new Set(behind(id).filter((inner) => known.has(inner)));
              modules.push({ path: id, code: Buffer.from(small), needs });
              known.add(id);
            }
          }
        },
      },
    ],
  });
  return modules;
}

const sizeOf = (modules: readonly Module[]) =>
  gzipSync(Buffer.concat(modules.map(({ code }) => code)), { level: 9 }).length;

function isPossible(modules: readonly Module[]): boolean {
  const missing = new Set(modules.map(({ path }) => path));
  return modules.every(({ path, needs }) => {
    missing.delete(path);
    return missing.isDisjointFrom(needs);
  });
}

let order = await modulesNow();
const before = sizeOf(order);
let size = before;
for (const end = performance.now() + forMs; performance.now() < end; ) {
  const from = Math.floor(Math.random() * order.length);
  const moved = order.slice(from, from + 1 + Math.floor(16 * Math.random() ** 3));
  const rest = order.toSpliced(from, moved.length);
  const other = rest.toSpliced(Math.floor(Math.random() * (rest.length + 1)), 0, ...moved);
  if (!isPossible(other)) continue;
  const otherSize = sizeOf(other);
  if (otherSize > size) continue;
  order = other;
  size = otherSize;
}
const paths = order.map(({ path }) => relative(root, path)).filter((path) => !path.includes("node_modules/"));
writeFileSync(new URL("module-order.json", import.meta.url), `${JSON.stringify(paths, null, 2)}\n`);
process.stdout.write(`${before - size} bytes less\n`);
