/**
 * Chromium's names of what goes wrong in CORS, all of `Network.CorsError`: so a prediction can be
 * compared with `Network.loadingFailed`.
 *
 * Source: Chrome DevTools Protocol, Network.CorsError.
 */
export type CorsError =
  | "DisallowedByMode"
  | "InvalidResponse"
  | "WildcardOriginNotAllowed"
  | "MissingAllowOriginHeader"
  | "MultipleAllowOriginValues"
  | "InvalidAllowOriginValue"
  | "AllowOriginMismatch"
  | "InvalidAllowCredentials"
  | "CorsDisabledScheme"
  | "PreflightInvalidStatus"
  | "PreflightDisallowedRedirect"
  | "PreflightWildcardOriginNotAllowed"
  | "PreflightMissingAllowOriginHeader"
  | "PreflightMultipleAllowOriginValues"
  | "PreflightInvalidAllowOriginValue"
  | "PreflightAllowOriginMismatch"
  | "PreflightInvalidAllowCredentials"
  | "PreflightMissingAllowExternal"
  | "PreflightInvalidAllowExternal"
  | "InvalidAllowMethodsPreflightResponse"
  | "InvalidAllowHeadersPreflightResponse"
  | "MethodDisallowedByPreflightResponse"
  | "HeaderDisallowedByPreflightResponse"
  | "RedirectContainsCredentials"
  | "InsecureLocalNetwork"
  | "InvalidLocalNetworkAccess"
  | "NoCorsRedirectModeNotFollow"
  | "LocalNetworkAccessPermissionDenied";

/** Why `new Request()` throws a TypeError: nothing is sent, and no rule of CORS is asked. */
export type ConstructorFailure =
  | "InvalidUrl"
  | "UrlWithCredentials"
  | "InvalidMethod"
  | "ForbiddenMethod"
  | "MethodNotAllowedInNoCors"
  | "InvalidHeader"
  | "BodyWithGetOrHead"
  | "StreamNotAllowedInNoCors";

/** Why a request fails that is no matter of CORS, and that a page cannot tell from it. */
export type NetworkFailure =
  | "BadPort"
  | "MixedContent"
  | "UnsupportedScheme"
  | "RedirectRefused"
  | "RedirectLoop"
  | "RedirectToOtherScheme"
  | "InvalidLocation"
  | "EmbeddedCredentials"
  | "StreamRedirected"
  | "StreamNeedsHttp2"
  | "ProxyAuthentication"
  | "CrossOriginResourcePolicy"
  | "ConnectionFailed";

/**
 * What a browser concludes. `ok`: the page reads the answer; `opaque`, `opaque-redirect`: it gets one
 * that tells nothing; everything else rejects.
 */
export type Verdict = "ok" | "opaque" | "opaque-redirect" | CorsError | ConstructorFailure | NetworkFailure;
