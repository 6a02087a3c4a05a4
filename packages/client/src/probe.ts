import type { ProbeResult, ProbeResults } from "./classify.ts";
import type { ClientPage, PolicyWatch } from "./page.ts";
import { WAYBILL_HEADER } from "./server-urls.ts";

/** Longest wait for one probe. */
export const PROBE_TIMEOUT_MS = 5_000;

/**
 * Asks, once and all at a time, what the failed request cannot tell: each probe is a GET
 * or HEAD without credentials or headers of the page, so none can change anything.
 *
 * A probe that the page's own policy blocks says nothing and counts as `skipped`.
 *
 * @throws the reason of `signal`, if the caller gives up meanwhile.
 */
export async function probe(
  page: ClientPage,
  protocolUrl: string,
  watch: PolicyWatch,
  signal?: AbortSignal,
): Promise<ProbeResults> {
  const v1 = new URL("v1", protocolUrl).href;
  const bundle = new URL("chatkit.js", protocolUrl).href;
  const own = page.origin?.startsWith("http") ? `${page.origin}/` : null;

  const ask = async (url: string, init: RequestInit): Promise<ProbeResult> => {
    const limit = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    try {
      const response = await page.fetch(url, {
        ...init,
        credentials: "omit",
        cache: "no-store",
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      });
      await response.body?.cancel();
      if (response.type === "opaque") return "opaque";
      return response.headers.has(WAYBILL_HEADER) ? "waybill" : "readable";
    } catch {
      return limit.aborted ? "timeout" : "failed";
    }
  };

  const unasked: ProbeResult = "skipped";
  const [capabilities, publicBundle, opaque, control] = await Promise.all([
    ask(v1, { method: "GET" }),
    ask(bundle, { method: "HEAD" }),
    ask(v1, { method: "GET", mode: "no-cors" }),
    own === null ? unasked : ask(own, { method: "HEAD" }),
  ]);
  signal?.throwIfAborted();
  // A policy violation is reported in a task of its own, which may come behind the rejection.
  await new Promise((resolve) => setTimeout(resolve));
  const unlessBlocked = (url: string | null, result: ProbeResult): ProbeResult =>
    url !== null && watch.directiveThatBlocked(url) !== null ? "skipped" : result;
  return {
    capabilities: unlessBlocked(v1, capabilities),
    bundle: unlessBlocked(bundle, publicBundle),
    opaque: unlessBlocked(v1, opaque),
    control: unlessBlocked(own, control),
  };
}
