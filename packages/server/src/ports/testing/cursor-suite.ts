import { deepEqual } from "node:assert/strict";
import type { Store, StoredItem } from "../store.ts";
import { ann, answer, beginThread, hidden } from "./samples.ts";
import type { HarnessTest, TestRunner } from "./suite.ts";

const SEQUENCES = 5;
const STEPS = 40;

/** Numbers from 0 to `bound - 1`, the same ones for each seed, so that a failure comes again. */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** What `ThreadStore` promises of pages that are read while items come and go, held against a list in memory. */
export function cursorSuite({ describe }: TestRunner, test: HarnessTest<Store>): void {
  describe("items: pages while items come and go", () => {
    for (const order of ["asc", "desc"] as const) {
      test(`every item that stays is read once, in its place, ${order}`, async (store) => {
        for (let seed = 1; seed <= SEQUENCES; seed += 1) await walk(store, order, seed);
      });
    }
  });
}

async function walk(store: Store, order: "asc" | "desc", seed: number): Promise<void> {
  const draw = numbers(seed);
  const threadId = `t${seed}`;
  await beginThread(store, threadId, `r${seed}`);
  let model: StoredItem[] = [];
  let after: string | undefined;
  for (let step = 1; step <= STEPS; step += 1) {
    const kind = draw(10);
    if (kind < 4) {
      const id = `i${draw(2) === 0 ? step : draw(step)}`;
      const item = draw(4) === 0 ? hidden(threadId, id) : answer(threadId, id, `${id}, put in step ${step}`);
      await store.threads.change(ann, threadId, [{ type: "put_item", item }]);
      const known = model.findIndex((one) => one.id === id);
      model = known === -1 ? [...model, item] : model.toSpliced(known, 1, item);
      // A cursor names what was shown; what is hidden now may not be named.
      if (id === after && item.type === "sdk_hidden_context") after = undefined;
    } else if (kind < 6 && model.length > 0) {
      const item_id = model[draw(model.length)]?.id ?? "";
      await store.threads.change(ann, threadId, [{ type: "delete_item", item_id }]);
      model = model.filter(({ id }) => id !== item_id);
      // An unknown `after` is refused: whoever lists begins again.
      if (item_id === after) after = undefined;
    }
    const limit = 1 + draw(3);
    const listed = await store.threads.listItems(ann, threadId, {
      limit,
      order,
      hidden: false,
      ...(after === undefined ? {} : { after }),
    });
    const ordered = order === "asc" ? model : [...model].reverse();
    const rest = ordered
      .slice(ordered.findIndex(({ id }) => id === after) + 1)
      .filter(({ type }) => type !== "sdk_hidden_context");
    const data = rest.slice(0, limit);
    const last = data.at(-1)?.id;
    const more = rest.length > limit && last !== undefined;
    deepEqual(
      listed,
      more ? { data, has_more: true, after: last } : { data, has_more: false },
      `seed ${seed}, step ${step}: the ${order} page of ${limit} behind ${after ?? "nothing"}`,
    );
    after = listed.after;
  }
}
