// The ceiling: answers the same bytes from a constant, one write for each answer.
// Run by turns.ts: node turns-constant.ts FOLDER, which holds create.bin, add.bin, items.bin, threads.bin.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const folder = process.argv[2] ?? ".";
const bytesOf = (name: string) => readFileSync(join(folder, `${name}.bin`));
const json = { "content-type": "application/json" };
const events = { "content-type": "text/event-stream", "cache-control": "no-cache" };
const answers = new Map([
  ["threads.create", { body: bytesOf("create"), headers: events }],
  ["threads.add_user_message", { body: bytesOf("add"), headers: events }],
  ["items.list", { body: bytesOf("items"), headers: json }],
  ["threads.list", { body: bytesOf("threads"), headers: json }],
]);

const server = createServer((request, response) => {
  let text = "";
  request.setEncoding("latin1");
  request.on("data", (chunk: string) => {
    text += chunk;
  });
  request.on("end", () => {
    const answer = answers.get(JSON.parse(text).type);
    response.writeHead(answer === undefined ? 404 : 200, answer?.headers).end(answer?.body);
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : 0}\n`);
});
process.on("SIGTERM", () => process.exit(0));
