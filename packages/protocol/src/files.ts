/** `POST /v1/files` as JSON: resolve an attachment of the caller, or import one. One of `id` and `source_url` is needed. */
export interface FileImportRequest {
  /** If the caller owns a ready attachment of this id, it is the answer and nothing is fetched. */
  readonly id?: string;
  /** Absolute http or https URL of the bytes. */
  readonly source_url?: string;
  /** @default the last segment of `source_url` */
  readonly name?: string;
  /** What the page takes the bytes to be; checked against them. */
  readonly mime_type?: string;
}

/** `GET /v1/files/{id}`: what the server knows of an attachment of the caller. */
export interface FileInfo {
  readonly id: string;
  readonly name: string;
  readonly mime_type: string;
  readonly type: "image" | "file";
  readonly state:
    | "reserved"
    | "receiving"
    | "received"
    | "inspecting"
    | "ready"
    | "linked"
    | "tombstoned"
    | "rejected"
    | "expired";
  readonly size_bytes: number;
  /** 64 hexadecimal digits; absent until the bytes are in. */
  readonly sha256?: string;
  /** Pixels; images only. */
  readonly width?: number;
  readonly height?: number;
  /** Signed and short-lived; from state `ready` on. */
  readonly url?: string;
  readonly preview_url?: string;
}

/** `GET /v1`: what this server can do. */
export interface Capabilities {
  readonly name: "waybill";
  readonly version: string;
  readonly attachments: {
    /** Ways in that are open: `import` by URL. */
    readonly ways: readonly ("import" | "direct" | "two_phase" | "resumable")[];
    readonly max_count: number;
    /** Largest size in bytes by MIME pattern; the pattern with two stars is the rest. */
    readonly max_bytes: Readonly<Record<string, number>>;
    /** MIME patterns that are taken. */
    readonly accept: readonly string[];
  };
  readonly resume: boolean;
}

/** How a run stands. `active` alone is not final. */
export type RunState = "active" | "completed" | "failed" | "stopped" | "interrupted";

/** `GET /v1/runs?thread_id=`: the newest run of a thread, or `null`. */
export interface RunInfo {
  readonly id: string;
  readonly thread_id: string;
  readonly state: RunState;
}
