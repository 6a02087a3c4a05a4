import type { OriginProblem } from "./origin.ts";

/** Everything that can be said against a configuration. */
export type CorsIssueCode =
  | OriginProblem["code"]
  | "option_type"
  | "option_unknown"
  | "option_obsolete"
  | "origins_empty"
  | "origin_repeated"
  | "origin_covered"
  | "wildcard_beside_origins"
  | "wildcard_with_credentials"
  | "wildcard_without_authorization"
  | "insecure_with_credentials"
  | "public_suffix_with_credentials"
  | "public_suffix_unknown"
  | "method_not_a_token"
  | "method_forbidden"
  | "method_never_sent"
  | "method_case"
  | "header_not_a_token"
  | "header_forbidden"
  | "header_not_exposable"
  | "header_not_exposed"
  | "max_age_out_of_range"
  | "max_age_capped"
  | "timing_not_allowed"
  | "resource_policy_too_narrow";

/** One thing that is wrong with a configuration (`error`), or probably not what is meant (`warning`). */
export interface CorsIssue {
  readonly code: CorsIssueCode;
  /** The option, for example `origins[1]`. */
  readonly path: string;
  readonly severity: "error" | "warning";
  /** What is wrong, in a sentence. */
  readonly message: string;
  /** What to write instead, in a sentence. */
  readonly fix: string;
}

/** Takes an issue down. */
export type AddIssue = (
  severity: CorsIssue["severity"],
  path: string,
  code: CorsIssueCode,
  message: string,
  fix: string,
) => void;
