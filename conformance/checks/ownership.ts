import { type Check, Mismatch, messageInput, mustAnswer, mustEqual, Person } from "../suite/check.ts";
import type { Reply } from "../suite/exchange.ts";
import type { JsonObject, StepRequest } from "../suite/scenario.ts";

interface Owned {
  readonly thread: string;
  readonly item: string;
  readonly attachment: string;
}

/** Ids of the right form that there are not. */
const NOTHING: Owned = {
  thread: "thr_00000000000000000000000000000000",
  item: "msg_00000000000000000000000000000000",
  attachment: "atc_00000000000000000000000000000000",
};

const action = { type: "reply" };
const skipped = { status: "skipped", answers: {} };

const threadRequests = ({
  thread: thread_id,
  item: item_id,
}: Owned): readonly (readonly [string, JsonObject])[] => [
  ["threads.get_by_id", { thread_id }],
  ["threads.add_user_message", { thread_id, input: messageInput("x") }],
  ["threads.add_client_tool_output", { thread_id, result: 1 }],
  ["threads.add_structured_input", { thread_id, item_id, input: skipped }],
  ["threads.retry_after_item", { thread_id, item_id }],
  ["threads.custom_action", { thread_id, item_id, action }],
  ["threads.sync_custom_action", { thread_id, item_id, action }],
  ["threads.update", { thread_id, title: "mine now" }],
  ["threads.delete", { thread_id }],
  ["items.list", { thread_id }],
  ["items.feedback", { thread_id, item_ids: [item_id], kind: "negative" }],
];

const attachmentRequests = ({ attachment }: Owned): readonly (readonly [string, StepRequest])[] => [
  [
    "a message that names it",
    { body: { type: "threads.create", params: { input: messageInput("x", [attachment]) } } },
  ],
  ["attachments.delete", { body: { type: "attachments.delete", params: { attachment_id: attachment } } }],
  ["what is known of it", { method: "GET", path: `/v1/files/${attachment}` }],
  ["its bytes, by an address that is not signed", { method: "GET", path: `/f/${attachment}/orig` }],
];

/** An answer without what differs between two requests: ids and the request's own id. */
function likeness(reply: Reply, ids: Owned): unknown {
  let text = reply.bytes.toString();
  for (const id of [...Object.values(ids), `${reply.headers["x-request-id"]}`])
    text = text.replaceAll(id, "ID");
  const names = Object.keys(reply.headers).filter((name) => name !== "content-length");
  return { status: reply.status, headers: names.sort(), text };
}

/** Another user's is answered as what there is not, to the byte, and stays as it was. */
async function mustLookUnknown(
  owner: Person,
  owned: Owned,
  ask: (stranger: Person, ids: Owned) => Promise<Reply>,
): Promise<void> {
  const stranger = new Person(owner);
  const before = await owner.everything();
  const [foreign, unknown] = [await ask(stranger, owned), await ask(stranger, NOTHING)];
  mustEqual(likeness(foreign, owned), likeness(unknown, NOTHING), "the answer");
  mustEqual(await owner.everything(), before, "what the owner has");
  mustEqual(await stranger.everything(), [], "what the stranger has");
}

async function uploaded(person: Person): Promise<string> {
  const params = { name: "a.txt", size: 5, mime_type: "text/plain" };
  const created = await person.ask("attachments.create", params);
  const { id, upload_descriptor } = created.json as {
    readonly id: string;
    readonly upload_descriptor: { readonly url: string };
  };
  const { url } = upload_descriptor;
  mustAnswer(await person.send({ method: "PUT", url, bodyText: "hello" }), { status: "2xx" });
  return id;
}

const threadChecks: readonly Check[] = threadRequests(NOTHING).map(([type], index) => ({
  name: `another user's thread is as one that there is not: ${type}`,
  requirements: ["OWN-THREAD-002"],
  needs: "waybill",
  async run(world) {
    const owner = new Person(world);
    const thread = await owner.thread();
    const [message] = await owner.items(thread);
    const owned = { ...NOTHING, thread, item: `${message?.["id"]}` };
    await mustLookUnknown(owner, owned, async (stranger, ids) => {
      const request = threadRequests(ids)[index];
      if (request === undefined) throw new Error("There is no such request.");
      return stranger.ask(...request);
    });
  },
}));

const attachmentChecks: readonly Check[] = attachmentRequests(NOTHING).map(([what], index) => ({
  name: `another user's attachment is as one that there is not: ${what}`,
  requirements: ["OWN-ATT-002"],
  needs: "waybill",
  async run(world) {
    const owner = new Person(world);
    const owned = { ...NOTHING, attachment: await uploaded(owner) };
    await mustLookUnknown(owner, owned, async (stranger, ids) => {
      const [, request] = attachmentRequests(ids)[index] ?? [];
      return stranger.send(request ?? {});
    });
    const input = messageInput("script:text", [owned.attachment]);
    mustAnswer(await owner.ask("threads.create", { input }), {
      status: 200,
      contentType: "text/event-stream",
    });
  },
}));

/** What is one user's is nobody else's. */
export const ownershipChecks: readonly Check[] = [
  ...threadChecks,
  ...attachmentChecks,
  {
    name: "another user's thread is as one that there is not: the newest run of it",
    requirements: ["OWN-THREAD-002"],
    needs: "waybill",
    async run(world) {
      const owner = new Person(world);
      const owned = { ...NOTHING, thread: await owner.thread() };
      await mustLookUnknown(owner, owned, (stranger, { thread }) =>
        stranger.send({ method: "GET", path: `/v1/runs?thread_id=${thread}` }),
      );
    },
  },
  {
    name: "lists have the user's own threads and no other's",
    requirements: ["OWN-THREAD-001"],
    needs: "protocol",
    async run(world) {
      const [ann, bob] = [new Person(world), new Person(world)];
      const [mine, theirs] = await Promise.all([ann.thread(), bob.thread()]);
      mustEqual([(await ann.list("threads.list"))[0]?.["id"]], [mine], "threads of one");
      const listed = await bob.list("threads.list");
      mustEqual([listed.length, listed[0]?.["id"]], [1, theirs], "threads of the other");
      if (mine === theirs)
        throw new Mismatch("Two users have one thread.", [{ path: "id", expected: "two ids", got: mine }]);
    },
  },
];
