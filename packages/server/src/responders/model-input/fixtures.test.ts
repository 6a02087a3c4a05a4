import { readdirSync, readFileSync } from "node:fs";
import { type Attachment, ChatError, type InputTag, type Json, type ThreadItem } from "@waybill/protocol";
import { expect, test } from "vitest";
import { type ModelInputPart, ThreadItemConverter } from "./thread-item-converter.ts";

const FOLDER = new URL("../../../../../conformance/fixtures/agents-input/", import.meta.url);

interface Fixture {
  readonly id: string;
  readonly title: string;
  readonly stubs?: boolean;
  readonly items: readonly { readonly [key: string]: Json }[];
  readonly output: { readonly input?: Json; readonly raised?: string };
  readonly better?: { readonly contains: string };
}

const fixtures = readdirSync(FOLDER)
  .toSorted()
  .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Fixture);

/** Names attachments and tags, as the fixtures with `stubs` do. */
class Stubs extends ThreadItemConverter {
  override async attachment({ name }: Attachment): Promise<ModelInputPart> {
    return { type: "input_text", text: `[attachment ${name}]` };
  }
  override tag({ id }: InputTag): ModelInputPart {
    return { type: "input_text", text: `[tag ${id}]` };
  }
}

/** An item with what the fixtures leave to the defaults of the official types. */
function itemOf(given: Fixture["items"][number], index: number): ThreadItem {
  const defaults: Record<string, Json> = { attachments: [], status: "pending" };
  return {
    ...defaults,
    id: `item_${index}`,
    thread_id: "thr_fixture",
    created_at: "2026-01-02T03:04:05.000Z",
    ...given,
  } as unknown as ThreadItem;
}

/** Wording is free; what is JSON text is compared as JSON. */
function expectLike(actual: unknown, expected: Json, key = ""): void {
  if (typeof expected === "string" && typeof actual === "string") {
    const tree = expected.indexOf('{"type"');
    if (key === "arguments" || key === "output") expect(JSON.parse(actual)).toEqual(JSON.parse(expected));
    else if (tree >= 0) {
      const at = actual.indexOf("{");
      expectLike(actual.slice(0, at), expected.slice(0, tree));
      expect(JSON.parse(actual.slice(at))).toEqual(JSON.parse(expected.slice(tree)));
    } else {
      const pieces = expected.split("<wording>").map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      expect(actual).toMatch(new RegExp(`^${pieces.join("[^]*")}$`));
    }
  } else if (Array.isArray(expected)) {
    expect(actual).toHaveLength(expected.length);
    for (const [index, one] of expected.entries()) expectLike((actual as unknown[])[index], one);
  } else if (typeof expected === "object" && expected !== null) {
    expect(Object.keys(actual as object).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [name, one] of Object.entries(expected)) {
      expectLike((actual as Record<string, unknown>)[name], one, name);
    }
  } else {
    expect(actual).toEqual(expected);
  }
}

test("all fixtures are there", () => {
  expect(fixtures).toHaveLength(25);
});

test.each(fixtures)("$id: $title", async ({ stubs, items, output, better }) => {
  const converter = stubs ? new Stubs() : new ThreadItemConverter();
  const converted = converter.toModelInput(items.map(itemOf));
  if (output.raised !== undefined) {
    const error = await converted.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ChatError);
    expect(error).toMatchObject({ code: "not_implemented" });
  } else if (better !== undefined) {
    expect(JSON.stringify(await converted)).toContain(better.contains);
  } else {
    expectLike(await converted, output.input ?? null);
  }
});
