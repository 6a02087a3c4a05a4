import { isErrorCode } from "@waybill/protocol";
import { readFailure, type ToldFailure } from "./answer-verdict.ts";
import type { ProbeResult, ProbeResults } from "./classify.ts";
import type { ClientPage, PolicyWatch } from "./page.ts";
import { WAYBILL_HEADER } from "./server-urls.ts";

/** Longest wait for one probe. */
export const PROBE_TIMEOUT_MS = 5_000;

/** Policy violations and timings are reported in tasks of their own, which come behind the answer. */
const REPORTS_MS = 50;

/**
 * Asks, once and all at a time, what the failed request cannot tell: each probe is a GET
 * or HEAD without credentials or headers of the page, so none can change anything. `relay` is the address of `v1` at
 * the page's own server; null: it has none.
 *
 * A probe that the page's own policy blocks says nothing and counts as `skipped`.
 *
 * @throws the reason of `signal`, if the caller gives up meanwhile.
 */
export async function probe(
  page: ClientPage,
  protocolUrl: string,
  relay: string | null,
  watch: PolicyWatch,
  signal?: AbortSignal,
): Promise<ProbeResults> {
  const v1 = new URL("v1", protocolUrl).href;

  const ask = async (
    url: string | null,
    method: "GET" | "HEAD",
    mode: RequestMode = "cors",
    read: (response: Response) => Promise<unknown> = async ({ body }) => body?.cancel(),
  ): Promise<ProbeResult> => {
    if (url === null) return "skipped";
    const limit = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    let result: ProbeResult = "readable";
    try {
      const response = await page.fetch(url, {
        method,
        mode,
        credentials: "omit",
        cache: "no-store",
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      });
      await read(response);
      if (response.type === "opaque") result = "opaque";
      else if (response.headers.has(WAYBILL_HEADER)) result = "waybill";
    } catch {
      result = limit.aborted ? "timeout" : "failed";
    }
    await new Promise((resolve) => setTimeout(resolve, REPORTS_MS));
    return watch.directiveThatBlocked(url) === null ? result : "skipped";
  };

  let relayed: ToldFailure | undefined;
  const [capabilities, bundle, opaque, control, byRelay] = await Promise.all([
    ask(v1, "GET"),
    ask(new URL("chatkit.js", protocolUrl).href, "HEAD"),
    // HEAD: Chromium empties a JSON body that a page may not read, and its timings with it.
    ask(v1, "HEAD", "no-cors"),
    ask(page.origin?.startsWith("http") ? `${page.origin}/` : null, "HEAD"),
    ask(relay, "GET", "cors", async (response) => {
      relayed = readFailure(response, await response.text());
    }),
  ]);
  signal?.throwIfAborted();
  const told = page
    .timingsOf(v1)
    .at(-1)
    ?.serverTiming?.map(({ description }) => description);
  return {
    capabilities,
    bundle,
    opaque,
    control,
    relay: byRelay,
    status: relayed?.status,
    code: relayed?.code ?? told?.find(isErrorCode),
  };
}
