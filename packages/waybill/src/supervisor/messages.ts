import type { ServerCors } from "@waybill/server";
import type { Problem } from "../serve/settings.ts";
import type { WaybillFacts } from "../serve/start.ts";

/** What `waybill serve` listens with. */
export type ListenerName = "api" | "files" | "demo";

/** What the supervisor tells its worker; `connection` comes with a socket. */
export type ToWorker =
  | { readonly kind: "listening"; readonly listener: ListenerName; readonly port: number }
  | {
      readonly kind: "cannot-listen";
      readonly listener: ListenerName;
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: "connection"; readonly listener: ListenerName; readonly id: number }
  | { readonly kind: "close" };

/** What the worker tells its supervisor. */
export type ToSupervisor =
  | {
      readonly kind: "listen";
      readonly listener: ListenerName;
      readonly port: number;
      readonly hostname: string;
    }
  /** The worker has let go of a connection. */
  | { readonly kind: "gone"; readonly id: number }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] }
  | {
      readonly kind: "ready";
      readonly facts: WaybillFacts;
      /** What the supervisor's own answers go by; null where a function decides, which cannot be told: then no page may read them. */
      readonly cors: (ServerCors & { readonly origins: readonly string[] | "*" }) | null;
      readonly authenticates: boolean;
    };
