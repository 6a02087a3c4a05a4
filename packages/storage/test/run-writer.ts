// A child process: opens the database named by its first argument, begins a run, appends without end, and
// prints `{"acknowledged": seq}` after each append, until it is killed.
import { sqlite } from "../src/sqlite/sqlite-store.ts";
import { firstTurn, widgetOf } from "./samples.ts";

const [path] = process.argv.slice(2);
if (path === undefined) throw new TypeError("The database's path is missing.");
const store = sqlite(path);
await store.open();
await store.runs.begin(firstTurn("t", "r"));
for (let seq = 1; ; seq += 1) {
  const item = widgetOf("t", `item${seq}`, seq);
  const change = seq % 10 === 0 ? { change: { type: "put_item", item } as const } : {};
  await store.runs.append("r", [{ seq, data: `{"n":${seq}}`, ...change }]);
  process.stdout.write(`${JSON.stringify({ acknowledged: seq })}\n`);
}
