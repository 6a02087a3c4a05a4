export type { MutableHeaders } from "./apply-cors.ts";
export { applyCors, varyWith } from "./apply-cors.ts";
export type {
  CorsConfig,
  CorsDecision,
  CorsIssue,
  CorsPolicy,
  CorsPolicyResult,
  CorsRequest,
  HeaderLine,
} from "./cors-policy.ts";
export { createCorsPolicy } from "./cors-policy.ts";
export type { Origin, OriginProblem } from "./origin.ts";
export { isLoopbackOrigin, isOriginProblem, parseOrigin } from "./origin.ts";
