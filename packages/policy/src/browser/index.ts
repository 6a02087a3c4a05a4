export type {
  Answer,
  Exchange,
  Hop,
  Page,
  PageRequest,
  Prediction,
  Readable,
  RequestBody,
  SentPreflight,
  SentRequest,
} from "./exchange.ts";
export { predict } from "./predict.ts";
export type { BrowserProfile, Departure, DepartureName } from "./profile.ts";
export { chromium, DEPARTURES, standard } from "./profile.ts";
export { isSameSite } from "./response.ts";
export type { ConstructorFailure, CorsError, NetworkFailure, Verdict } from "./verdict.ts";
