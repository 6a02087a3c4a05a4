import type { ThreadChange, ThreadRecord } from "./store.ts";

/** The thread with a change made to it, as every store makes it. */
export function changedThread(thread: ThreadRecord, change: ThreadChange): ThreadRecord {
  const { title, allowed_image_domains, ...rest } = { ...thread, ...change };
  return {
    ...rest,
    ...(title === undefined || title === null ? {} : { title }),
    ...(allowed_image_domains === undefined || allowed_image_domains === null
      ? {}
      : { allowed_image_domains }),
  };
}
