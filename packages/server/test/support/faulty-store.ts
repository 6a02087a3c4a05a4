import type { Store } from "@waybill/server/ports";

/** A store whose calls can be made to fail. */
export interface FaultyStore {
  readonly store: Store;
  /** Calls since the last arming, by name, in their order. */
  readonly calls: readonly string[];
  /** From now on the call of this number, counted from 1, rejects, and with `lasting` every later one, too. */
  arm(call: number, options?: { readonly lasting?: boolean }): void;
  /** Nothing fails any more. */
  disarm(): void;
}

/** Wraps every method of the three ports of `store`; opening and closing never fail. */
export function faultyStore(store: Store): FaultyStore {
  const calls: string[] = [];
  let failing = (_call: number) => false;
  const wrap = <Port extends object>(name: string, port: Port): Port =>
    new Proxy(port, {
      get(target, key) {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== "function") return member;
        return async (...values: unknown[]) => {
          calls.push(`${name}.${String(key)}`);
          if (failing(calls.length)) throw new Error("disk I/O error");
          return Reflect.apply(member, target, values);
        };
      },
    });
  return {
    store: {
      description: store.description,
      open: () => store.open(),
      close: () => store.close(),
      threads: wrap("threads", store.threads),
      attachments: wrap("attachments", store.attachments),
      runs: wrap("runs", store.runs),
    },
    calls,
    arm(call, { lasting = false } = {}) {
      calls.length = 0;
      failing = (number) => (lasting ? number >= call : number === call);
    },
    disarm() {
      failing = () => false;
    },
  };
}
