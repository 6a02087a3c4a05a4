import type { ChatKitRequest } from "@waybill/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jwtUser } from "../src/index.ts";
import { eventsOf, startChatServer, type TestServer, textInput } from "./support/chat-server.ts";
import { type LoopbackPictures, pictureServer } from "./support/picture-server.ts";
import { inSeconds, TOKEN_SECRET, token } from "./support/tokens.ts";

/** Who asks. All but the first three are nobody. */
const PRINCIPALS: Readonly<Record<string, string | undefined>> = {
  owner: token({ sub: "ann", exp: inSeconds(600) }),
  "another user": token({ sub: "bob", exp: inSeconds(600) }),
  "the same name in another tenant": token({ sub: "ann", tenant: "acme", exp: inSeconds(600) }),
  anonymous: undefined,
  "an expired token": token({ sub: "ann", exp: inSeconds(-600) }),
  "a token without expiry": token({ sub: "ann" }),
  "a forged token": token({ sub: "ann", exp: inSeconds(600) }, { secret: `${TOKEN_SECRET}?` }),
  "alg none": token({ sub: "ann", exp: inSeconds(600) }, { header: { alg: "none" }, secret: null }),
  "alg none, signed": token({ sub: "ann", exp: inSeconds(600) }, { header: { alg: "none" } }),
};
const KNOWN = Object.keys(PRINCIPALS).slice(0, 3);

/** Ids that a request names: the owner's, or ones that nobody has. */
interface Objects {
  readonly thread: string;
  readonly question: string;
  readonly answer: string;
  readonly attachment: string;
}
const UNKNOWN: Objects = {
  thread: "thr_000000000000000000000000",
  question: "msg_000000000000000000000000",
  answer: "msg_000000000000000000000001",
  attachment: "atc_000000000000000000000000",
};

/** One request, and what it answers: `200`, or a status and a code. */
interface Row {
  readonly request: (objects: Objects) => Request;
  /** To the owner, about the owner's objects. Alternatives are separated by ` | `. */
  readonly own: string;
  /** To the owner about unknown objects, and to others about either. */
  readonly other: string;
  /** To nobody. @default 401 unauthenticated */
  readonly nobody?: string;
}

const NOT_FOUND = "404 not_found";
const get = (path: string) => new Request(`${server.api}${path}`);
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  new Request(`${server.api}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

/** Every request type: one that is forgotten does not compile. */
type Types = { readonly [Type in ChatKitRequest["type"]]: Omit<Row, "request"> & Asks<Type> };
interface Asks<Type extends string> {
  readonly params: (objects: Objects) => Extract<ChatKitRequest, { readonly type: Type }>["params"];
}
const input = (text: string, attachments: readonly string[] = []) => ({
  content: [{ type: "input_text" as const, text }],
  attachments,
  inference_options: {},
});
const action = { type: "press" };
const TYPES: Types = {
  "threads.create": {
    params: ({ attachment }) => ({ input: input("look", [attachment]) }),
    own: "200",
    other: NOT_FOUND,
  },
  "threads.add_user_message": {
    params: ({ thread }) => ({ thread_id: thread, input: input("more") }),
    own: "200",
    other: NOT_FOUND,
  },
  "threads.retry_after_item": {
    params: ({ thread, question }) => ({ thread_id: thread, item_id: question }),
    own: "200",
    other: NOT_FOUND,
  },
  "threads.get_by_id": { params: ({ thread }) => ({ thread_id: thread }), own: "200", other: NOT_FOUND },
  "threads.list": { params: () => ({}), own: "200", other: "200" },
  "items.list": { params: ({ thread }) => ({ thread_id: thread }), own: "200", other: NOT_FOUND },
  "threads.update": {
    params: ({ thread }) => ({ thread_id: thread, title: "taken" }),
    own: "200",
    other: NOT_FOUND,
  },
  "threads.delete": { params: ({ thread }) => ({ thread_id: thread }), own: "200", other: NOT_FOUND },
  "items.feedback": {
    params: ({ thread, answer }) => ({ thread_id: thread, item_ids: [answer], kind: "negative" }),
    own: "200",
    other: NOT_FOUND,
  },
  "input.transcribe": {
    params: () => ({ audio_base64: "", mime_type: "audio/ogg" }),
    own: "200",
    other: "200",
  },
  "attachments.create": {
    params: () => ({ name: "a.txt", size: 1, mime_type: "text/plain" }),
    own: "200",
    other: "200",
  },
  "attachments.delete": {
    params: ({ attachment }) => ({ attachment_id: attachment }),
    own: "200",
    other: NOT_FOUND,
  },
  "threads.add_client_tool_output": {
    params: ({ thread }) => ({ thread_id: thread, result: null }),
    own: "409 no_pending_tool_call",
    other: NOT_FOUND,
  },
  "threads.add_structured_input": {
    params: ({ thread, answer }) => ({
      thread_id: thread,
      item_id: answer,
      input: { status: "skipped", answers: {} },
    }),
    own: "409 wrong_item_type",
    other: NOT_FOUND,
  },
  "threads.custom_action": {
    params: ({ thread }) => ({ thread_id: thread, action }),
    own: "200",
    other: NOT_FOUND,
  },
  "threads.sync_custom_action": {
    params: ({ thread }) => ({ thread_id: thread, action }),
    own: "200",
    other: NOT_FOUND,
  },
};

const toAll = (answer: string) => ({ own: answer, other: answer, nobody: answer });
const ROWS: Readonly<Record<string, Row>> = {
  ...Object.fromEntries(
    Object.entries(TYPES).map(([type, { params, ...row }]) => [
      type,
      { ...row, request: (objects: Objects) => post("/chatkit", { type, params: params(objects) }) },
    ]),
  ),
  "a retry that takes events alone": {
    request: ({ thread, question }) =>
      post(
        "/chatkit",
        { type: "threads.retry_after_item", params: { thread_id: thread, item_id: question } },
        { accept: "text/event-stream" },
      ),
    own: "200",
    other: "200 not_found",
  },
  "POST /v1/files": {
    request: ({ attachment }) => post("/v1/files", { id: attachment }),
    own: "200",
    other: NOT_FOUND,
  },
  "GET /v1/files/{id}": {
    request: ({ attachment }) => get(`/v1/files/${attachment}`),
    own: "200",
    other: NOT_FOUND,
  },
  "GET /v1/runs": {
    request: ({ thread }) => get(`/v1/runs?thread_id=${thread}`),
    own: "200",
    other: NOT_FOUND,
  },
  "PUT /v1/uploads/{id}, not signed": {
    request: ({ attachment }) =>
      new Request(`${server.api}/v1/uploads/${attachment}`, { method: "PUT", body: "x" }),
    ...toAll("403 forbidden"),
  },
  "GET /f/{id}/orig, not signed": {
    request: ({ attachment }) => get(`/f/${attachment}/orig`),
    ...toAll("403 forbidden"),
  },
  "GET /v1": { request: () => get("/v1"), ...toAll("200") },
  "GET /healthz": { request: () => get("/healthz"), ...toAll("200") },
  "GET /readyz": { request: () => get("/readyz"), ...toAll("200") },
  // For this machine, whoever asks: see operations.test.ts for others.
  "GET /metrics": { request: () => get("/metrics"), ...toAll("200") },
  "GET /chatkit.js": { request: () => get("/chatkit.js"), ...toAll("200") },
};

let server: TestServer;
let pictures: LoopbackPictures;
let tried = 0;
let right = 0;

beforeAll(async () => {
  pictures = await pictureServer();
  server = await startChatServer({
    authenticate: jwtUser({ secret: TOKEN_SECRET }),
    transcribe: () => "words",
    async *action({ thread }) {
      yield* thread.streamText("pressed");
    },
    syncAction: () => undefined,
    importAllow: [pictures.host],
    element: "// the element",
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await pictures[Symbol.asyncDispose]();
  console.log(`authorisation: ${tried} cells tried, ${right} right`);
});

interface Answer {
  /** Status and code. */
  readonly outcome: string;
  /** The bytes, without the request's own id and the ids that were asked for. */
  readonly body: string;
}
async function ask(principal: string, request: Request, objects: Objects): Promise<Answer> {
  const bearer = PRINCIPALS[principal];
  if (bearer !== undefined) request.headers.set("authorization", `Bearer ${bearer}`);
  const response = await fetch(request);
  let body = (await response.text()).replaceAll(/req_[0-9a-z]+/g, "<request>");
  for (const [name, id] of Object.entries(objects)) body = body.replaceAll(id, `<${name}>`);
  const code = response.headers.get("waybill-error") ?? /"error":\{"code":"(\w+)"/.exec(body)?.[1];
  expect(response.headers.get("www-authenticate") !== null).toBe(response.status === 401);
  return { outcome: [response.status, code].filter(Boolean).join(" "), body };
}
const asOwner = async (body: unknown) => {
  const response = await server.send(body, { headers: { authorization: `Bearer ${PRINCIPALS["owner"]}` } });
  return response;
};

/** A conversation of the owner, about a picture. */
async function makeObjects(): Promise<Objects> {
  const request = post("/v1/files", { source_url: pictures.url });
  request.headers.set("authorization", `Bearer ${PRINCIPALS["owner"]}`);
  const { id: attachment } = (await (await fetch(request)).json()) as { readonly id: string };
  const events = await eventsOf(
    await asOwner({ type: "threads.create", params: { input: textInput("hi", [attachment]) } }),
  );
  const done = events.flatMap((event) =>
    event["type"] === "thread.item.done" ? [event["item"] as { readonly id: string }] : [],
  );
  const thread = (events[0]?.["thread"] as { readonly id: string } | undefined)?.id ?? "";
  return { thread, question: done[0]?.id ?? "", answer: done.at(-1)?.id ?? "", attachment };
}

/** Everything of the owner that a stranger could change. */
async function stateOf({ thread, attachment }: Objects): Promise<unknown> {
  const owner = { tenant: "default", user: "ann" };
  const { threads, runs, attachments } = server.store;
  return [
    await threads.get(owner, thread),
    await threads.listItems(owner, thread, { limit: 100, order: "asc", hidden: true }),
    await threads.listFeedback(owner, thread),
    await runs.newest(owner, thread),
    await attachments.get(owner, attachment),
  ];
}

function check(got: string, wanted: string): void {
  tried += 1;
  expect(wanted.split(" | ")).toContain(got);
  right += 1;
}

describe.each(Object.entries(ROWS))("%s", (_name, row) => {
  let objects: Objects;
  beforeAll(async () => {
    objects = await makeObjects();
  });

  test.each(Object.keys(PRINCIPALS).filter((name) => name !== "owner"))(
    "to %s, somebody else's is as unknown, and stays as it is",
    async (principal) => {
      const before = await stateOf(objects);
      const foreign = await ask(principal, row.request(objects), objects);
      const unknown = await ask(principal, row.request(UNKNOWN), UNKNOWN);
      const wanted = KNOWN.includes(principal) ? row.other : (row.nobody ?? "401 unauthenticated");
      check(foreign.outcome, wanted);
      check(unknown.outcome, wanted);
      // What is made anew, or counted, is another one each time.
      if (wanted !== "200") expect(foreign.body).toBe(unknown.body);
      for (const name of Object.keys(UNKNOWN)) {
        if (wanted === "200") expect(foreign.body).not.toContain(`<${name}>`);
      }
      expect(await stateOf(objects)).toEqual(before);
    },
  );

  test("to the owner", async () => {
    check((await ask("owner", row.request(UNKNOWN), UNKNOWN)).outcome, row.other);
    check((await ask("owner", row.request(objects), objects)).outcome, row.own);
  });
});
