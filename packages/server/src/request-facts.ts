import type { ErrorCode } from "@waybill/protocol";
import type { Principal } from "./ports/principal.ts";

/** What is known of a request when the head of its answer is there. Holds no header, no query and no body. */
export interface RequestFacts {
  readonly request_id: string;
  readonly method: string;
  /** Without its query, which may hold a signature. */
  readonly path: string;
  /** The route's pattern, for example `/f/:id/:variant`; `other` where none fits. */
  readonly route: string;
  readonly status: number;
  /** Until the head of the answer; a stream goes on. */
  readonly duration_ms: number;
  /** Of a refusal; also of one that is told in a stream, with status 200. */
  readonly code?: ErrorCode;
  /** Absent where nobody was asked, or recognised. */
  readonly principal?: Principal;
}

/** Told of every answer of the routes. Must not throw. */
export type OnRequest = (facts: RequestFacts) => void;
