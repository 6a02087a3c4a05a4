import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Responses } from "openai/resources/responses/responses";

type ModelEvent = Responses.ResponseStreamEvent;
/** An event without the number that the double counts. */
export type Step = ModelEvent extends infer Event
  ? Event extends { sequence_number: number }
    ? Omit<Event, "sequence_number">
    : never
  : never;

/** One request, as the model's server saw it. */
export interface ModelRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Responses.ResponseCreateParams;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;
}

/** Answers one request. */
export type ModelScript = (request: ModelRequest, response: ServerResponse) => unknown;

/** A model's server on the loopback that a test scripts; it speaks the Responses API's stream format. */
export interface ResponsesApi extends AsyncDisposable {
  readonly baseURL: string;
  readonly seen: readonly ModelRequest[];
  script: ModelScript;
}

/** Starts one on a free port. */
export async function startResponsesApi(script: ModelScript): Promise<ResponsesApi> {
  const seen: ModelRequest[] = [];
  const server = createServer((incoming, response) => {
    const pieces: Buffer[] = [];
    incoming.on("data", (piece: Buffer) => pieces.push(piece));
    incoming.on("end", () => {
      const closed = Promise.withResolvers<void>();
      response.on("close", () => closed.resolve());
      const body = JSON.parse(Buffer.concat(pieces).toString()) as Responses.ResponseCreateParams;
      const request = { headers: incoming.headers, body, closed: closed.promise };
      seen.push(request);
      void api.script(request, response);
    });
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", () => listening.resolve());
  await listening.promise;
  const { port } = server.address() as AddressInfo;
  const api: ResponsesApi = {
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

/** A response in some state. */
export const responseOf = (change: Partial<Responses.Response> = {}): Responses.Response => ({
  id: "resp_1",
  object: "response",
  created_at: 1_767_225_600,
  status: "completed",
  access_programs: null,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  model: "test-model",
  output: [],
  output_text: "",
  parallel_tool_calls: true,
  temperature: 1,
  tool_choice: "auto",
  tools: [],
  top_p: 1,
  usage: {
    input_tokens: 12,
    input_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
    output_tokens: 7,
    output_tokens_details: { reasoning_tokens: 3 },
    total_tokens: 19,
  },
  ...change,
});

/** The steps of one message whose only part arrives in pieces. */
export function message(pieces: readonly string[], output_index = 0): Step[] {
  const text = pieces.join("");
  const item_id = `msg_${output_index}`;
  const at = { item_id, output_index, content_index: 0 };
  const part = (value: string) => ({ type: "output_text" as const, text: value, annotations: [] });
  const item = (status: "in_progress" | "completed", content: ReturnType<typeof part>[]) => ({
    id: item_id,
    type: "message" as const,
    role: "assistant" as const,
    status,
    content,
  });
  return [
    { type: "response.output_item.added", output_index, item: item("in_progress", []) },
    { type: "response.content_part.added", ...at, part: part("") },
    ...pieces.map((delta): Step => ({ type: "response.output_text.delta", ...at, delta, logprobs: [] })),
    { type: "response.output_text.done", ...at, text, logprobs: [] },
    { type: "response.content_part.done", ...at, part: part(text) },
    { type: "response.output_item.done", output_index, item: item("completed", [part(text)]) },
  ];
}

/** A whole answer around its items. */
export const answer = (...steps: Step[]): Step[] => [
  { type: "response.created", response: responseOf({ status: "in_progress" }) },
  { type: "response.in_progress", response: responseOf({ status: "in_progress" }) },
  ...steps,
  { type: "response.completed", response: responseOf() },
];

/** The frames of some steps, as the wire has them. */
export const framesOf = (steps: readonly Step[]): string =>
  steps
    .map(
      (step, sequence_number) =>
        `event: ${step.type}\ndata: ${JSON.stringify({ ...step, sequence_number })}\n\n`,
    )
    .join("");

/** Answers with a whole stream. */
export function sendStream(response: ServerResponse, steps: readonly Step[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(framesOf(steps));
}

/** Answers a request that is not streamed. */
export function sendText(response: ServerResponse, text: string): void {
  const content = [{ type: "output_text" as const, text, annotations: [] }];
  const item = {
    id: "msg_t",
    type: "message" as const,
    role: "assistant" as const,
    status: "completed" as const,
    content,
  };
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ ...responseOf({ output: [item] }), output_text: undefined }));
}

/** Answers with an error, as the API words it. */
export function sendError(
  response: ServerResponse,
  status: number,
  code: string | null,
  headers: Readonly<Record<string, string>> = {},
): void {
  const error = {
    message: "sk-secret is what it was about",
    type: "invalid_request_error",
    param: null,
    code,
  };
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ error }));
}
