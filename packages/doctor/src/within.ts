/**
 * What `work` comes to, or a rejection: with `late()` once the time is up, with the signal's reason when
 * it is aborted. `work` goes on unheard then, unless it looks at the signal that it is handed.
 */
export async function within<Value>(
  limit: { readonly ms: number; readonly signal?: AbortSignal | undefined; readonly late: () => Error },
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  limit.signal?.throwIfAborted();
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(limit.late()), limit.ms);
  const stop = () => end.abort(limit.signal?.reason);
  limit.signal?.addEventListener("abort", stop);
  const ended = new Promise<never>((_, reject) => {
    end.signal.addEventListener("abort", () => reject(end.signal.reason));
  });
  try {
    return await Promise.race([work(end.signal), ended]);
  } finally {
    clearTimeout(timer);
    limit.signal?.removeEventListener("abort", stop);
  }
}
