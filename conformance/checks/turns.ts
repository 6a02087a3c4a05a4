import {
  type Check,
  framesIn,
  messageInput,
  mustAnswer,
  mustEqual,
  Person,
  pageIn,
  refusal,
  storingNothing,
  threadIn,
} from "../suite/check.ts";
import type { Reply } from "../suite/exchange.ts";
import type { JsonObject } from "../suite/scenario.ts";

/** A script that has answered with the text `partial answer` after so many frames, and then waits. */
const WAITING = { text: "script:cancel_text", frames: 7 };
/** The same, before there is a word. */
const WORDLESS = { text: "script:cancel_empty", frames: 5 };
const SOON_MS = 5_000;

const key = (value: string) => ({ headers: { "idempotency-key": value } });
const again = (thread_id: string, text = "script:text"): [string, JsonObject] => [
  "threads.add_user_message",
  { thread_id, input: messageInput(text) },
];

/** Does something in a thread whose answer is being written. */
async function whileBusy(person: Person, act: (thread_id: string) => Promise<void>): Promise<Reply> {
  const thread_id = await person.thread();
  const leave = { afterFrames: 5, first: () => act(thread_id) };
  return person.ask(...again(thread_id, WAITING.text), { leave });
}

/** Asks until the answer is the wanted one. @throws Error if it never is */
async function soon(act: () => Promise<Reply>, wanted: (reply: Reply) => boolean): Promise<Reply> {
  const giveUpAt = performance.now() + SOON_MS;
  for (;;) {
    const reply = await act();
    if (wanted(reply)) return reply;
    if (performance.now() > giveUpAt) throw new Error(`The answer is still ${reply.bytes.toString()}`);
  }
}

const typesIn = (items: readonly JsonObject[]) => items.map(({ type }) => `${type}`);

const busy: readonly Check[] = [
  {
    what: "a message",
    ask: (thread_id: string) => again(thread_id),
  },
  {
    what: "an action",
    ask: (thread_id: string): [string, JsonObject] => [
      "threads.custom_action",
      { thread_id, action: { type: "reply" } },
    ],
  },
].map(({ what, ask }) => ({
  name: `one turn at a time: ${what} in a thread whose answer is being written is thread_busy, and stores nothing`,
  requirements: ["BUSY-TURN-001"],
  needs: "waybill",
  async run(world) {
    const person = new Person(world);
    await whileBusy(person, async (thread_id) => {
      const sent = ask(thread_id);
      mustAnswer(await storingNothing(person, () => person.ask(...sent)), refusal(409, "thread_busy"));
      const told = await person.ask(...sent, { headers: { accept: "text/event-stream" } });
      mustAnswer(told, { status: 200, frames: [{ type: "error", allow_retry: true }] });
    });
  },
}));

/** One turn at a time, and each once. */
export const turnChecks: readonly Check[] = [
  ...busy,
  {
    name: "one turn at a time: a retry in a thread whose answer is being written is thread_busy, and deletes nothing",
    requirements: ["BUSY-TURN-001"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      await whileBusy(person, async (thread_id) => {
        const [message] = await person.items(thread_id);
        const params = { thread_id, item_id: `${message?.["id"]}` };
        const reply = await storingNothing(person, () => person.ask("threads.retry_after_item", params));
        mustAnswer(reply, refusal(409, "thread_busy"));
      });
    },
  },
  {
    name: "a thread whose answer is being written can be read, and others answer meanwhile",
    requirements: ["BUSY-TURN-002"],
    needs: "protocol",
    async run(world) {
      const person = new Person(world);
      await whileBusy(person, async (thread_id) => {
        mustAnswer(await person.ask("threads.get_by_id", { thread_id }), { status: 200 });
        pageIn(await person.ask("items.list", { thread_id }));
        await person.thread();
      });
    },
  },
  {
    name: "a thread takes the next message once who asked before has left",
    requirements: ["BUSY-TURN-003"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      let thread = "";
      await whileBusy(person, async (thread_id) => {
        thread = thread_id;
      });
      const reply = await soon(
        () => person.ask(...again(thread)),
        ({ status }) => status === 200,
      );
      mustEqual(framesIn(reply).at(-1)?.["type"], "thread.item.done", "last event");
    },
  },
  {
    name: "the same text twice without a key is two turns",
    requirements: ["IDEM-TURN-001"],
    needs: "protocol",
    async run(world) {
      const person = new Person(world);
      const thread_id = await person.thread();
      for (let times = 0; times < 2; times += 1)
        mustAnswer(await person.ask(...again(thread_id)), { status: 200, contentType: "text/event-stream" });
      const types = typesIn(await person.items(thread_id));
      mustEqual(types.filter((type) => type === "user_message").length, 3, "messages");
      await person.thread();
      mustEqual((await person.list("threads.list")).length, 2, "threads");
    },
  },
  {
    name: "a turn that is sent again with its key is told again, byte for byte, and stored once",
    requirements: ["IDEM-KEY-001"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const first = await person.create("script:text", key("k"));
      const before = await person.everything();
      const second = await person.create("script:text", key("k"));
      mustEqual(second.bytes.toString(), first.bytes.toString(), "the second answer");
      mustEqual(await person.everything(), before, "what is stored");
    },
  },
  {
    name: "a message with a key is stored once in an existing thread, too",
    requirements: ["IDEM-KEY-001"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const thread_id = await person.thread();
      const first = await person.ask(...again(thread_id), key("k"));
      const second = await person.ask(...again(thread_id), key("k"));
      mustEqual(second.bytes.toString(), first.bytes.toString(), "the second answer");
      mustEqual((await person.items(thread_id)).length, 4, "items");
    },
  },
  {
    name: "a tool output with a key is taken once, and told again",
    requirements: ["IDEM-KEY-001"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const thread_id = await person.thread("script:tool");
      const send = () =>
        person.ask("threads.add_client_tool_output", { thread_id, result: { a: 1 } }, key("k"));
      const [first, second] = [await send(), await send()];
      mustAnswer(first, { status: 200, contentType: "text/event-stream" });
      mustEqual(second.bytes.toString(), first.bytes.toString(), "the second answer");
    },
  },
  {
    name: "a key that belongs to another request is refused",
    requirements: ["IDEM-KEY-002"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      await person.create("script:text", key("k"));
      const reply = await storingNothing(person, () => person.create("something else", key("k")));
      mustAnswer(reply, refusal(400, "invalid_request"));
      const details = { header: "Idempotency-Key" };
      mustAnswer(reply, { status: 400, json: { error: { details } } });
    },
  },
  {
    name: "a key that is longer than 256 characters is refused",
    requirements: ["IDEM-KEY-002"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      mustAnswer(await person.create("script:text", key("k".repeat(257))), refusal(400, "invalid_request"));
      mustEqual(await person.everything(), [], "what is stored");
      mustAnswer(await person.create("script:text", key("k".repeat(256))), { status: 200 });
    },
  },
  {
    name: "the keys of two users have nothing to do with each other",
    requirements: ["IDEM-KEY-003"],
    needs: "waybill",
    async run(world) {
      const [ann, bob] = [new Person(world), new Person(world)];
      const [first, second] = [
        threadIn(await ann.create("script:text", key("k"))),
        threadIn(await bob.create("script:chunks", key("k"))),
      ];
      mustEqual(first === second, false, "they are one thread");
    },
  },
  {
    name: "the same turn twice at once, with one key, is one turn that both read",
    requirements: ["IDEM-KEY-004"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const replies = await Promise.all([1, 2, 3].map(() => person.create("script:text", key("k"))));
      const [first = ""] = replies.map(({ bytes }) => bytes.toString());
      for (const reply of replies) mustEqual(reply.bytes.toString(), first, "an answer");
      mustEqual((await person.list("threads.list")).length, 1, "threads");
    },
  },
  {
    name: "a turn that is sent again with its key while it is answered is joined from its beginning",
    requirements: ["IDEM-KEY-004"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      let joined: Reply | undefined;
      const leave = { afterFrames: WAITING.frames };
      const first = async () => {
        joined = await person.create(WAITING.text, { ...key("k"), leave });
      };
      const begun = await person.create(WAITING.text, { ...key("k"), leave: { ...leave, first } });
      mustEqual(joined?.frames, begun.frames, "frames of who joined");
      mustEqual((await person.list("threads.list")).length, 1, "threads");
    },
  },
  ...[
    { how: "with its key", requirement: "IDEM-KEY-005", keyed: key("k"), ...WAITING },
    { how: "without a key and a word of its answer", requirement: "IDEM-BODY-001", keyed: {}, ...WORDLESS },
  ].map(
    ({ how, requirement, keyed, text, frames }): Check => ({
      name: `a turn that broke off is answered anew when it is sent again ${how}, and its message is stored once`,
      requirements: [requirement],
      needs: "waybill",
      async run(world) {
        const person = new Person(world);
        const leave = { afterFrames: frames };
        const thread_id = threadIn(await person.create(text, { ...keyed, leave }));
        await soon(
          () => person.send({ method: "GET", path: `/v1/runs?thread_id=${thread_id}` }),
          ({ json }) => Reflect.get(Object(json), "state") === "stopped",
        );
        const reply = await person.create(text, { ...keyed, leave: { afterFrames: 4 } });
        mustAnswer(reply, { status: 200, contentType: "text/event-stream" });
        const types = typesIn(await person.items(thread_id));
        mustEqual(types.filter((type) => type === "user_message").length, 1, "messages");
        mustEqual((await person.list("threads.list")).length, 1, "threads");
      },
    }),
  ),
];
