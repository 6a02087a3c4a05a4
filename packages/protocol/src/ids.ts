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

// Sorts as the numbers that it stands for; Crockford's, in small letters.
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_DIGITS = 9;
const RANDOM_DIGITS = 20;
// Randomness is asked for in advance: each time costs more than an id.
const random = new Uint8Array(128 * RANDOM_DIGITS);
let used = random.length;
let time = 0;
let timeDigits = "";

function digitsOfTime(ms: number): string {
  let digits = "";
  for (let rest = ms; digits.length < TIME_DIGITS; rest = Math.floor(rest / 32)) {
    digits = `${DIGITS[rest % 32]}${digits}`;
  }
  return digits;
}

/**
 * A new id: upstream's prefix, the milliseconds since 1970 in 9 digits, and 20 random ones: 100 bits
 * (upstream's 32 collide after some 77,000). An id of a later millisecond sorts behind an earlier one,
 * so that an index grows at its end and the newest rows stand together. Digits are Crockford's base 32.
 *
 * Source: openai-chatkit 1.6.5, `store.py`, default ids.
 */
export function createId(kind: IdKind): string {
  const now = Date.now();
  if (now !== time) {
    time = now;
    timeDigits = digitsOfTime(now);
  }
  if (used === random.length) {
    crypto.getRandomValues(random);
    used = 0;
  }
  let digits = timeDigits;
  for (const end = used + RANDOM_DIGITS; used < end; used += 1) digits += DIGITS[(random[used] ?? 0) & 31];
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
