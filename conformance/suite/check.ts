import { randomUUID } from "node:crypto";
import { Bindings, compare, compareReply, type Difference } from "./compare.ts";
import { exchange, type Leave, type Reply } from "./exchange.ts";
import type { Expectation, JsonObject, StepRequest, UploadStrategy } from "./scenario.ts";

/** A behaviour beyond the transcripts. */
export interface Check {
  /** The behaviour, in words; unique among all checks. */
  readonly name: string;
  readonly requirements: readonly string[];
  /**
   * What a server must have for it: the protocol alone; what Waybill adds, which its header `Waybill` tells
   * of; or, on top of that, a policy that allows one origin and no other.
   */
  readonly needs: "protocol" | "waybill" | "origin";
  /** @default "two_phase" */
  readonly uploads?: UploadStrategy;
  /** Resolves if it holds. @throws Mismatch */
  run(world: World): Promise<void>;
}

/** Where a check finds its server. */
export interface World {
  readonly baseUrl: string;
  /** An origin that the server serves. */
  readonly allowedOrigin: string;
}

/** An answer that is not what it must be. */
export class Mismatch extends Error {
  override readonly name = "Mismatch";
  readonly differences: readonly Difference[];

  constructor(what: string, differences: readonly Difference[]) {
    const rows = differences.map(({ path, expected, got }) => `${path}: expected ${expected}, got ${got}`);
    super(`${what}\n${rows.join("\n")}`);
    this.differences = differences;
  }
}

/** @throws Mismatch unless the answer has what is expected. */
export function mustAnswer(reply: Reply, expected: Expectation): void {
  const differences = compareReply(expected, reply, new Bindings(), "subset");
  if (differences.length > 0) throw new Mismatch("The answer is another.", differences);
}

/** @throws Mismatch unless both values are the same in every part. */
export function mustEqual(got: unknown, expected: unknown, path: string): void {
  const differences = compare(expected, got, path, new Bindings(), "exact");
  if (differences.length > 0) throw new Mismatch(`${path} differs.`, differences);
}

/** The refusal that an error's code stands for, as JSON. */
export function refusal(status: number, code: string): Expectation {
  const error = { code, message: "<string>", request_id: "<string>" };
  return { status, contentType: "application/json", json: { error, message: "<string>" } };
}

/** How a request is sent. */
export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly leave?: Leave;
}

/** The input of a message. */
export function messageInput(text: string, attachments: readonly string[] = []) {
  return { content: [{ type: "input_text", text }], attachments, inference_options: {} };
}

/** A user nobody else is, and what that user asks of the server. */
export class Person {
  readonly baseUrl: string;
  readonly name: string;

  constructor({ baseUrl }: Pick<World, "baseUrl">, name: string = randomUUID()) {
    this.baseUrl = baseUrl;
    this.name = name;
  }

  send(request: StepRequest, options: AskOptions = {}): Promise<Reply> {
    const { headers, leave } = options;
    const sender = { baseUrl: this.baseUrl, user: this.name, leave };
    return exchange(headers === undefined ? request : { ...request, headers }, sender);
  }

  /** One request of the protocol. */
  ask(type: string, params: JsonObject, options?: AskOptions): Promise<Reply> {
    return this.send({ body: { type, params } }, options);
  }

  /** A new thread with a message. */
  create(text = "script:text", options?: AskOptions): Promise<Reply> {
    return this.ask("threads.create", { input: messageInput(text) }, options);
  }

  /** A new thread whose answer is complete. */
  async thread(text = "script:text"): Promise<string> {
    const reply = await this.create(text);
    mustAnswer(reply, { status: 200, contentType: "text/event-stream" });
    return threadIn(reply);
  }

  /** All pages of `threads.list` or `items.list`, oldest first. */
  async list(type: "threads.list" | "items.list", params: JsonObject = {}): Promise<readonly JsonObject[]> {
    const found: JsonObject[] = [];
    let after: string | undefined;
    do {
      const cursor = after === undefined ? {} : { after };
      const page = pageIn(await this.ask(type, { ...params, ...cursor, order: "asc", limit: 100 }));
      found.push(...page.data);
      ({ after } = page);
    } while (after !== undefined);
    return found;
  }

  /** The items of a thread, oldest first. */
  items(thread_id: string): Promise<readonly JsonObject[]> {
    return this.list("items.list", { thread_id });
  }

  /** Everything that the lists tell of this user. */
  async everything(): Promise<unknown> {
    const threads = await this.list("threads.list");
    return Promise.all(
      threads.map(async (thread) => ({ thread, items: await this.items(`${thread["id"]}`) })),
    );
  }
}

/** A page of a list. */
export interface ListPage {
  readonly data: readonly JsonObject[];
  readonly has_more: boolean;
  readonly after?: string;
}

/** The page that a list answered with. @throws Mismatch if it is none */
export function pageIn(reply: Reply): ListPage {
  mustAnswer(reply, { status: 200, contentType: "application/json", json: {} });
  const page = reply.json as ListPage;
  if (!Array.isArray(page.data) || typeof page.has_more !== "boolean" || page.has_more !== "after" in page)
    throw new Mismatch("This is no page.", [
      {
        path: "json",
        expected: "data, has_more and, only when there is more, after",
        got: JSON.stringify(page),
      },
    ]);
  return page;
}

/** The frames of an answer; none if it is no stream. */
export function framesIn(reply: Reply): readonly JsonObject[] {
  return (reply.frames ?? []) as readonly JsonObject[];
}

/** The id of the thread that an answer created. @throws Mismatch if it created none */
export function threadIn(reply: Reply): string {
  mustAnswer(
    { ...reply, json: framesIn(reply)[0] },
    {
      status: reply.status,
      json: { type: "thread.created", thread: { id: "<thr:1>" } },
    },
  );
  const { thread } = framesIn(reply)[0] as { readonly thread: { readonly id: string } };
  return thread.id;
}

/** Does something, and sees to it that the lists tell the same before and after. @throws Mismatch */
export async function storingNothing<Result>(person: Person, act: () => Promise<Result>): Promise<Result> {
  const before = await person.everything();
  const result = await act();
  mustEqual(await person.everything(), before, "what is stored");
  return result;
}
