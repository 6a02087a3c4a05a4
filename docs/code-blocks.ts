/** A block of code of a page. */
export interface CodeBlock {
  /** The page, relative to the folder of the repository. */
  readonly page: string;
  /** The line of its opening fence, from 1. */
  readonly line: number;
  /** The heading that it stands below. */
  readonly heading: string;
  readonly code: string;
}

/** What a block is made of when it is compiled. */
export interface BlockModule {
  /** Without an extension; names page and line. */
  readonly name: string;
  readonly source: string;
  /** Whether it exports `config`: members of a server's configuration. */
  readonly isConfig: boolean;
}

/** The blocks of TypeScript and JavaScript in a page; none if there are none. */
export function codeBlocks(page: string, markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let heading = "";
  let open:
    | { readonly line: number; readonly indent: number; readonly isCode: boolean; readonly lines: string[] }
    | undefined;
  for (const [index, line] of markdown.split("\n").entries()) {
    const fence = /^(\s*)```(\w*)/.exec(line);
    if (open !== undefined) {
      if (fence === null) open.lines.push(line.slice(open.indent));
      else {
        if (open.isCode) blocks.push({ page, line: open.line, heading, code: open.lines.join("\n") });
        open = undefined;
      }
    } else if (fence !== null)
      open = {
        line: index + 1,
        // Within a list, code stands as far to the right as its fence.
        indent: fence[1]?.length ?? 0,
        isCode: /^(?:ts|tsx|js)$/.test(fence[2] ?? ""),
        lines: [],
      };
    else heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
  }
  return blocks;
}

const IMPORT = /^import [^;]*?from "[^"]+";$/gms;
/** An object's members: methods, functions and properties at the left margin. */
const MEMBERS = /^(?:async )?\*?\w+\([^)]*\) \{|^\w+: /;

/**
 * The block as a module. Members of a configuration become one, statements the body of a responder, so that
 * they may use its context and `yield`. `…` stands for the rest of a configuration; a name that the block does
 * not declare and `names` has comes from `application`, a module.
 */
export function toModule(block: CodeBlock, application: string, names: readonly string[]): BlockModule {
  const imports = block.code.match(IMPORT) ?? [];
  const body = block.code
    .replace(IMPORT, "")
    .replace(/(?:\/\/ )?(?<![\w"“/])…(?:,|(?=[\s}]))/g, "...application,")
    .trim();
  const isConfig = MEMBERS.test(body.replace(/^\/\/.*\n/gm, "").split("\n")[0] ?? "");
  const declared = new Set(
    [...`${imports.join("\n")}\n${body}`.matchAll(/\b(?:const|let|class|function\*?|type) (\w+)/g)].map(
      (found) => found[1],
    ),
  );
  const imported = imports.join("\n");
  const used = names.filter(
    (name) =>
      new RegExp(`(?<![.\\w])${name}\\b`).test(body) &&
      !declared.has(name) &&
      !new RegExp(`\\b${name}\\b`).test(imported),
  );
  const head = [
    'import type { ChatKitServerConfig, TurnContext } from "@waybill/server";',
    'import type { UserMessageItem } from "@waybill/protocol";',
    `import { ${["application", ...used].join(", ")} } from ${JSON.stringify(application)};`,
    ...imports,
  ].join("\n");
  const wrapped = isConfig
    ? `export const config = {\n${body}\n} satisfies Partial<ChatKitServerConfig>;`
    : /^export /m.test(body)
      ? body
      : "export async function* block(context: TurnContext, message: UserMessageItem | null) {\n" +
        "const { thread, attachments, attachment, continues, principal, signal, requestId } = context;\n" +
        `{\n${body}\n}\n}`;
  return {
    name: `${block.page.replaceAll("/", "-").replace(/\.md$/, "")}-${block.line}`,
    source: `${head}\n${wrapped}\n`,
    isConfig,
  };
}
