import { ChatError } from "@waybill/protocol";
import type { FileStore } from "../ports/file-store.ts";
import type { Store } from "../ports/store.ts";

const NOBODY = Object.freeze({ tenant: "none", user: "none" });

/**
 * Whether store and files answer, by asking each for something that is not there.
 *
 * @throws ChatError `shutting_down` (503), whose `details` name what does not answer.
 */
export async function checkReadiness(store: Store, files: FileStore): Promise<{ readonly status: "ok" }> {
  const outcomes = await Promise.allSettled([store.threads.get(NOBODY, "none"), files.read("t/none")]);
  const failed = ["store", "files"].filter((_, index) => outcomes[index]?.status === "rejected");
  if (failed.length === 0) return { status: "ok" };
  throw new ChatError("shutting_down", {
    message: "The chat server cannot reach its data.",
    details: { failed },
    cause: outcomes.find((outcome) => outcome.status === "rejected")?.reason,
  });
}
