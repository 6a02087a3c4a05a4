import type { AssistantMessageItem, UserMessageItem } from "@waybill/protocol";
import { expect, describe as group, test } from "vitest";
import { describe } from "./describe.ts";
import type { TurnAttachment } from "./respond.ts";
import { ThreadDraft } from "./thread-draft.ts";
import { createTurnThread } from "./turn-thread.ts";

const PRINCIPAL = { tenant: "default", user: "local" };
const AT = "2026-01-01T00:00:00.000Z";
const THREAD = {
  id: "thr_1",
  owner: PRINCIPAL,
  created_at: AT,
  status: { type: "active" as const },
  metadata: {},
};

function attachment(change: Partial<TurnAttachment> = {}, bytes = ""): TurnAttachment {
  return {
    id: "atc_1",
    name: "test.png",
    mime_type: "image/png",
    type: "image",
    size_bytes: 19_171,
    sha256: "0123456789abcdef".repeat(4),
    stream: async () => new Blob([bytes]).stream(),
    ...change,
  };
}

function message(text: string): UserMessageItem {
  return {
    id: "msg_1",
    thread_id: "thr_1",
    created_at: "2026-01-01T00:00:00Z",
    type: "user_message",
    content: [{ type: "input_text", text }],
    attachments: [],
    inference_options: {},
  };
}

async function answer(text: string, ...attachments: TurnAttachment[]): Promise<string> {
  const events = describe()(
    {
      thread: createTurnThread(new ThreadDraft(THREAD), { now: () => new Date(AT), history: async () => [] }),
      attachments,
      attachment: async () => null,
      principal: PRINCIPAL,
      signal: new AbortController().signal,
      requestId: "req_1",
    },
    message(text),
  );
  let done: AssistantMessageItem | undefined;
  for await (const event of events) {
    if (event.type === "thread.item.done" && event.item.type === "assistant_message") done = event.item;
  }
  return done?.content[0]?.text ?? "";
}

group("describe", () => {
  test("says that no model is configured, and what to do about it", async () => {
    const text = await answer("what is this a picture of?");
    expect(text).toContain("No model is configured");
    expect(text).toContain("`respond`");
    expect(text).toContain("`WAYBILL_MODEL`");
    expect(text).toContain("6 words");
  });

  test("names type, size, dimensions and hash of a picture", async () => {
    const text = await answer("look", attachment({ width: 37, height: 23 }));
    for (const words of [
      "test.png",
      "`image/png`",
      "19 KB (19171 bytes)",
      "37 × 23 pixels",
      "`0123456789ab…`",
    ]) {
      expect(text).toContain(words);
    }
  });

  test("shows the first lines of a text file, in a fence that the file cannot end", async () => {
    const file = { name: "notes.txt", mime_type: "text/plain", type: "file" as const, size_bytes: 40 };
    const text = await answer("read", attachment(file, "one\ntwo\n````\nfour\nfive\nsix\n"));
    expect(text).toContain("`````text\none\ntwo\n````\nfour\nfive\n`````");
    expect(text).not.toContain("six");
  });

  test("reads the head of a text file alone", async () => {
    let pulled = 0;
    const endless = async () =>
      new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            pulled += 1;
            controller.enqueue(new TextEncoder().encode("x".repeat(1_000)));
          },
        },
        { highWaterMark: 0 },
      );
    const text = await answer("read", attachment({ mime_type: "text/plain", stream: endless }));
    expect(pulled).toBe(5);
    expect(text).toContain(`${"x".repeat(120)}…`);
  });

  test("does not let a file's name be Markdown", async () => {
    expect(await answer("x", attachment({ name: "[a](http://b)*.png" }))).toContain(
      "\\[a\\](http://b)\\*.png",
    );
  });

  test("says that a message without text has none", async () => {
    expect(await answer("")).toContain("It has no text.");
  });
});
