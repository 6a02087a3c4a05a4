import type { Json } from "@waybill/protocol";

/** An object of JSON values. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** One operation of a script, as `conformance/README.md` describes them. */
export type Operation =
  | { readonly op: "event"; readonly event: JsonObject }
  | {
      readonly op: "text_stream";
      readonly chunks: readonly string[];
      readonly annotations?: readonly Json[];
      readonly wait?: boolean;
    }
  | {
      readonly op: "stream_widget";
      readonly widget?: JsonObject;
      readonly states?: readonly (JsonObject | string)[];
      readonly copy_text?: string;
      readonly dynamic?: boolean;
    }
  | {
      readonly op: "client_tool_call";
      readonly name: string;
      readonly call_id: string;
      readonly arguments: JsonObject;
    }
  | {
      readonly op: "hidden_context";
      readonly content: Json;
      readonly via?: "done" | "added" | "replaced";
    }
  | { readonly op: "set_title"; readonly title: string | null }
  | { readonly op: "set_status"; readonly status: JsonObject }
  | { readonly op: "set_metadata"; readonly metadata: JsonObject }
  | { readonly op: "set_allowed_image_domains"; readonly domains: readonly string[] | null }
  | {
      readonly op: "throw";
      readonly kind: "stream_error" | "custom_stream_error" | "plain";
      readonly code?: string;
      readonly message?: string;
      readonly allow_retry?: boolean;
    }
  | { readonly op: "repeat"; readonly times: number; readonly ops: Script }
  | { readonly op: "wait_for_cancel" }
  | { readonly op: "return"; readonly updated_item?: JsonObject };

/** What a turn does, operation by operation. */
export type Script = readonly Operation[];

/** Scripts by their names. */
export type Scripts = Readonly<Record<string, Script>>;
