const PREFIX = Object.freeze({
  thread: "thr",
  message: "msg",
  tool_call: "tc",
  workflow: "wf",
  task: "tsk",
  attachment: "atc",
  hidden_context: "shcx",
  run: "run",
  request: "req",
});

/** What an id can be of. */
export type IdKind = keyof typeof PREFIX;

const ID_BYTES = 12;
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
// Randomness is asked for in advance: each time costs more than an id.
const random = new Uint8Array(128 * ID_BYTES);
let used = random.length;

/**
 * A new id: upstream's prefix and 24 hexadecimal digits, 96 random bits
 * (upstream's 32 collide after some 77,000).
 *
 * Source: openai-chatkit 1.6.5, `store.py`, default ids.
 */
export function createId(kind: IdKind): string {
  if (used === random.length) {
    crypto.getRandomValues(random);
    used = 0;
  }
  let digits = "";
  for (const end = used + ID_BYTES; used < end; used += 1) digits += HEX[random[used] ?? 0];
  return `${PREFIX[kind]}_${digits}`;
}

const ID_OF_TYPE: Readonly<Record<string, IdKind>> = {
  client_tool_call: "tool_call",
  workflow: "workflow",
  task: "task",
  sdk_hidden_context: "hidden_context",
};

/** A new id for an item of a type; widgets, images and the rest take `msg_`, as upstream. */
export function createItemId(type: string): string {
  return createId(Object.hasOwn(ID_OF_TYPE, type) ? (ID_OF_TYPE[type] ?? "message") : "message");
}
