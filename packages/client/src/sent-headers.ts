/**
 * The headers of a request as `name: value`, sorted. Only `Accept…` and `Content-…`, which describe, show their
 * values: any other may be a secret.
 */
export const describeHeaders = (headers: Headers): readonly string[] =>
  [...headers].map(([name, value]) => `${name}: ${/^(?:accept|content)/.test(name) ? value : "REDACTED"}`);

/**
 * Whether a browser asks the server before it sends such a request. As exact as what this client sends needs: what it
 * posts is JSON, or a form whose way out is watched, and what a page adds is no `Range` or client hint.
 *
 * Source: Fetch, "CORS-safelisted request-header"; XMLHttpRequest, "upload listener flag".
 */
export const needsPreflight = (method: string, headers: readonly string[]): boolean =>
  method !== "GET" || headers.some((line) => !line.startsWith("accept"));
