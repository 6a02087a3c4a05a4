import type { ThreadItem, ThreadStreamEvent } from "@waybill/protocol";
import type { ChatKitServerConfig } from "@waybill/server";
import { describe as describing } from "@waybill/server/responders/describe";
import { expect } from "vitest";
import {
  eventsOf,
  readerOf,
  readUntil,
  startChatServer,
  type TestServer,
  textInput,
} from "../packages/server/test/support/chat-server.ts";
import { pictureServer } from "../packages/server/test/support/picture-server.ts";
import { journal, survey } from "./application.ts";

type Config = Partial<ChatKitServerConfig>;

/** A server with what a page shows, and the conversation that is held with it. */
class Conversation {
  readonly server: TestServer;
  threadId = "";

  constructor(server: TestServer) {
    this.server = server;
  }

  async events(type: string, params: object): Promise<ThreadStreamEvent[]> {
    const response = await this.server.send({ type, params });
    expect(response.status).toBe(200);
    return (await eventsOf(response)) as unknown as ThreadStreamEvent[];
  }

  /** Says something; what the responder has answered. */
  async say(text: string, attachments: readonly string[] = []): Promise<ThreadStreamEvent[]> {
    const input = textInput(text, attachments);
    if (this.threadId !== "")
      return (await this.events("threads.add_user_message", { thread_id: this.threadId, input })).slice(2);
    const events = await this.events("threads.create", { input });
    if (events[0]?.type === "thread.created") this.threadId = events[0].thread.id;
    return events.slice(3);
  }

  async json(type: string, params: object): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await this.server.send({ type, params: { thread_id: this.threadId, ...params } });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async items(): Promise<ThreadItem[]> {
    return (await this.json("items.list", { order: "asc" })).body["data"] as ThreadItem[];
  }
}

async function talk(config: Config, hold: (talk: Conversation) => Promise<void>): Promise<void> {
  await using server = await startChatServer({ respond: describing(), ...config });
  await hold(new Conversation(server));
}

/** Answers, each as its text, and of other events the type. */
const told = (events: readonly ThreadStreamEvent[]): string[] =>
  events.flatMap((event) => {
    if (event.type === "thread.item.updated" || event.type === "thread.item.added") return [];
    if (event.type !== "thread.item.done") return [event.type];
    return event.item.type === "assistant_message"
      ? event.item.content.map(({ text }) => text)
      : [event.item.type];
  });

const says =
  (...answer: readonly string[]) =>
  (config: Config) =>
    talk(config, async (talk) => expect(told(await talk.say("hello"))).toEqual(answer));

/** What happens with each configuration that docs/authoring*.md shows, in the order of the pages. */
export const CONFIGURATIONS: Readonly<Record<string, (config: Config) => Promise<void>>> = {
  "authoring.md: Writing what answers": says("progress_update", "1 part, 0 files."),

  "authoring.md: What it is given": async (config) => {
    await using pictures = await pictureServer();
    await talk({ ...config, importAllow: [pictures.host] }, async (talk) => {
      const imported = await fetch(`${talk.server.api}/v1/files`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ source_url: pictures.url }),
      });
      const { id } = (await imported.json()) as { id: string };
      const [text = ""] = told(await talk.say("hello", [id]));
      expect(text).toContain("“hello”, for the model small and the tool of its choice.");
      expect(text).toMatch(/cat\.png: image\/png, \d+ bytes\.\n\nuser_message$/);
    });
  },

  "authoring.md: Text": says("It is a cat."),

  "authoring.md: Sources": (config) =>
    talk(config, async (talk) => {
      await talk.say("hello");
      const [, answer] = await talk.items();
      expect(answer).toMatchObject({
        content: [
          {
            text: "Cats sleep for most of the day, as your vet has told you.",
            annotations: [
              { source: { type: "url" } },
              { source: { type: "file" } },
              { source: { type: "entity" } },
            ],
          },
        ],
      });
    }),

  "authoring.md: Progress, effects and notices": (config) =>
    talk(config, async (talk) => {
      expect(told(await talk.say("hello"))).toEqual(["progress_update", "notice", "client_effect", "Row 7."]);
      expect(await talk.items()).toHaveLength(2);
    }),

  "authoring.md: The thread": (config) =>
    talk(config, async (talk) => {
      expect(told(await talk.say("one"))).toEqual(["thread.updated", "Turn 1."]);
      await talk.say("two");
      await talk.say("three");
      const { body } = await talk.json("threads.get_by_id", {});
      expect(body).toMatchObject({
        title: "About cats",
        status: { type: "locked", reason: "That is enough for today." },
        allowed_image_domains: ["images.example"],
      });
      expect(JSON.stringify(body)).not.toContain("turns");
      const refused = await talk.json("threads.add_user_message", { input: textInput("four") });
      expect(refused).toMatchObject({ status: 409, body: { message: "That is enough for today." } });
    }),

  "authoring.md: Hidden context": (config) =>
    talk(config, async (talk) => {
      expect(told(await talk.say("hello"))).toEqual(["I know 0 things about you."]);
      expect(told(await talk.say("and now?"))).toEqual(["I know 1 things about you."]);
      expect(JSON.stringify(await talk.items())).not.toContain("gold");
    }),

  "authoring.md: Any other event": (config) =>
    talk(config, async (talk) => {
      await talk.say("hello");
      expect(await talk.items()).toMatchObject([
        { type: "user_message" },
        { type: "assistant_message", content: [{ text: "Better." }] },
      ]);
    }),

  "authoring.md: Failing": (config) =>
    talk(config, async (talk) => {
      expect((await talk.say("hello")).at(-1)).toEqual({
        type: "error",
        code: "custom",
        message: "One question a minute, please.",
        allow_retry: true,
      });
      expect(await talk.items()).toMatchObject([{}, { content: [{ text: "So far, so good." }] }]);
    }),

  "authoring.md: Being stopped": (config) =>
    talk(config, async (talk) => {
      const leave = new AbortController();
      const request = { type: "threads.create", params: { input: textInput("count") } };
      const reader = readerOf(await talk.server.send(request, { signal: leave.signal }));
      talk.threadId = /thr_\w+/.exec(await readUntil(reader, '"2 "'))?.[0] ?? "";
      leave.abort();
      await expect.poll(async () => await talk.items()).toHaveLength(2);
      expect(JSON.stringify(await talk.items())).toContain("1 2 ");
    }),

  "widgets.md: Showing one": (config) =>
    talk(config, async (talk) => {
      expect(told(await talk.say("hello"))).toEqual(["widget"]);
      expect((await talk.items())[1]).toMatchObject({
        widget: { type: "Card" },
        copy_text: "Order 7: two coffees, one cake.",
      });
    }),

  "authoring/actions.md: Answered by events": (config) =>
    talk(config, async (talk) => {
      await talk.say("hello");
      const widget = (await talk.items()).at(-1);
      const pay = (order: number, type = "order.pay") =>
        talk.events("threads.custom_action", {
          thread_id: talk.threadId,
          item_id: widget?.id,
          action: { type, payload: { order } },
        });
      expect((await pay(7, "order.eat")).at(-1)).toMatchObject({ message: "There is no such action." });
      expect((await pay(8)).at(-1)).toMatchObject({ message: "This order is not yours." });
      expect(told(await pay(7)).slice(1)).toEqual(["thread.item.replaced", "Thank you."]);
      expect((await talk.items())[1]).toMatchObject({ widget: { children: [{ value: "Paid." }] } });
    }),

  "authoring/actions.md: Carried out at once": (config) =>
    talk(
      {
        ...config,
        async *respond({ thread }) {
          yield* thread.streamWidget({ type: "Card", children: [{ type: "Text", value: "Hello" }] });
        },
      },
      async (talk) => {
        await talk.say("hello");
        const item_id = (await talk.items()).at(-1)?.id;
        const { status, body } = await talk.json("threads.sync_custom_action", {
          item_id,
          action: { type: "rename" },
        });
        expect([status, body]).toMatchObject([200, { updated_item: { copy_text: "renamed" } }]);
        expect((await talk.json("threads.get_by_id", {})).body).toMatchObject({ title: "Orders" });
      },
    ),

  "authoring/asking.md: A tool of the page": (config) =>
    talk(config, async (talk) => {
      expect(told(await talk.say("hello"))).toEqual(["client_tool_call"]);
      const params = { thread_id: talk.threadId, result: { total: 12 } };
      expect(told(await talk.events("threads.add_client_tool_output", params)).at(-1)).toBe(
        'The page says: {"total":12}',
      );
    }),

  "authoring/asking.md: Questions to the person": (config) =>
    talk(config, async (talk) => {
      expect(told(await talk.say("hello"))).toEqual(["structured_input"]);
      const item_id = (await talk.items()).at(-1)?.id;
      const input = { answers: { size: { values: ["M"] } } };
      const events = await talk.events("threads.add_structured_input", {
        thread_id: talk.threadId,
        item_id,
        input,
      });
      expect(told(events).slice(2)).toEqual(["Which size? M."]);
    }),

  "authoring/hooks.md: Feedback": (config) =>
    talk(config, async (talk) => {
      await talk.say("hello");
      const item_ids = [(await talk.items())[1]?.id];
      expect((await talk.json("items.feedback", { item_ids, kind: "positive" })).status).toBe(200);
      expect(survey.answers).toMatchObject([{ by: "local", item_ids, liked: true }]);
    }),

  "authoring/hooks.md: Dictation": (config) =>
    talk(config, async (talk) => {
      const params = { audio_base64: "AAAA", mime_type: "audio/webm;codecs=opus" };
      expect((await talk.json("input.transcribe", params)).body).toEqual({ text: "3 bytes of audio/webm" });
    }),

  "authoring/hooks.md: What is offered and kept": (config) =>
    talk({ ...config, authenticate: () => ({ tenant: "default", user: "guest" }) }, async (talk) => {
      const refused = await talk.json("threads.create", { input: textInput("hello") });
      expect(refused).toMatchObject({ status: 429, body: { message: "Guests may only read." } });
    }),

  "authoring/hooks.md: Requests": (config) =>
    talk(config, async (talk) => {
      journal.length = 0;
      await talk.say("hello");
      expect(journal.join("\n")).toMatch(/^req_\w+ POST \/chatkit 200 {2}\d+ ms$/m);
    }),

  "authoring/workflows.md: A workflow": (config) =>
    talk(config, async (talk) => {
      expect(told(await talk.say("hello"))).toEqual(["workflow", "They sleep."]);
      expect((await talk.items())[1]).toMatchObject({
        workflow: {
          tasks: [{ title: "Asked the catalogue", status_indicator: "complete" }, { type: "web_search" }],
          summary: { title: "Looked it up" },
        },
      });
    }),

  "authoring/workflows.md: Thoughts": says("workflow", "They sleep."),
  "authoring/workflows.md: A task alone": says("task"),

  "authoring/workflows.md: A picture": (config) =>
    talk(config, async (talk) => {
      expect(told(await talk.say("hello"))).toEqual(["generated_image"]);
      expect((await talk.items())[1]).toMatchObject({ image: { url: "data:image/png;base64,AAAA" } });
    }),
};
