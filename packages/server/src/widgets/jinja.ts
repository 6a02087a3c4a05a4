import { Environment, Interpreter, parse, tokenize } from "@huggingface/jinja";

/** A parsed template. */
export interface TemplateNode {
  readonly type: string;
}

// The package's declarations import each other without extensions, which this module resolution
// does not follow; what is used of them is stated here.
interface Value {
  readonly type: string;
}
interface Scope {
  readonly variables: Map<string, Value>;
  set(name: string, value: unknown): Value;
}
interface Evaluator {
  evaluate(node: TemplateNode | undefined, scope: Scope): Value & { readonly value?: unknown };
}
const Scopes: new (parent?: Scope) => Scope = Environment;
const Evaluators: new (scope: Scope) => Evaluator = Interpreter;

/**
 * Parses a template in Jinja's syntax; white space stays as it is.
 *
 * @throws Error at a fault of its syntax.
 */
export const parseTemplate = (text: string): TemplateNode => parse(tokenize(text, {}));

/**
 * What a parsed template says of its data, which must be JSON.
 *
 * @throws Error where a name or a property is asked for that is not there, as upstream does;
 * `is defined` and `default` may ask for any.
 */
export function renderTemplate(template: TemplateNode, data: object): string {
  const scope = new Scopes(GLOBALS);
  // Data goes before what is built in.
  scope.variables.clear();
  for (const [name, value] of Object.entries(data)) scope.set(name, value);
  return String(new StrictEvaluator(scope).evaluate(template, scope).value);
}

// Source: Jinja, "List of Global Functions".
const GLOBALS = new Scopes();
for (const [name, value] of Object.entries({
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  range: (first: number, end?: number, step = 1): number[] => {
    const [from, to] = end === undefined ? [0, first] : [first, end];
    return Array.from(
      { length: Math.max(0, Math.ceil((to - from) / step)) },
      (_, index) => from + index * step,
    );
  },
  joiner: (separator = ", ") => {
    let next = "";
    return () => {
      const now = next;
      next = separator;
      return now;
    };
  },
})) {
  GLOBALS.set(name, value);
}

interface Lookup extends TemplateNode {
  readonly value?: unknown;
  readonly computed?: boolean;
  readonly property?: { readonly value?: unknown };
}
interface Guard extends TemplateNode {
  readonly operand?: TemplateNode;
  readonly test?: { readonly value?: unknown };
  readonly filter?: { readonly value?: unknown; readonly callee?: { readonly value?: unknown } };
}

/** Evaluates as the package does, but says what is missing instead of leaving it empty. */
class StrictEvaluator extends Evaluators {
  readonly #mayBeMissing = new WeakSet<TemplateNode>();

  override evaluate(node: TemplateNode | undefined, scope: Scope): Value & { readonly value?: unknown } {
    if (node === undefined) return super.evaluate(node, scope);
    const { operand, test, filter }: Guard = node;
    const guard = String(test?.value ?? filter?.callee?.value ?? filter?.value);
    if (operand !== undefined && ["defined", "undefined", "default"].includes(guard)) {
      this.#mayBeMissing.add(operand);
    }
    const found = super.evaluate(node, scope);
    const isLookup = node.type === "Identifier" || node.type === "MemberExpression";
    if (isLookup && found.type === "UndefinedValue" && !this.#mayBeMissing.has(node)) {
      const { value, computed, property }: Lookup = node;
      throw new Error(
        `${String(computed === true ? "an entry" : (property?.value ?? value))} is not defined`,
      );
    }
    return found;
  }
}
