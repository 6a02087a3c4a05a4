import type { OutgoingHttpHeader, OutgoingHttpHeaders } from "node:http";

/** Node's forms of headers: an object, a flat list, a list of pairs. */
export type HeadersArgument = OutgoingHttpHeaders | readonly OutgoingHttpHeader[];

/**
 * The lines of headers in any of Node's forms, repeated names together; what is undefined is left out.
 *
 * @throws TypeError if a flat list has no value for its last name.
 */
export function linesOf(headers: HeadersArgument): readonly (readonly [name: string, values: string[]])[] {
  const lines = new Map<string, readonly [name: string, values: string[]]>();
  for (const [name, value] of entriesOf(headers)) {
    if (value === undefined) continue;
    const key = name.toLowerCase();
    const line = lines.get(key) ?? [name, []];
    line[1].push(...(Array.isArray(value) ? value : [value]).map(String));
    lines.set(key, line);
  }
  return [...lines.values()];
}

function entriesOf(headers: HeadersArgument): (readonly [string, unknown])[] {
  if (!isList(headers)) return Object.entries(headers);
  if (headers.every((entry) => Array.isArray(entry)))
    return headers.map(([name, value]) => [String(name), value]);
  if (headers.length % 2 !== 0) throw new TypeError("A flat list of headers needs a value for every name.");
  const entries: [string, unknown][] = [];
  for (let index = 0; index < headers.length; index += 2)
    entries.push([String(headers[index]), headers[index + 1]]);
  return entries;
}

const isList = (headers: HeadersArgument): headers is readonly OutgoingHttpHeader[] => Array.isArray(headers);
