import {
  type Check,
  messageInput,
  mustAnswer,
  Person,
  pageIn,
  refusal,
  storingNothing,
} from "../suite/check.ts";
import type { Json, JsonObject, StepRequest } from "../suite/scenario.ts";

/** What a bad request may name: a thread of the user with a message and its answer, and another thread's item. */
interface Ids {
  readonly thread: string;
  readonly message: string;
  readonly answer: string;
  readonly otherThread: string;
  readonly otherMessage: string;
}

interface Row {
  readonly what: string;
  readonly requirement: string;
  readonly request: (ids: Ids) => readonly [type: string, params: JsonObject] | StepRequest;
  readonly status: number;
  readonly code: string;
  /** The field that the refusal names. */
  readonly path?: string;
}

const NOWHERE = "thr_00000000000000000000000000000000";
const NOTHING = "msg_00000000000000000000000000000000";
const action = { type: "reply", payload: null };
const skipped = { status: "skipped", answers: {} };
const notFound = { requirement: "ERR-INPUT-001", status: 404, code: "not_found" };
const invalid = { requirement: "ERR-INPUT-002", status: 400, code: "invalid_request" };

const inUnknownThread: readonly (readonly [string, JsonObject])[] = [
  ["threads.add_user_message", { input: messageInput("x") }],
  ["threads.add_client_tool_output", { result: 1 }],
  ["threads.add_structured_input", { item_id: NOTHING, input: skipped }],
  ["threads.retry_after_item", { item_id: NOTHING }],
  ["threads.custom_action", { action }],
  ["threads.sync_custom_action", { action }],
  ["threads.get_by_id", {}],
  ["threads.update", { title: "x" }],
  ["items.list", {}],
  ["items.feedback", { item_ids: [], kind: "positive" }],
];

const ofUnknownItem: readonly (readonly [string, JsonObject])[] = [
  ["threads.add_structured_input", { input: skipped }],
  ["threads.retry_after_item", {}],
  ["threads.custom_action", { action }],
  ["threads.sync_custom_action", { action }],
];

const ODD_IDS = [
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "' OR 1=1 --",
  "%00",
  "\u0000",
  "ünïcödé 🙂",
];

const BAD_LIMITS: readonly Json[] = [-1, 1.5, 1e308, -1e308, 2 ** 53, "5", "", true, [], {}];

const known: readonly Row[] = [
  ...inUnknownThread.map(
    ([type, params]): Row => ({
      ...notFound,
      what: `${type} in a thread that there is not`,
      request: () => [type, { thread_id: NOWHERE, ...params }],
    }),
  ),
  ...ofUnknownItem.flatMap(([type, params]): readonly Row[] => [
    {
      ...notFound,
      what: `${type} of an item that there is not`,
      request: ({ thread }) => [type, { thread_id: thread, item_id: NOTHING, ...params }],
    },
    {
      ...notFound,
      what: `${type} of another thread's item`,
      request: ({ thread, otherMessage }) => [type, { thread_id: thread, item_id: otherMessage, ...params }],
    },
  ]),
  {
    ...notFound,
    what: "items.feedback on a known and an unknown item",
    request: ({ thread, answer }) => [
      "items.feedback",
      { thread_id: thread, item_ids: [answer, NOTHING], kind: "negative" },
    ],
  },
  ...ODD_IDS.map(
    (id): Row => ({
      ...notFound,
      what: `threads.get_by_id of ${JSON.stringify(id)}`,
      request: () => ["threads.get_by_id", { thread_id: id }],
    }),
  ),
  ...["threads.create", "threads.add_user_message"].map(
    (type): Row => ({
      ...notFound,
      what: `${type} with an attachment that there is not`,
      request: ({ thread }) => [type, { thread_id: thread, input: messageInput("x", ["atc_nowhere"]) }],
    }),
  ),
];

const wrongKinds: readonly Row[] = [
  {
    what: "threads.retry_after_item of an answer",
    request: ({ thread, answer }: Ids) =>
      ["threads.retry_after_item", { thread_id: thread, item_id: answer }] as const,
  },
  {
    what: "threads.add_structured_input of a message",
    request: ({ thread, message }: Ids) =>
      ["threads.add_structured_input", { thread_id: thread, item_id: message, input: skipped }] as const,
  },
  {
    what: "threads.sync_custom_action of a message",
    request: ({ thread, message }: Ids) =>
      ["threads.sync_custom_action", { thread_id: thread, item_id: message, action }] as const,
  },
].map((row) => ({
  ...row,
  requirement: "ERR-INPUT-003",
  status: 409,
  code: "wrong_item_type",
}));

const badPages: readonly Row[] = ["threads.list", "items.list"].flatMap((type): readonly Row[] => {
  const row = (what: string, params: JsonObject, path: string): Row => ({
    ...invalid,
    what: `${type} with ${what}`,
    request: ({ thread }) => [type, { ...(type === "items.list" ? { thread_id: thread } : {}), ...params }],
    path,
  });
  return [
    ...BAD_LIMITS.map((limit) => row(`the limit ${JSON.stringify(limit)}`, { limit }, "params.limit")),
    row("the order DESC", { order: "DESC" }, "params.order"),
    row("an empty cursor", { after: "" }, "params.after"),
    row("a cursor of a megabyte", { after: "a".repeat(2 ** 20) }, "params.after"),
  ];
});

const LONE = "\ud800";
const input = messageInput("x");
const withText = (text: string) => ({ ...input, content: [{ type: "input_text", text }] });
const tag = { type: "input_tag", id: "t", text: "tag", data: {} };

const badFields: readonly Row[] = [
  { what: "a null input", params: { input: null }, path: "params.input" },
  { what: "null content", params: { input: { ...input, content: null } }, path: "params.input.content" },
  {
    what: "null attachments",
    params: { input: { ...input, attachments: null } },
    path: "params.input.attachments",
  },
  {
    what: "null inference options",
    params: { input: { ...input, inference_options: null } },
    path: "params.input.inference_options",
  },
  {
    what: "a null text",
    params: { input: { ...input, content: [{ type: "input_text", text: null }] } },
    path: "params.input.content[0].text",
  },
  {
    what: "a text of two million characters",
    params: { input: withText("a".repeat(2_000_000)) },
    path: "params.input.content[0].text",
  },
  {
    what: "a hundred thousand parts",
    params: { input: { ...input, content: Array(100_000).fill(input.content[0]) } },
    path: "params.input.content",
  },
  {
    what: "ten thousand attachments",
    params: { input: messageInput("x", Array(10_000).fill("atc_1")) },
    path: "params.input.attachments",
  },
  {
    what: "a lone surrogate in a text",
    params: { input: withText(LONE) },
    path: "params.input.content[0].text",
  },
  {
    what: "a lone surrogate in a quote",
    params: { input: { ...input, quoted_text: LONE } },
    path: "params.input.quoted_text",
  },
].map(({ what, params, path }) => ({
  ...invalid,
  what: `threads.create with ${what}`,
  request: () => ["threads.create", params as JsonObject] as const,
  path,
}));

const surrogates: readonly Row[] = [
  {
    what: "a title",
    request: ({ thread }: Ids) => ["threads.update", { thread_id: thread, title: LONE }] as const,
  },
  {
    what: "the text of a tag",
    request: () => ["threads.create", { input: { ...input, content: [{ ...tag, text: LONE }] } }] as const,
  },
  {
    what: "the data of a tag",
    request: () =>
      ["threads.create", { input: { ...input, content: [{ ...tag, data: { a: LONE } }] } }] as const,
  },
  {
    what: "the payload of an action",
    request: ({ thread }: Ids) =>
      [
        "threads.custom_action",
        { thread_id: thread, action: { type: "reply", payload: { a: LONE } } },
      ] as const,
  },
  {
    what: "the name of a model",
    request: () => ["threads.create", { input: { ...input, inference_options: { model: LONE } } }] as const,
  },
].map(({ what, request }) => ({ ...invalid, what: `a lone surrogate in ${what}`, request }));

const nested = (levels: number, wrap: (inner: string) => string) =>
  wrap(`${"[".repeat(levels)}${"]".repeat(levels)}`);

const badBodies: readonly Row[] = [
  {
    what: "bytes that are not UTF-8 in a message",
    requirement: "ERR-INPUT-002",
    request: () => ({
      bodyBase64: Buffer.concat([
        Buffer.from('{"type":"threads.create","params":{"input":{"content":[{"type":"input_text","text":"'),
        Buffer.from([0xc3, 0x28]),
        Buffer.from('"}],"attachments":[],"inference_options":{}}}}'),
      ]).toString("base64"),
    }),
    status: 400,
    code: "invalid_request",
  },
  {
    what: "a hundred thousand levels of nesting in an action",
    requirement: "ERR-INPUT-002",
    request: ({ thread }) => ({
      bodyText: nested(
        100_000,
        (payload) =>
          `{"type":"threads.custom_action","params":{"thread_id":"${thread}","action":{"type":"reply","payload":${payload}}}}`,
      ),
    }),
    status: 400,
    code: "invalid_request",
  },
  {
    what: "NaN, which JSON has not",
    requirement: "ERR-INPUT-002",
    request: () => ({ bodyText: '{"type":"threads.list","params":{"limit":NaN}}' }),
    status: 400,
    code: "invalid_request",
  },
  {
    what: "a text of ten megabytes",
    requirement: "ERR-INPUT-004",
    request: () => ["threads.create", { input: withText("a".repeat(10_000_000)) }],
    status: 413,
    code: "payload_too_large",
  },
];

function asCheck({ what, requirement, request, status, code, path }: Row): Check {
  return {
    name: `${code}, and nothing stored: ${what}`,
    requirements: [requirement, "ERR-BODY-001"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const [thread, otherThread] = [await person.thread(), await person.thread()];
      const [message, answer] = await person.items(thread);
      const [otherMessage] = await person.items(otherThread);
      const ids = {
        thread,
        otherThread,
        message: `${message?.["id"]}`,
        answer: `${answer?.["id"]}`,
        otherMessage: `${otherMessage?.["id"]}`,
      };
      const sent = request(ids);
      const reply = await storingNothing(person, () =>
        "length" in sent ? person.ask(...sent) : person.send(sent),
      );
      mustAnswer(reply, refusal(status, code));
      if (path !== undefined) mustAnswer(reply, { status, json: { error: { details: { path } } } });
    },
  };
}

/** Requests that are refused with a typed error, and leave everything as it was. */
export const badInputChecks: readonly Check[] = [
  ...[...known, ...wrongKinds, ...badPages, ...badFields, ...surrogates, ...badBodies].map(asCheck),
  {
    name: "a null of an optional field counts as absent, in pages, messages and actions",
    requirements: ["WIRE-REQ-005"],
    needs: "protocol",
    async run(world) {
      const person = new Person(world);
      const page = { limit: null, after: null };
      pageIn(await person.ask("threads.list", page));
      const nulls = { quoted_text: null, inference_options: { tool_choice: null, model: null } };
      const content = [...input.content, { ...tag, group: null }];
      const created = await person.ask("threads.create", { input: { ...input, ...nulls, content } });
      mustAnswer(created, { status: 200, contentType: "text/event-stream" });
      const [thread] = await person.list("threads.list");
      const thread_id = `${thread?.["id"]}`;
      pageIn(await person.ask("items.list", { thread_id, ...page }));
      const [message] = await person.items(thread_id);
      mustAnswer(
        { ...created, json: message },
        {
          status: 200,
          json: { quoted_text: "<absent>", content: [{}, { group: "<absent>" }], inference_options: {} },
        },
      );
      const acted = await person.ask("threads.custom_action", { thread_id, item_id: null, action });
      mustAnswer(acted, { status: 200, contentType: "text/event-stream" });
    },
  },
  {
    name: "keys that the protocol does not know are ignored at every level",
    requirements: ["WIRE-REQ-004"],
    needs: "protocol",
    async run(world) {
      const person = new Person(world);
      const extra = { zebra: { a: [1, null] } };
      const content = [{ type: "input_text", text: "script:text", ...extra }];
      const body = {
        type: "threads.create",
        params: { input: { ...input, ...extra, content }, ...extra },
        ...extra,
      };
      mustAnswer(await person.send({ body }), { status: 200, contentType: "text/event-stream" });
      const [thread] = await person.list("threads.list");
      const [message] = await person.items(`${thread?.["id"]}`);
      if (JSON.stringify(message).includes("zebra")) throw new Error("An unknown key was kept.");
    },
  },
  {
    name: "dates with an offset, without and as Z in free-form data come back as they were",
    requirements: ["WIRE-JSON-003"],
    needs: "protocol",
    async run(world) {
      const person = new Person(world);
      const data = {
        naive: "2025-01-31T09:15:02.123456",
        zulu: "2025-01-31T09:15:02Z",
        offset: "2025-01-31T09:15:02+05:30",
      };
      const content = [...input.content, { ...tag, data }];
      const created = await person.ask("threads.create", { input: { ...input, content } });
      mustAnswer(created, { status: 200 });
      const [thread] = await person.list("threads.list");
      const [message] = await person.items(`${thread?.["id"]}`);
      mustAnswer({ ...created, json: message }, { status: 200, json: { content: [{}, { data }] } });
    },
  },
];
