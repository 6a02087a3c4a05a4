import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ALLOWED_ORIGIN,
  eventsOf,
  startChatServer,
  type TestServer,
  textInput,
} from "./support/chat-server.ts";
import { type RawResponse, rawRequest, requestBytes } from "./support/raw-http.ts";

const MAX_BYTES = 2_000;
interface Conversation {
  readonly thread_id: string;
  readonly question: string;
  readonly answer: string;
}
let server: TestServer;
let own: Conversation;
let foreign: Conversation;
const asked: string[] = [];

/** A conversation of somebody, with a question and its answer. */
async function converse(user: string): Promise<Conversation> {
  const body = { type: "threads.create", params: { input: textInput("hi") } };
  const events = await eventsOf(await server.send(body, { headers: { "x-user": user } }));
  const items = events.flatMap((event) =>
    event["type"] === "thread.item.done" ? [event["item"] as { id: string; type: string }] : [],
  );
  const idOf = (type: string) => items.find((item) => item.type === type)?.id ?? "";
  const thread = events[0]?.["thread"] as { id: string } | undefined;
  return { thread_id: thread?.id ?? "", question: idOf("user_message"), answer: idOf("assistant_message") };
}

beforeAll(async () => {
  server = await startChatServer({
    maxRequestBytes: MAX_BYTES,
    authenticate: (request) => {
      asked.push(request.method);
      const user = request.headers.get("x-user");
      return user === null ? null : { tenant: "default", user };
    },
  });
  own = await converse("me");
  foreign = await converse("somebody else");
});
afterAll(() => server[Symbol.asyncDispose]());

interface Params {
  readonly thread_id: string;
  readonly item_id: string;
}
/** What a request does wrong; the rest of it is right. */
interface Wrong {
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly method?: string;
  /** Members beside `type` and `params`. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly params?: () => Partial<Params>;
}

const preflight = { Origin: ALLOWED_ORIGIN, "Access-Control-Request-Method": "TRACE" };
/** The refusals in their order: each with what brings it about, its status and its code. */
const ORDER: readonly (readonly [name: string, wrong: Wrong, status: number, code: string | undefined])[] = [
  ["host", { headers: { Host: "a b" } }, 400, "invalid_request"],
  ["preflight", { method: "OPTIONS", headers: preflight }, 403, undefined],
  ["origin", { headers: { Origin: "https://evil.example" } }, 403, "origin_not_allowed"],
  ["authentication", { headers: { "X-User": null } }, 401, "unauthenticated"],
  ["content type", { headers: { "Content-Type": "text/plain" } }, 415, "unsupported_media_type"],
  ["size", { members: { pad: "x".repeat(MAX_BYTES) } }, 413, "payload_too_large"],
  ["parsing", { members: { metadata: 7 } }, 400, "invalid_request"],
  ["ownership", { params: () => ({ thread_id: foreign.thread_id }) }, 404, "not_found"],
  ["state", { params: () => ({ item_id: own.answer }) }, 409, "wrong_item_type"],
];

/** Asks for another answer to a question, wrongly in all these ways. */
function send(...wrongs: readonly Wrong[]): Promise<RawResponse | null> {
  const merged = <T extends object>(base: T, parts: readonly (Partial<T> | undefined)[]): T =>
    Object.assign(base, ...parts) as T;
  const params = merged<Params>(
    { thread_id: own.thread_id, item_id: own.question },
    wrongs.map((wrong) => wrong.params?.()),
  );
  const members = merged<Record<string, unknown>>(
    {},
    wrongs.map((wrong) => wrong.members),
  );
  // A preflight of a page that is not allowed is a preflight: the origin is then the later fault's.
  const headers = merged<Record<string, string | null>>(
    { "Content-Type": "application/json", "X-User": "me" },
    wrongs.map((wrong) => wrong.headers),
  );
  const method = wrongs.find((wrong) => wrong.method !== undefined)?.method ?? "POST";
  const body = JSON.stringify({ type: "threads.retry_after_item", params, ...members });
  return rawRequest(server.api, requestBytes(server.api, method, "/chatkit", headers, body));
}
const codeOf = (response: RawResponse | null): unknown =>
  response === null || response.body.length === 0
    ? undefined
    : JSON.parse(response.body.toString()).error.code;

describe("the order of refusals", () => {
  test.each(ORDER)("%s alone is refused", async (_name, wrong, status, code) => {
    const response = await send(wrong);
    expect([response?.status, codeOf(response)]).toEqual([status, code]);
  });

  const PAIRS = ORDER.flatMap(([before, wrong, status, code], index) =>
    ORDER.slice(index + 1).map(([after, alsoWrong]) => ({ before, after, wrong, alsoWrong, status, code })),
  );
  test.each(PAIRS)("$before comes before $after", async ({ wrong, alsoWrong, status, code }) => {
    const response = await send(wrong, alsoWrong);
    expect([response?.status, codeOf(response)]).toEqual([status, code]);
  });

  test("nobody is asked who they are before host, preflight and origin are checked", async () => {
    asked.length = 0;
    for (const [, wrong] of ORDER.slice(0, 3)) await send(wrong);
    expect(asked).toEqual([]);
  });

  test("lets a request pass that does nothing wrong, and nothing that was refused has changed anything", async () => {
    const items = await server.send(
      { type: "items.list", params: { thread_id: own.thread_id, order: "asc" } },
      { headers: { "x-user": "me" } },
    );
    const { data } = (await items.json()) as { data: { id: string }[] };
    expect(data.map((item) => item.id)).toEqual([own.question, own.answer]);
    const response = await send();
    expect(response?.status).toBe(200);
    expect(response?.values("content-type")).toEqual(["text/event-stream"]);
  });
});
