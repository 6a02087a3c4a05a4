// What an answer of 20,000 tokens costs the page: the longest task of the main thread while the
// element draws it as Markdown, beside a page that puts the same stream into one text node; by the
// processor's time, which other work of the machine does not count in, and by the clock.
// Promise: no task longer than 50 ms. Run: node bench/streamed-answer.ts [--paragraph]
// With --paragraph, the answer is a single one: nothing of it is ever complete.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { chromium } from "playwright-core";

const TOKENS = 20_000;
const TOKENS_PER_TICK = 20;

const PARAGRAPH =
  "The **lantern** is lit while the sun is still up, so the `light` probably runs day and night. See [the list](https://example.com/lights). ";
const BLOCKS = [
  "## What stands out\n\n",
  PARAGRAPH.repeat(3),
  "\n\n- one thing\n- another *thing*\n- a third\n\n",
  "| Light | Height |\n|---|---:|\n| Holm Point | 24 m |\n| Sandvik North | 19 m |\n\n",
  "```ts\nconst matches = lights.filter((light) => light.heightM >= 20);\n```\n\n",
];

const ANSWER = process.argv.includes("--paragraph") ? [PARAGRAPH] : BLOCKS;

function* tokens(): Generator<string> {
  let count = 0;
  for (;;) {
    for (const block of ANSWER) {
      for (const token of block.match(/\s*\S+\s?|\s+/g) ?? []) {
        yield token;
        count += 1;
        if (count === TOKENS) return;
      }
    }
  }
}

const PAGE = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><style>html,body{margin:0;height:100%}openai-chatkit{display:block;height:100%}</style>
<script src="/chatkit.js"></script><script>
  const tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask", buffered: true });
  const idle = () => new Promise((resolve) => requestIdleCallback(resolve));
  // That an element is put into a page is no part of an answer.
  async function prepare() {
    const chat = document.createElement("openai-chatkit");
    const ready = new Promise((resolve) => chat.addEventListener("chatkit.ready", resolve));
    document.body.append(chat);
    chat.setOptions({ api: { url: "/chatkit" } });
    await ready;
    await idle();
    tasks.length = 0;
  }
  async function element() {
    const chat = document.querySelector("openai-chatkit");
    const ended = new Promise((resolve) => chat.addEventListener("chatkit.response.end", resolve));
    const start = performance.now();
    await chat.sendUserMessage({ text: "go" });
    await ended;
    await idle();
    return { longest: Math.max(0, ...tasks), long: tasks.length, ms: performance.now() - start };
  }
  async function raw() {
    const node = document.body.appendChild(document.createElement("pre")).appendChild(document.createTextNode(""));
    const response = await fetch("/chatkit", { method: "POST", body: JSON.stringify({ type: "threads.create" }) });
    const start = performance.now();
    let rest = "";
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const frames = (rest + chunk).split("\\n\\n");
      rest = frames.pop();
      for (const frame of frames) node.appendData(JSON.parse(frame.slice(6)).update?.delta ?? "");
    }
    return { longest: Math.max(0, ...tasks), long: tasks.length, ms: performance.now() - start };
  }
</script><body></body>`;

const bundle = await readFile(new URL("../packages/element/dist/chatkit.js", import.meta.url));
const now = new Date().toISOString();
const thread = {
  id: "thr_1",
  created_at: now,
  status: { type: "active" },
  metadata: {},
  items: { data: [], has_more: false },
};
const base = { thread_id: "thr_1", created_at: now };
const user = {
  ...base,
  id: "msg_1",
  type: "user_message",
  content: [{ type: "input_text", text: "go" }],
  attachments: [],
  inference_options: {},
};
const server = createServer(async (request, response) => {
  if (request.url === "/") return void response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
  if (request.url === "/chatkit.js")
    return void response.writeHead(200, { "content-type": "text/javascript" }).end(bundle);
  if (request.url !== "/chatkit") return void response.writeHead(404).end();
  request.resume();
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (event: unknown) => response.write(`data: ${JSON.stringify(event)}\n\n`);
  send({ type: "thread.created", thread });
  send({ type: "thread.item.done", item: user });
  send({ type: "stream_options", stream_options: { allow_cancel: true } });
  send({ type: "thread.item.added", item: { ...base, id: "msg_2", type: "assistant_message", content: [] } });
  send({
    type: "thread.item.updated",
    item_id: "msg_2",
    update: {
      type: "assistant_message.content_part.added",
      content_index: 0,
      content: { type: "output_text", text: "", annotations: [] },
    },
  });
  let text = "";
  let inTick = 0;
  for (const delta of tokens()) {
    text += delta;
    send({
      type: "thread.item.updated",
      item_id: "msg_2",
      update: { type: "assistant_message.content_part.text_delta", content_index: 0, delta },
    });
    inTick += 1;
    if (inTick === TOKENS_PER_TICK) {
      inTick = 0;
      await new Promise((resolve) => {
        setTimeout(resolve, 2);
      });
    }
  }
  const content = [{ type: "output_text", text, annotations: [] }];
  send({ type: "thread.item.done", item: { ...base, id: "msg_2", type: "assistant_message", content } });
  response.end();
});
await new Promise<void>((resolve) => {
  server.listen(0, "127.0.0.1", resolve);
});
const address = server.address();
const port = typeof address === "object" && address !== null ? address.port : 0;
const browser = await chromium.launch({
  executablePath: process.env["CHROME_PATH"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time in µs. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** The longest task of any page's main thread in ms of processor time, and all of them together. */
function tasksIn(trace: Buffer): { readonly longestCpu: number; readonly cpu: number } {
  const { traceEvents }: { traceEvents: readonly TraceEvent[] } = JSON.parse(trace.toString());
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const spans = traceEvents
    .filter(({ name, pid, tid }) => name.endsWith("RunTask") && mains.has(`${pid} ${tid}`))
    .map(({ tdur = 0 }) => tdur / 1_000);
  return {
    longestCpu: spans.reduce((most, span) => Math.max(most, span), 0),
    cpu: spans.reduce((sum, span) => sum + span, 0),
  };
}

/** The same twice: by the clock as it is, and once more with a recording, which takes time of its own. */
const measure = async (how: "raw" | "element") => {
  const open = async () => {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    if (how === "element") await page.evaluate("prepare()");
    return page;
  };
  const page = await open();
  const result: { longest: number; long: number; ms: number } = await page.evaluate(`${how}()`);
  await page.close();
  const recorded = await open();
  await browser.startTracing(recorded, { categories: ["toplevel", "__metadata"] });
  await recorded.evaluate(`${how}()`);
  const tasks = tasksIn(await browser.stopTracing());
  await recorded.close();
  return { ...result, ...tasks };
};
const raw = await measure("raw");
const element = await measure("element");
await browser.close();
server.close();
const row = (name: string, { longestCpu, cpu, longest, long, ms }: typeof raw) =>
  `${name.padEnd(10)} longest task ${longestCpu.toFixed(0).padStart(4)} ms   all ${(cpu / 1_000).toFixed(1)} s   by the clock: longest ${longest.toFixed(0).padStart(4)} ms, over 50 ms ${String(long).padStart(3)}, all ${(ms / 1_000).toFixed(1)} s`;
process.stdout.write(
  `${TOKENS} tokens\n${row("text node", raw)}\n${row("element", element)}\nratio of the whole time ${(element.ms / raw.ms).toFixed(2)}\n`,
);
