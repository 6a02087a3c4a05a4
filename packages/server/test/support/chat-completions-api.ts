import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ChatCompletionChunk, ChatCompletionCreateParams } from "openai/resources/chat/completions";

/** What a test says of one chunk: its first choice's delta, and how the choice ends. */
export interface ChatStep {
  /** Servers send fields that the API does not name. */
  readonly delta?: Readonly<Record<string, unknown>>;
  readonly finish_reason?: string;
  readonly usage?: ChatCompletionChunk["usage"];
}

/** One request, as the model's server saw it. */
export interface ChatRequest {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: ChatCompletionCreateParams;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;
}

/** Answers one request. */
export type ChatScript = (request: ChatRequest, response: ServerResponse) => unknown;

/** A model's server on the loopback that a test scripts; it speaks the stream format of Chat Completions, and nothing else. */
export interface ChatCompletionsApi extends AsyncDisposable {
  readonly baseURL: string;
  readonly seen: readonly ChatRequest[];
  script: ChatScript;
}

/** Starts one on a free port. What is asked of another path is answered with 404. */
export async function startChatCompletionsApi(script: ChatScript): Promise<ChatCompletionsApi> {
  const seen: ChatRequest[] = [];
  const server = createServer((incoming, response) => {
    const pieces: Buffer[] = [];
    incoming.on("data", (piece: Buffer) => pieces.push(piece));
    incoming.on("end", () => {
      const closed = Promise.withResolvers<void>();
      response.on("close", () => closed.resolve());
      const body = JSON.parse(Buffer.concat(pieces).toString()) as ChatCompletionCreateParams;
      const request = { path: incoming.url, headers: incoming.headers, body, closed: closed.promise };
      seen.push(request);
      if (incoming.url === "/v1/chat/completions") void api.script(request, response);
      else response.writeHead(404).end();
    });
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", () => listening.resolve());
  await listening.promise;
  const { port } = server.address() as AddressInfo;
  const api: ChatCompletionsApi = {
    baseURL: `http://127.0.0.1:${port}/v1`,
    seen,
    script,
    async [Symbol.asyncDispose]() {
      const ended = Promise.withResolvers<void>();
      server.close(() => ended.resolve());
      server.closeAllConnections();
      await ended.promise;
    },
  };
  return api;
}

/** What a short answer uses. */
export const USAGE = {
  prompt_tokens: 12,
  completion_tokens: 7,
  total_tokens: 19,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 3 },
};

/** The steps of an answer in pieces of text. */
export const text = (...pieces: string[]): ChatStep[] => pieces.map((content) => ({ delta: { content } }));

/** A whole answer around its steps: the role first, then how it ends, and what it used. */
export const completion = (steps: readonly ChatStep[], finish_reason = "stop"): ChatStep[] => [
  { delta: { role: "assistant", content: "" } },
  ...steps,
  { delta: {}, finish_reason },
  { usage: USAGE },
];

/** The frames of some steps, as the wire has them, without their end. */
export const framesOf = (steps: readonly ChatStep[]): string =>
  steps.map((step) => `data: ${JSON.stringify(chunkOf(step))}\n\n`).join("");

/** A chunk as servers send it. */
export const chunkOf = ({ delta, finish_reason = "", usage }: ChatStep) => ({
  id: "chatcmpl_1",
  object: "chat.completion.chunk" as const,
  created: 1_767_225_600,
  model: "test-model",
  choices: delta === undefined ? [] : [{ index: 0, delta, finish_reason: finish_reason || null }],
  ...(usage ? { usage } : {}),
});

/** Answers with a whole stream. */
export function sendChat(response: ServerResponse, steps: readonly ChatStep[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(`${framesOf(steps)}data: [DONE]\n\n`);
}

/** Answers with the beginning of a stream; `then` is told when it is on its way. */
export function beginChat(response: ServerResponse, steps: readonly ChatStep[], then = () => {}): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(framesOf(steps), then);
}

/** Answers a request that is not streamed. */
export function sendCompletion(response: ServerResponse, content: string): void {
  const message = { role: "assistant", content };
  const { choices: _, ...head } = chunkOf({});
  response.writeHead(200, { "content-type": "application/json" });
  response.end(
    JSON.stringify({
      ...head,
      object: "chat.completion",
      choices: [{ index: 0, message, finish_reason: "stop" }],
      usage: USAGE,
    }),
  );
}
