import type { SQLInputValue } from "node:sqlite";
import type { Compilable, CompiledQuery } from "kysely";

/** Stands for a value while SQL is built. */
class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

const PLACEHOLDERS: unknown = new Proxy({}, { get: (_, name) => new Placeholder(String(name)) });

/**
 * SQL that is built once, when it is first needed, and from then on only given its values: building costs
 * several times what SQLite needs to run it. `build` may pass its values on, and must not look at them.
 */
export function prepared<Values extends object, Row>(
  build: (values: Values) => Compilable<Row>,
): (values: { readonly [Name in keyof Values]: Values[Name] & SQLInputValue }) => Compilable<Row> {
  let compiled: CompiledQuery<Row> | undefined;
  return (values) => {
    compiled ??= build(PLACEHOLDERS as Values).compile();
    const { parameters } = compiled;
    const bound = parameters.map((parameter) =>
      parameter instanceof Placeholder ? Reflect.get(values, parameter.name) : parameter,
    );
    const query: CompiledQuery<Row> = { ...compiled, parameters: bound };
    return { compile: () => query };
  };
}
