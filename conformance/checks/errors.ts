import { type Check, messageInput, mustAnswer, mustEqual, Person, refusal } from "../suite/check.ts";
import { type Reply, USER_HEADER } from "../suite/exchange.ts";
import type { JsonObject, StepRequest, UploadStrategy } from "../suite/scenario.ts";

interface Refusal {
  readonly what: string;
  readonly request: StepRequest;
  readonly status: number;
  readonly code: string;
  readonly uploads?: UploadStrategy;
}

const REFUSALS: readonly Refusal[] = [
  {
    what: "an unknown address",
    request: { method: "GET", path: "/nowhere" },
    status: 404,
    code: "not_found",
  },
  {
    what: "a method that is not taken",
    request: { method: "DELETE", path: "/chatkit" },
    status: 405,
    code: "method_not_allowed",
  },
  {
    what: "a user who is not named",
    request: { body: { type: "threads.list", params: {} }, headers: { [USER_HEADER]: "" } },
    status: 401,
    code: "unauthenticated",
  },
  {
    what: "a user who is named twice",
    request: { body: { type: "threads.list", params: {} }, headers: { [USER_HEADER]: "ann,bob" } },
    status: 401,
    code: "unauthenticated",
  },
  {
    what: "JSON that is declared as a form",
    request: { bodyText: "{}", headers: { "content-type": "application/x-www-form-urlencoded" } },
    status: 415,
    code: "unsupported_media_type",
  },
  { what: "a list as body", request: { bodyText: "[]" }, status: 400, code: "invalid_request" },
  {
    what: "a file, where files are not taken",
    request: { path: "/v1/files", multipart: { file: { name: "a.txt", type: "text/plain", text: "a" } } },
    status: 501,
    code: "not_implemented",
    uploads: "none",
  },
  {
    what: "a run of an unknown thread",
    request: { method: "GET", path: "/v1/runs?thread_id=thr_nowhere" },
    status: 404,
    code: "not_found",
  },
  {
    what: "a run of no thread",
    request: { method: "GET", path: "/v1/runs" },
    status: 400,
    code: "invalid_request",
  },
];

/** A refusal has its typed body, and one id in the body and in the header. */
function mustBeTyped(reply: Reply, status: number, code: string): void {
  mustAnswer(reply, refusal(status, code));
  const { error, message } = reply.json as { readonly error: JsonObject; readonly message: string };
  mustEqual(error["message"], message, "error/message");
  mustEqual(error["request_id"], reply.headers["x-request-id"], "error/request_id");
  const keys = Object.keys(error).filter(
    (key) => !["code", "message", "request_id", "details"].includes(key),
  );
  mustEqual([Object.keys(reply.json as object).sort(), keys], [["error", "message"], []], "keys of the body");
  // A stack or a query would tell of the inside.
  mustEqual(
    /node:internal|node_modules|\.ts:\d|SELECT /.test(reply.bytes.toString()),
    false,
    "tells the inside",
  );
}

const typed: readonly Check[] = REFUSALS.map(({ what, request, status, code, uploads = "two_phase" }) => ({
  name: `${status} ${code} has the body and the request id that every refusal has: ${what}`,
  requirements: ["ERR-BODY-001"],
  needs: "waybill",
  uploads,
  async run(world) {
    mustBeTyped(await new Person(world).send(request), status, code);
  },
}));

interface InStream {
  readonly what: string;
  readonly type: string;
  readonly params: JsonObject;
  readonly code: string;
}

const IN_STREAM: readonly InStream[] = [
  {
    what: "an unknown thread",
    type: "threads.add_user_message",
    params: { thread_id: "thr_nowhere", input: messageInput("x") },
    code: "not_found",
  },
  {
    what: "an unknown attachment",
    type: "threads.create",
    params: { input: messageInput("x", ["atc_nowhere"]) },
    code: "not_found",
  },
  { what: "a field that is missing", type: "threads.create", params: {}, code: "invalid_request" },
  {
    what: "an action in an unknown thread",
    type: "threads.custom_action",
    params: { thread_id: "thr_nowhere", action: { type: "reply" } },
    code: "not_found",
  },
  {
    what: "a retry in an unknown thread",
    type: "threads.retry_after_item",
    params: { thread_id: "thr_nowhere", item_id: "msg_nowhere" },
    code: "not_found",
  },
];

const EVENTS = { accept: "text/event-stream" };

const inStream: readonly Check[] = IN_STREAM.map(({ what, type, params, code }) => ({
  name: `who asks for events is told in the stream: ${what}`,
  requirements: ["ERR-STREAM-004"],
  needs: "waybill",
  async run(world) {
    const person = new Person(world);
    const plain = await person.ask(type, params);
    const reply = await person.ask(type, params, { headers: EVENTS });
    const { message } = plain.json as { readonly message: string };
    mustAnswer(reply, { status: 200, contentType: "text/event-stream" });
    mustEqual(reply.frames, [{ type: "error", code: "custom", message, allow_retry: false }], "frames");
    mustEqual(reply.headers["waybill-error"], code, "Waybill-Error");
    mustEqual(typeof reply.headers["x-request-id"], "string", "type of X-Request-Id");
    mustEqual(await person.everything(), [], "what is stored");
  },
}));

/** What every refusal has. */
export const errorChecks: readonly Check[] = [
  ...typed,
  ...inStream,
  {
    name: "a request that is not streamed is refused as JSON, also where events are accepted",
    requirements: ["ERR-STREAM-005"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const options = { headers: EVENTS };
      mustBeTyped(await person.ask("threads.get_by_id", { thread_id: "t" }, options), 404, "not_found");
      mustBeTyped(await person.send({ bodyText: "{" }, options), 400, "invalid_request");
    },
  },
  {
    name: "405 names the methods that are taken",
    requirements: ["ERR-HTTP-001"],
    needs: "waybill",
    async run(world) {
      for (const [path, method] of [
        ["/chatkit", "POST"],
        ["/v1", "GET"],
        ["/v1/files", "POST"],
      ] as const) {
        const reply = await new Person(world).send({ method: "PATCH", path });
        mustEqual([path, reply.status], [path, 405], "status");
        const allowed = (reply.headers.allow ?? "").split(",").map((name) => name.trim());
        mustEqual([path, allowed.includes(method)], [path, true], "Allow");
      }
    },
  },
  {
    name: "401 says how to authenticate",
    requirements: ["ERR-HTTP-002"],
    needs: "waybill",
    async run(world) {
      const headers = { [USER_HEADER]: "" };
      const reply = await new Person(world).ask("threads.list", {}, { headers });
      mustEqual([reply.status, typeof reply.headers["www-authenticate"]], [401, "string"], "challenge");
    },
  },
  {
    name: "every answer has a request id of its own, and names the server",
    requirements: ["ERR-HEAD-001"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const requests: readonly StepRequest[] = [
        { body: { type: "threads.list", params: {} } },
        { body: { type: "threads.create", params: { input: messageInput("script:text") } } },
        { method: "GET", path: "/v1" },
        { method: "GET", path: "/healthz" },
        { method: "GET", path: "/nowhere" },
        { method: "OPTIONS", path: "/chatkit" },
        { bodyText: "{" },
      ];
      const replies = await Promise.all(requests.map((request) => person.send(request)));
      const ids = new Set(replies.map(({ headers }) => headers["x-request-id"]));
      mustEqual([ids.size, ids.has(undefined)], [requests.length, false], "ids");
      mustEqual(
        replies.filter(({ headers }) => headers["waybill"] === undefined).length,
        0,
        "unnamed answers",
      );
    },
  },
];
