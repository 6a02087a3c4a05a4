import { afterEach, describe, expect, test } from "vitest";
import { eventsOf, startChatServer, type TestServer, textInput } from "./support/chat-server.ts";
import { pictureServer } from "./support/picture-server.ts";

let server: TestServer;
afterEach(() => server[Symbol.asyncDispose]());

const create = (text: string, attachments: readonly string[] = []) => ({
  type: "threads.create",
  params: { input: textInput(text, attachments) },
});

interface Body {
  readonly id?: string;
  readonly title?: string;
  readonly text?: string;
  readonly data?: readonly { readonly id: string; readonly type: string }[];
  readonly error?: { readonly code: string; readonly details?: { readonly path?: string } };
}
async function ask(type: string, params: object): Promise<{ status: number; body: Body }> {
  const response = await server.send({ type, params });
  return { status: response.status, body: (await response.json()) as Body };
}
async function converse(attachments: readonly string[] = []): Promise<{ thread: string; answer: string }> {
  const events = await eventsOf(await server.send(create("hi", attachments)));
  const item = events.at(-1)?.["item"] as { readonly id: string } | undefined;
  return { thread: threadOf(events), answer: item?.id ?? "" };
}
const threadOf = (events: readonly Record<string, unknown>[]) =>
  (events[0]?.["thread"] as { readonly id: string } | undefined)?.id ?? "";

/** A server whose answers begin, and go on until they are ended from outside. */
async function startEndless(): Promise<{ streaming: Promise<void>; abandoned: () => boolean }> {
  const streaming = Promise.withResolvers<void>();
  let abandoned = false;
  server = await startChatServer({
    async *respond({ thread, signal }) {
      yield* thread.streamText(
        (async function* () {
          yield "partial";
          streaming.resolve();
          await new Promise((resolve) => void signal.addEventListener("abort", resolve));
          abandoned = true;
          yield " and what must not come back";
        })(),
      );
    },
  });
  return { streaming: streaming.promise, abandoned: () => abandoned };
}

describe("threads.update", () => {
  test.each([
    ["New", "New"],
    ["  New\n", "New"],
    ["", ""],
    ["   ", ""],
  ])("renames to %j as %j, and changes nothing else", async (title, stored) => {
    server = await startChatServer();
    const { thread } = await converse();
    const params = { thread_id: thread, title, status: { type: "closed" }, metadata: { a: 1 } };
    const { status, body } = await ask("threads.update", params);
    expect(status).toBe(200);
    expect(body).toEqual({
      id: thread,
      title: stored,
      created_at: expect.any(String),
      status: { type: "active" },
      metadata: {},
      items: { data: [], has_more: false },
    });
    expect((await ask("threads.get_by_id", { thread_id: thread })).body.title).toBe(stored);
  });

  test.each([[null], [5], [undefined], ["x".repeat(1_025)]])(
    "refuses %j, and names the field",
    async (title) => {
      server = await startChatServer();
      const { thread } = await converse();
      const { status, body } = await ask("threads.update", { thread_id: thread, title });
      expect([status, body.error?.code, body.error?.details?.path]).toEqual([
        400,
        "invalid_request",
        "params.title",
      ]);
    },
  );
});

describe("threads.delete", () => {
  test("deletes everything of the thread, and says not_found from then on", async () => {
    server = await startChatServer();
    const { thread, answer } = await converse();
    const other = await converse();
    await ask("items.feedback", { thread_id: thread, item_ids: [answer], kind: "positive" });
    expect(await ask("threads.delete", { thread_id: thread })).toEqual({ status: 200, body: {} });
    for (const [type, params] of [
      ["threads.get_by_id", {}],
      ["items.list", {}],
      ["threads.update", { title: "x" }],
      ["threads.delete", {}],
      ["items.feedback", { item_ids: [answer], kind: "positive" }],
      ["threads.retry_after_item", { item_id: answer }],
      ["threads.add_user_message", { input: textInput("again") }],
    ] as const) {
      const { status, body } = await ask(type, { thread_id: thread, ...params });
      expect([type, status, body.error?.code]).toEqual([type, 404, "not_found"]);
    }
    expect((await fetch(`${server.api}/v1/runs?thread_id=${thread}`)).status).toBe(404);
    const list = await ask("threads.list", {});
    expect(list.body.data?.map(({ id }) => id)).toEqual([other.thread]);
  });

  test("ends a running answer first: its reader is told, and nothing comes back", async () => {
    const { streaming, abandoned } = await startEndless();
    const response = await server.send(create("hi"));
    await streaming;
    const list = await ask("threads.list", {});
    const thread = list.body.data?.[0]?.id ?? "";
    expect(await ask("threads.delete", { thread_id: thread })).toEqual({ status: 200, body: {} });
    const events = await eventsOf(response);
    expect(events.at(-1)).toEqual({
      type: "error",
      code: "custom",
      message: "This conversation was deleted.",
      allow_retry: false,
    });
    expect(abandoned()).toBe(true);
    expect((await ask("threads.list", {})).body.data).toEqual([]);
    expect((await ask("items.list", { thread_id: thread })).status).toBe(404);
    expect(server.logged).toEqual([]);
  });

  test("deletes once when asked twice at the same time", async () => {
    const { streaming } = await startEndless();
    const response = await server.send(create("hi"));
    await streaming;
    const thread = (await ask("threads.list", {})).body.data?.[0]?.id ?? "";
    const both = await Promise.all([1, 2].map(() => ask("threads.delete", { thread_id: thread })));
    expect(both.map(({ status }) => status)).toContain(200);
    expect(both.every(({ status }) => status === 200 || status === 404)).toBe(true);
    expect((await eventsOf(response)).filter(({ type }) => type === "error")).toHaveLength(1);
    expect(server.logged).toEqual([]);
  });

  test("deletes the bytes of attachments that no other message names, and those of no other", async () => {
    await using pictures = await pictureServer();
    server = await startChatServer({ importAllow: [pictures.host] });
    const attach = async () => {
      const response = await fetch(`${server.api}/v1/files`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ source_url: pictures.url }),
      });
      return (await response.json()) as { readonly id: string; readonly preview_url: string };
    };
    const [only, shared] = [await attach(), await attach()];
    const first = await converse([only.id, shared.id]);
    const second = await converse([shared.id]);
    const keyOf = async (id: string) =>
      (await server.store.attachments.getForSignedUrl(id))?.storage_key ?? "none";
    const keys = { only: await keyOf(only.id), shared: await keyOf(shared.id) };
    const isThere = async (key: string) => {
      const file = await server.bytes.read(key);
      await file?.stream.cancel();
      return file !== null;
    };
    expect([await isThere(keys.only), await isThere(keys.shared)]).toEqual([true, true]);
    await ask("threads.delete", { thread_id: first.thread });
    expect([await isThere(keys.only), await isThere(keys.shared)]).toEqual([false, true]);
    expect((await fetch(only.preview_url)).status).toBe(404);
    expect(await server.store.attachments.getForSignedUrl(only.id)).toBeNull();
    expect((await fetch(shared.preview_url)).status).toBe(200);
    const reused = await ask("threads.create", { input: textInput("again", [only.id]) });
    expect(reused.status).not.toBe(200);
    await ask("threads.delete", { thread_id: second.thread });
    expect(await isThere(keys.shared)).toBe(false);
  });
});

describe("items.feedback", () => {
  test("is stored, and told to the hook with who gave it", async () => {
    const told: unknown[] = [];
    server = await startChatServer({
      onFeedback: ({ principal }, feedback) => {
        told.push([principal.user, feedback]);
      },
    });
    const { thread, answer } = await converse();
    const feedback = { thread_id: thread, item_ids: [answer], kind: "positive" };
    expect(await ask("items.feedback", feedback)).toEqual({ status: 200, body: {} });
    expect(await ask("items.feedback", { ...feedback, item_ids: [] })).toEqual({ status: 200, body: {} });
    expect(told).toEqual([["local", feedback]]);
    expect(
      await server.store.threads.listFeedback({ tenant: "default", user: "local" }, thread),
    ).toMatchObject([{ item_id: answer, kind: "positive" }]);
  });

  test("is stored although the hook fails, which is logged", async () => {
    server = await startChatServer({
      onFeedback: () => {
        throw new Error("the hook's inside");
      },
    });
    const { thread, answer } = await converse();
    const params = { thread_id: thread, item_ids: [answer], kind: "negative" };
    expect(await ask("items.feedback", params)).toEqual({ status: 200, body: {} });
    expect(server.logged).toMatchObject([{ level: "error", error: { message: "the hook's inside" } }]);
  });

  test.each([
    ["an unknown item", { item_ids: ["msg_00000000"] }, 404, "not_found"],
    ["an unknown thread", { thread_id: "thr_00000000", item_ids: [] }, 404, "not_found"],
    ["another kind", { item_ids: [], kind: "neutral" }, 400, "invalid_request"],
  ])("refuses %s", async (_name, wrong, status, code) => {
    server = await startChatServer();
    const { thread } = await converse();
    const answer = await ask("items.feedback", { thread_id: thread, kind: "positive", ...wrong });
    expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
  });
});

describe("input.transcribe", () => {
  test.each([
    ["YWJj", "audio/webm;codecs=opus", "audio/webm 3 bytes"],
    ["YWJj", "Audio/MP4 ; codecs=x", "audio/mp4 3 bytes"],
    ["", "audio/ogg", "audio/ogg 0 bytes"],
  ])("hands %j of %s to the hook", async (audio_base64, mime_type, text) => {
    server = await startChatServer({
      transcribe: (_context, speech) => `${speech.mime_type} ${speech.audio.byteLength} bytes`,
    });
    expect(await ask("input.transcribe", { audio_base64, mime_type })).toEqual({
      status: 200,
      body: { text },
    });
  });

  test.each([
    ["a wrong length", "AAAAA", "audio/ogg", "params.audio_base64"],
    ["no padding", "AAA", "audio/ogg", "params.audio_base64"],
    ["bits behind the end", "AAB=", "audio/ogg", "params.audio_base64"],
    ["foreign characters", "AA!!EC\nAw ==", "audio/ogg", "params.audio_base64"],
    ["the alphabet of URLs", "-_-_", "audio/ogg", "params.audio_base64"],
    ["no media type", "YWJj", "sound", "params.mime_type"],
  ])("refuses %s", async (_name, audio_base64, mime_type, path) => {
    server = await startChatServer({ transcribe: () => "never" });
    const { status, body } = await ask("input.transcribe", { audio_base64, mime_type });
    expect([status, body.error?.code, body.error?.details?.path]).toEqual([400, "invalid_request", path]);
  });

  test("is not offered without a hook, refuses what is too large, and shows nothing of the hook's inside", async () => {
    server = await startChatServer({ maxRequestBytes: 2_000 });
    const speech = { audio_base64: "YWJj", mime_type: "audio/ogg" };
    expect((await ask("input.transcribe", speech)).body.error?.code).toBe("not_implemented");
    const large = { audio_base64: "A".repeat(2_000), mime_type: "audio/ogg" };
    expect((await ask("input.transcribe", large)).body.error?.code).toBe("payload_too_large");
    await server[Symbol.asyncDispose]();
    server = await startChatServer({ transcribe: () => Promise.reject(new Error("secret inside")) });
    const failed = await ask("input.transcribe", speech);
    expect([failed.status, failed.body.error?.code]).toEqual([500, "internal_error"]);
    expect(JSON.stringify(failed.body)).not.toContain("secret");
  });
});
