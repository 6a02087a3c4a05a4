export type { MutableHeaders } from "./apply-cors.ts";
export { applyCors, varyWith } from "./apply-cors.ts";
export type { CorsIssue, CorsIssueCode } from "./cors-issue.ts";
export type {
  AllowOrigin,
  CorsConfig,
  CorsDecision,
  CorsPolicy,
  CorsPolicyResult,
  CorsRequest,
  HeaderLine,
} from "./cors-policy.ts";
export { createCorsPolicy } from "./cors-policy.ts";
export type { Origin, OriginProblem } from "./origin.ts";
export { isLoopbackOrigin, isOriginProblem, parseOrigin } from "./origin.ts";
