import { expect, test, vi } from "vitest";
import type { Entity } from "./entity.ts";
import { TagSearch } from "./tag-search.ts";

function setUp() {
  const waiting: (() => void)[] = [];
  const asked: { query: string; answer: PromiseWithResolvers<readonly Entity[]> }[] = [];
  const counts: number[] = [];
  const tags = new TagSearch({
    search: () => (query) => {
      const answer = Promise.withResolvers<readonly Entity[]>();
      asked.push({ query, answer });
      return answer.promise;
    },
    changed: () => undefined,
    found: (count) => void counts.push(count),
    later: (act) => void waiting.push(act),
  });
  const rest = () => {
    for (const act of waiting.splice(0)) act();
  };
  return { tags, asked, counts, rest };
}

const entity = (title: string, group?: string): Entity => ({ id: title, title, ...(group ? { group } : {}) });

test("asks once for what is written after a pause, and says how many were found", async () => {
  const { tags, asked, counts, rest } = setUp();
  tags.follow("H");
  tags.follow("Ho");
  rest();
  expect(asked.map(({ query }) => query)).toEqual(["Ho"]);
  expect(tags.state).toMatchObject({ query: "Ho", status: "loading", found: [] });
  asked[0]?.answer.resolve([
    entity("Holm", "Places"),
    entity("Holter", "People"),
    entity("Hogsty", "Places"),
  ]);
  await vi.waitFor(() => expect(tags.state?.status).toBe("found"));
  expect(tags.state?.found.map(({ title }) => title)).toEqual(["Holm", "Hogsty", "Holter"]);
  rest();
  expect(counts).toEqual([3]);
});

test("drops an answer to what is no longer written", async () => {
  const { tags, asked, rest } = setUp();
  tags.follow("Ho");
  rest();
  tags.follow("Hol");
  rest();
  asked[1]?.answer.resolve([entity("Holm")]);
  await vi.waitFor(() => expect(tags.state?.status).toBe("found"));
  asked[0]?.answer.resolve([entity("stale")]);
  await asked[0]?.answer.promise;
  expect(tags.state?.found.map(({ title }) => title)).toEqual(["Holm"]);
  tags.follow(null);
  expect(tags.state).toBeNull();
});

test("says that none was found, or that the search failed", async () => {
  const { tags, asked, rest } = setUp();
  tags.follow("Xx");
  rest();
  asked[0]?.answer.resolve([]);
  await vi.waitFor(() => expect(tags.state).toMatchObject({ status: "found", found: [] }));
  tags.follow("Xxy");
  rest();
  asked[1]?.answer.reject(new Error("down"));
  await vi.waitFor(() => expect(tags.state?.status).toBe("failed"));
});

test("closes behind a name of several words that is none", async () => {
  const { tags, asked, rest } = setUp();
  tags.follow("a sentence");
  rest();
  asked[0]?.answer.resolve([]);
  await vi.waitFor(() => expect(tags.state).toBeNull());
});

test("stays closed while the same name is written on", () => {
  const { tags } = setUp();
  tags.follow("Ho");
  tags.close();
  tags.follow("Hol");
  expect(tags.state).toBeNull();
  tags.follow(null);
  tags.follow("Hol");
  expect(tags.state?.query).toBe("Hol");
});
