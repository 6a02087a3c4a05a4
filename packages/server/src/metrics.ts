import { ChatError } from "@waybill/protocol";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Importer } from "./attachments/index.ts";
import type { Store } from "./ports/store.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { Respond } from "./responders/respond.ts";

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What a server counts. Labels have few values: no ids, no users, no addresses. */
export interface Metrics {
  /** Counts an answer. */
  request(facts: RequestFacts): void;
  /** The store, with its runs counted and its journal timed. */
  store(store: Store): Store;
  /** The responder, with the time to its first event measured. */
  respond(respond: Respond): Respond;
  /** The importer, with its outcomes counted: `ok`, or the code of the error. */
  importer(importer: Importer): Importer;
  /** Everything, in the text format of Prometheus. */
  expose(): Promise<Response>;
}

/** Metrics of one server, with nothing counted yet. `activeRuns` is asked whenever they are read. */
export function createMetrics(activeRuns: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: "waybill_requests_total",
    help: "Answers by route, method and status; a stream counts when it begins.",
    labelNames: ["route", "method", "status"],
    registers,
  });
  registry.registerMetric(
    new Gauge({
      name: "waybill_runs_active",
      help: "Answers that are being written.",
      registers: [],
      collect() {
        this.set(activeRuns());
      },
    }),
  );
  const runs = new Counter({
    name: "waybill_runs_total",
    help: "Answers that have ended, by outcome.",
    labelNames: ["state"],
    registers,
  });
  const firstEvent = new Histogram({
    name: "waybill_run_first_event_seconds",
    help: "From asking the responder to its first event.",
    buckets: SECONDS,
    registers,
  });
  const imports = new Counter({
    name: "waybill_imports_total",
    help: "Attachments asked for at an address, by outcome: ok when bytes begin to come, or the error's code.",
    labelNames: ["outcome"],
    registers,
  });
  const append = new Histogram({
    name: "waybill_journal_append_seconds",
    help: "From handing entries to the journal to their being stored.",
    buckets: SECONDS,
    registers,
  });

  return {
    request: ({ route, method, status }) => requests.inc({ route, method, status }),
    store: (store) =>
      override(store, {
        runs: override(store.runs, {
          async append(runId, entries) {
            const end = append.startTimer();
            await store.runs.append(runId, entries);
            end();
          },
          async finish(runId, state, entries) {
            const end = append.startTimer();
            const isFirst = await store.runs.finish(runId, state, entries);
            if (isFirst) {
              end();
              runs.inc({ state });
            }
            return isFirst;
          },
        }),
      }),
    respond: (respond) => (context, message) => {
      const end = firstEvent.startTimer();
      const events = respond(context, message);
      return { [Symbol.asyncIterator]: () => whenFirst(events[Symbol.asyncIterator](), end) };
    },
    importer: (importer) =>
      override(importer, {
        async open(sourceUrl, options) {
          try {
            const source = await importer.open(sourceUrl, options);
            imports.inc({ outcome: "ok" });
            return source;
          } catch (error) {
            const outcome = error instanceof ChatError ? error.code : "aborted";
            imports.inc({ outcome });
            throw error;
          }
        },
      }),
    expose: async () =>
      new Response(await registry.metrics(), {
        headers: { "content-type": registry.contentType, "cache-control": "no-store" },
      }),
  };
}

/** The same iterator; `tell` is called once, when its first value is there. */
function whenFirst<T>(iterator: AsyncIterator<T>, tell: () => void): AsyncIterator<T> {
  const next = () => iterator.next();
  const watched: AsyncIterator<T> = {
    async next() {
      watched.next = next;
      const result = await iterator.next();
      if (result.done !== true) tell();
      return result;
    },
    return: async (value) => iterator.return?.(value) ?? { done: true, value: await value },
  };
  return watched;
}

/** `target` with some members replaced; the others stay bound to it, whatever it is made of. */
function override<T extends object>(target: T, members: Partial<T>): T {
  const methods = new Map<PropertyKey, { readonly of: object; readonly bound: unknown }>();
  return new Proxy(target, {
    get(_, key) {
      if (Object.hasOwn(members, key)) return Reflect.get(members, key);
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== "function") return member;
      let method = methods.get(key);
      if (method?.of !== member) {
        method = { of: member, bound: member.bind(target) };
        methods.set(key, method);
      }
      return method.bound;
    },
  });
}
