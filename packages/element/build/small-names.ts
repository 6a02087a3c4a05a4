import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseAst } from "vite";

interface Node {
  readonly type: string;
  readonly [part: string]: unknown;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
const ours = ["packages/client/src/**/*.ts", "packages/element/src/**/*.ts"];
/** Names that the wire, pages, other modules or another version of this bundle know. */
const known = [
  "packages/protocol/src/**/*.ts",
  "packages/client/src/{index,verdict}.ts",
  "packages/element/src/{chat-events,chat-options,define-elements,index,waybill-chat}.ts",
  "packages/element/src/composer/drafts.ts",
  "packages/element/src/icon/icon-path.ts",
  "packages/element/src/strings/*.ts",
  "node_modules/lit-html/**/*.js",
];
/** Names of the language and of browsers. */
const platform = ["node_modules/{typescript,@typescript/*}/lib/lib.*.d.ts"];

const DECLARED = new Set([
  "MethodDefinition",
  "PropertyDefinition",
  "TSMethodSignature",
  "TSPropertySignature",
]);

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

function* nodes(value: unknown): Generator<Node> {
  if (isNode(value)) yield value;
  if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) yield* nodes(inner);
}

function* nodesOf(patterns: readonly string[], lang: "ts" | "dts"): Generator<Node> {
  for (const pattern of patterns) {
    const paths = globSync(pattern, { cwd: root }).filter(
      (path) => !/\.test(?:-d)?\.ts$|\/locales\//.test(path),
    );
    if (paths.length === 0) throw new Error(`No file is like ${pattern}`);
    for (const path of paths) yield* nodes(parseAst(readFileSync(root + path, "utf8"), { lang }));
  }
}

const nameIn = (part: unknown, computed: unknown): string | undefined =>
  isNode(part) && part.type === "Identifier" && computed !== true ? String(part["name"]) : undefined;

/** The name that a node has a property by, or reads one by. */
function nameOf({ type, key, property, computed, id }: Node): string | undefined {
  if (type === "VariableDeclarator") return nameIn(id, false);
  return nameIn(type === "MemberExpression" ? property : key, computed);
}

/**
 * Names of properties that only our own code knows, and may be short in the bundle: some class or
 * interface of ours declares them, and they are nowhere a name of the wire, of the language, of
 * browsers, of Lit, of what pages are given or give, nor a string.
 */
export function smallNames(): RegExp {
  const taken = new Set<unknown>();
  for (const node of nodesOf(known, "ts")) taken.add(nameOf(node));
  for (const node of nodesOf(platform, "dts")) taken.add(nameOf(node));
  const names = new Set<string>();
  for (const node of nodesOf(ours, "ts")) {
    const name = nameOf(node);
    if (DECLARED.has(node.type) && name !== undefined) names.add(name);
    if (node.type === "Literal") taken.add(node["value"]);
    // What is taken out of a value of somebody else's.
    if (
      node.type === "VariableDeclarator" &&
      isNode(node["init"]) &&
      /^(?:Call|TSAs)Expr/.test(node["init"].type)
    )
      for (const inner of nodes(node["id"])) taken.add(nameOf(inner));
  }
  const free = [...names].filter((name) => name.length > 2 && !taken.has(name));
  return new RegExp(`^(?:${free.join("|")})$`);
}
