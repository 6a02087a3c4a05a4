import { type Check, mustAnswer, mustEqual, Person, pageIn, refusal } from "../suite/check.ts";
import type { JsonObject } from "../suite/scenario.ts";

type List = "threads.list" | "items.list";

const idsOf = (entries: readonly JsonObject[]) => entries.map(({ id }) => `${id}`);

/** The ids that a list has when it is read to its end by pages of `limit`; `between` happens behind the first page. */
async function walk(
  person: Person,
  type: List,
  params: JsonObject,
  between: (ids: readonly string[]) => Promise<void> = async () => {},
): Promise<readonly string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = pageIn(await person.ask(type, { ...params, ...(after === undefined ? {} : { after }) }));
    ids.push(...idsOf(page.data));
    if (after === undefined) await between(ids);
    ({ after } = page);
  } while (after !== undefined);
  return ids;
}

async function threads(person: Person, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await person.thread("script:empty"));
  return ids;
}

/** Lists that are read while they change. */
export const pageChecks: readonly Check[] = [
  {
    name: "pages of any size, in both directions, have every thread once and in order",
    requirements: ["PAGE-LIST-002", "PAGE-LIST-003"],
    needs: "protocol",
    async run(world) {
      const person = new Person(world);
      const all = await threads(person, 7);
      for (let limit = 1; limit <= 8; limit += 1) {
        mustEqual(await walk(person, "threads.list", { limit, order: "asc" }), all, `pages of ${limit}, asc`);
        const desc = await walk(person, "threads.list", { limit, order: "desc" });
        mustEqual(desc, all.toReversed(), `pages of ${limit}, desc`);
      }
    },
  },
  {
    name: "pages of any size, in both directions, have every item once and in order",
    requirements: ["PAGE-LIST-002", "PAGE-LIST-003"],
    needs: "protocol",
    async run(world) {
      const person = new Person(world);
      const thread_id = await person.thread("script:items_5");
      const all = idsOf(await person.items(thread_id));
      mustEqual(all.length, 6, "items");
      for (let limit = 1; limit <= 7; limit += 1) {
        const asc = await walk(person, "items.list", { thread_id, limit, order: "asc" });
        mustEqual(asc, all, `pages of ${limit}, asc`);
        const desc = await walk(person, "items.list", { thread_id, limit, order: "desc" });
        mustEqual(desc, all.toReversed(), `pages of ${limit}, desc`);
      }
    },
  },
  {
    name: "a list that is read newest first has each of its entries once although new ones come",
    requirements: ["PAGE-CURSOR-001"],
    needs: "protocol",
    async run(world) {
      const person = new Person(world);
      const all = await threads(person, 5);
      const seen = await walk(person, "threads.list", { limit: 2 }, async () => {
        await threads(person, 2);
      });
      mustEqual(seen, all.toReversed(), "what was read");
    },
  },
  {
    name: "a list that is read oldest first ends with the entries that came meanwhile",
    requirements: ["PAGE-CURSOR-001"],
    needs: "protocol",
    async run(world) {
      const person = new Person(world);
      const all = await threads(person, 3);
      let came: readonly string[] = [];
      const seen = await walk(person, "threads.list", { limit: 2, order: "asc" }, async () => {
        came = await threads(person, 2);
      });
      mustEqual(seen, [...all, ...came], "what was read");
    },
  },
  {
    name: "a list skips nothing and doubles nothing when entries before and behind the cursor are deleted",
    requirements: ["PAGE-CURSOR-002"],
    needs: "protocol",
    async run(world) {
      const person = new Person(world);
      const all = await threads(person, 6);
      const [, second, third, fourth, fifth, sixth] = all;
      const seen = await walk(person, "threads.list", { limit: 2 }, async () => {
        for (const thread_id of [sixth, third])
          await person.ask("threads.delete", { thread_id: `${thread_id}` });
      });
      mustEqual(seen, [sixth, fifth, fourth, second, all[0]], "what was read");
    },
  },
  {
    name: "a list of items goes on behind an item although others were removed and added",
    requirements: ["PAGE-CURSOR-001", "PAGE-CURSOR-002"],
    needs: "protocol",
    async run(world) {
      const person = new Person(world);
      const thread_id = await person.thread("script:items_5");
      const all = idsOf(await person.items(thread_id));
      const seen = await walk(person, "items.list", { thread_id, limit: 3, order: "asc" }, async () => {
        const input = {
          content: [{ type: "input_text", text: "script:text" }],
          attachments: [],
          inference_options: {},
        };
        await person.ask("threads.add_user_message", { thread_id, input });
      });
      mustEqual(seen.slice(0, all.length), all, "what was there");
      mustEqual(seen.length, all.length + 2, "how many");
    },
  },
  {
    name: "a cursor that names another list's entry, another user's or a deleted one is refused",
    requirements: ["PAGE-LIST-004"],
    needs: "waybill",
    async run(world) {
      const [person, other] = [new Person(world), new Person(world)];
      const [thread_id = "", second = "", deleted = ""] = await threads(person, 3);
      const [foreign = ""] = await threads(other, 1);
      const [item = ""] = idsOf(await person.items(second));
      const [foreignItem = ""] = idsOf(await other.items(foreign));
      await person.ask("threads.delete", { thread_id: deleted });
      for (const after of [item, foreign, deleted, "nowhere"])
        mustAnswer(await person.ask("threads.list", { after }), refusal(400, "invalid_request"));
      for (const after of [item, foreignItem, thread_id, "nowhere"])
        mustAnswer(await person.ask("items.list", { thread_id, after }), refusal(400, "invalid_request"));
    },
  },
  {
    name: "the largest limit there is, is taken",
    requirements: ["PAGE-LIST-005"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const all = await threads(person, 2);
      const page = pageIn(await person.ask("threads.list", { limit: Number.MAX_SAFE_INTEGER, order: "asc" }));
      mustEqual(idsOf(page.data), all, "threads");
    },
  },
];
