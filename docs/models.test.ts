import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), "utf8");

const HOMES = {
  openai: "packages/server/test/openai-responder.test.ts",
  openaiOptions: "packages/server/test/openai-options.test.ts",
  openaiFailures: "packages/server/test/openai-failures.test.ts",
  bridges: "packages/server/test/bridges.test.ts",
  chunks: "packages/server/src/responders/chat-completions/from-chunks.test.ts",
  aiSdk: "packages/server/test/ai-sdk.test.ts",
  parts: "packages/server/src/responders/ai/from-text-stream-parts.test.ts",
  agents: "packages/server/test/agents.test.ts",
  agentsParts: "packages/server/test/agents-parts.test.ts",
  agentsFailures: "packages/server/test/agents-failures.test.ts",
  upstream: "conformance/fixtures/agents",
} as const;
type Proof = readonly [home: keyof typeof HOMES, name: string];

/** The test behind each cell; null where the page says why there is none. `upstream` names a fixture. */
const PROOFS: Readonly<Record<string, readonly (Proof | null)[]>> = {
  "text as it is written": [
    ["openai", "an answer arrives as it is written, and its use is logged"],
    ["bridges", "an answer arrives as it is written, and its use is logged"],
    ["bridges", "an answer arrives as it is written, and its use is logged"],
    ["agents", "an answer arrives as it is written, and what it used is told"],
  ],
  thoughts: [
    ["openai", "a summary of reasoning is a workflow of thoughts before the answer"],
    ["bridges", "thoughts in %s are a workflow above the answer"],
    ["parts", "reasoning of several parts is one workflow, a thought each, with what it took"],
    ["upstream", "reasoning_two_thoughts.json"],
  ],
  "tools without the page": [
    ["openaiOptions", "a tool that runs at the model's server is asked for, and its call is not shown"],
    null,
    [
      "aiSdk",
      "a tool with execute runs on the server, is shown as the author says, and the model goes on with its result",
    ],
    ["agents", "what tools say stands between what the model says, in order"],
  ],
  "tools of the page": [
    ["openai", "a function is called on the page, and the next request tells the model what came of it"],
    ["bridges", "a call that the page carries out ends the run, and its result goes back to the model"],
    ["bridges", "a call that the page carries out ends the run, and its result goes back to the model"],
    ["agents", "a call of the page ends the run, and the agent goes on with its result"],
  ],
  citations: [
    ["openai", "citations become annotations, and are still there at the end"],
    ["chunks", "citations are annotations of the message"],
    ["parts", "blocks of text that follow each other are one message, with the citations where they stand"],
    ["agents", "streamed citations become annotations"],
  ],
  "pictures and files in": [
    ["openai", "attachments go along as bytes, newest first while there is room, and the rest is named"],
    ["bridges", "pictures are handed over as data, files of text as text"],
    ["bridges", "pictures are handed over as data, files of text as text"],
    ["agents", "the agent is given the thread: attachments, answers, calls of the page, pictures"],
  ],
  "pictures out": [
    ["openaiOptions", "a picture is shown while it is made, at a place of the author's"],
    ["chunks", "pictures are items, as data or where they are"],
    ["parts", "pictures are items, where the author keeps them; other files are passed over"],
    ["agentsParts", "a picture is shown while it is made, at a place of one's own"],
  ],
  refusals: [
    ["openai", "a refusal is what the model says"],
    ["bridges", "a refusal is an answer"],
    ["bridges", "a refusal is an answer"],
    ["upstream", "refusal.json"],
  ],
  "guards that take back": [
    ["openaiOptions", "what a guard refuses is taken back, and the request to the model ends"],
    ["bridges", "what a guard refuses is taken back, if the author says so"],
    ["aiSdk", "what a guard in the stream refuses is taken back"],
    ["agentsFailures", "an answer that an output guardrail refuses is taken back, also from the thread"],
  ],
  "stopping ends the request": [
    ["openaiFailures", "stopping a slow answer ends the request to the model, with the turn's own reason"],
    ["bridges", "stopping a slow answer ends the request to the model, with the turn's own reason"],
    ["bridges", "stopping a slow answer ends the request to the model, with the turn's own reason"],
    ["agentsFailures", "a page that leaves ends the run and its request to the model"],
  ],
  "usage logged, and told to `onUsage`": [
    ["openaiOptions", "what an answer has used is told"],
    ["bridges", "a key and an address are enough, and what else is asked for is the author's"],
    ["parts", "what the answer used is told, 0 where nobody counts"],
    ["agents", "an answer arrives as it is written, and what it used is told"],
  ],
  "answers that end early are kept": [
    ["openaiFailures", "an answer that ends by %s is kept, and the person is told"],
    ["bridges", "an answer that ends by %s is kept, and the person is told"],
    ["bridges", "an answer that ends by %s is kept, and the person is told"],
    ["agentsFailures", "an answer that ends by %s is kept, and the person is told"],
  ],
  "a message's choice of the model": [
    ["openai", "a message that asks for the model %s is answered by %s"],
    ["bridges", "a message that asks for the model %s is answered by %s"],
    ["bridges", "a message that asks for the model %s is answered by %s"],
    null,
  ],
  "a message's choice of the tool": [
    ["openai", "a function is called on the page, and the next request tells the model what came of it"],
    ["bridges", "a message chooses the tool for its own turn, not for what follows"],
    [
      "aiSdk",
      "a choice of a tool holds for the first step alone, and the author's own preparation holds, too",
    ],
    null,
  ],
  "a title": [
    ["openai", "a new conversation is named after its first answer"],
    ["bridges", "a conversation without a title gets one"],
    ["bridges", "a conversation without a title gets one"],
    null,
  ],
};

test("each thing that the page says of a bridge has a test, and what a bridge does not do has a reason", async () => {
  const [, section = ""] = (await read("docs/models.md")).split("\n## What each of them does\n");
  const lines = (section.split("\n\n", 1)[0] ?? "").split("\n").slice(2);
  const rows = lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  expect(rows.map(([feature]) => feature)).toEqual(Object.keys(PROOFS));
  for (const [feature = "", ...cells] of rows) {
    expect(cells, feature).toHaveLength(4);
    for (const [index, cell] of cells.entries()) {
      const proof = PROOFS[feature]?.[index] ?? null;
      expect(cell, feature).toMatch(proof === null ? /^no: ./ : /^yes(?:, .|$)/);
    }
  }
});

test.each(
  Object.values(PROOFS)
    .flat()
    .filter((proof) => proof !== null),
)("%s has: %s", async (home, name) => {
  if (home === "upstream") expect(JSON.parse(await read(`${HOMES[home]}/${name}`))).toHaveProperty("output");
  else expect((await read(HOMES[home])).split(/\(\s*"|",\s*async /)).toContain(name);
});
