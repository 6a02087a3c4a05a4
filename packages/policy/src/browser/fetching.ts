import type { HeaderLine } from "../cors-policy.ts";
import { isBadPort, isHttp, isMixedContent } from "./address.ts";
import type { ConstructedRequest } from "./construct.ts";
import { corsCheck } from "./cors-check.ts";
import type { Answer, Exchange, Hop, Prediction, Readable, SentPreflight, SentRequest } from "./exchange.ts";
import { sortAndCombine } from "./header-list.ts";
import { maxAgeSeconds, needsPreflight, preflightError } from "./preflight.ts";
import { BODY_HEADERS, becomesGet, hasNoNetwork, isRedirect, MAX_REDIRECTS, targetOf } from "./redirect.ts";
import { isBlockedByResourcePolicy, readableOf } from "./response.ts";
import { type Departs, isSentHint, unsafeNames } from "./safelist.ts";
import type { Verdict } from "./verdict.ts";

/** Fetch, "response tainting": whose the answer is taken to be. */
type Tainting = "basic" | "cors" | "opaque";
type End = { readonly verdict: Verdict; readonly readable?: Readable };

/** One request on its way through its hops. Where the standard has one network error, the order is Chromium's. */
export class Fetching {
  readonly #exchange: Exchange;
  readonly #departs: Departs;
  readonly #preflights: SentPreflight[] = [];
  readonly #requests: SentRequest[] = [];
  #url: URL;
  #method: string;
  #headers: readonly HeaderLine[];
  #hasBody: boolean;
  #tainting: Tainting = "basic";
  #hop = 0;
  /** Fetch, "redirect-tainted origin". */
  #isOriginTainted = false;

  constructor(exchange: Exchange, { url, method, headers }: ConstructedRequest, departs: Departs) {
    this.#exchange = exchange;
    this.#departs = departs;
    this.#url = url;
    this.#method = method;
    this.#headers = headers;
    this.#hasBody = (exchange.request.body ?? null) !== null;
  }

  run(): Omit<Prediction, "departures"> {
    let end: End | null = null;
    while (end === null) end = this.#mainFetch();
    return {
      verdict: end.verdict,
      at: this.#hop,
      preflights: this.#preflights,
      requests: this.#requests,
      readable: end.readable ?? null,
    };
  }

  #isOwn(url: URL): boolean {
    const { origin } = this.#exchange.page;
    return origin !== "null" && url.origin === origin;
  }

  /** Fetch, "serializing a request origin". */
  get #origin(): string {
    return this.#isOriginTainted ? "null" : this.#exchange.page.origin;
  }

  get #withCredentials(): boolean {
    return this.#exchange.request.credentials === "include";
  }

  /** Asked where it makes a difference alone: a departure may change it. */
  get #mode(): "cors" | "no-cors" | "same-origin" {
    const { mode = "cors", body } = this.#exchange.request;
    return mode === "same-origin" &&
      body?.kind === "stream" &&
      this.#departs("stream-ignores-same-origin-mode")
      ? "cors"
      : mode;
  }

  /** Fetch, "main fetch"; null: a redirect, once more. */
  #mainFetch(): End | null {
    const { page, request } = this.#exchange;
    if (this.#url.protocol === "data:") return { verdict: "ok" };
    // Once an answer came from elsewhere, the way back is from elsewhere, too.
    if (!this.#isOwn(this.#url) || this.#tainting !== "basic") {
      const mode = this.#mode;
      if (mode === "same-origin") return { verdict: "DisallowedByMode" };
      if (mode === "no-cors" && (request.redirect ?? "follow") !== "follow") {
        return { verdict: "NoCorsRedirectModeNotFollow" };
      }
      if (!isHttp(this.#url)) {
        return { verdict: mode === "cors" || this.#hop === 0 ? "CorsDisabledScheme" : "UnsupportedScheme" };
      }
      this.#tainting = mode === "cors" ? "cors" : "opaque";
    }
    if (isBadPort(this.#url)) return { verdict: "BadPort" };
    if (isMixedContent(page.secure, this.#url)) return { verdict: "MixedContent" };
    return this.#httpFetch(this.#exchange.hops[this.#hop] ?? {});
  }

  /** Fetch, "HTTP fetch". */
  #httpFetch(hop: Hop): End | null {
    const refused = this.#tainting === "cors" ? this.#preflight(hop) : null;
    if (refused !== null) return { verdict: refused };
    const isStream = this.#hasBody && this.#exchange.request.body?.kind === "stream";
    if (isStream && this.#departs("stream-needs-http2")) return { verdict: "StreamNeedsHttp2" };
    this.#send();
    const { answer } = hop;
    if (answer === undefined) return { verdict: "ConnectionFailed" };
    const { redirect = "follow" } = this.#exchange.request;
    const target = isRedirect(answer.status)
      ? targetOf(answer.headers, this.#url, () => this.#departs("empty-location-is-none"))
      : null;
    if (
      typeof target === "string" &&
      (redirect !== "manual" || this.#departs("location-before-redirect-mode"))
    ) {
      return { verdict: target };
    }
    const error = this.#answerError(answer);
    if (error !== null) return { verdict: error };
    if (!isRedirect(answer.status)) return this.#end(answer);
    if (redirect === "manual") return { verdict: "opaque-redirect" };
    if (target instanceof URL) return this.#redirect(answer, target, redirect);
    if (redirect === "error" && !this.#departs("redirect-without-location-is-an-answer")) {
      return { verdict: "RedirectRefused" };
    }
    return this.#end(answer);
  }

  #answerError(answer: Answer): Verdict | null {
    if (this.#isProxyError(answer)) return "ProxyAuthentication";
    if (this.#tainting === "cors") return corsCheck(answer.headers, this.#origin, this.#withCredentials);
    return this.#tainting === "opaque" &&
      isBlockedByResourcePolicy(answer, this.#exchange.page.origin, this.#url)
      ? "CrossOriginResourcePolicy"
      : null;
  }

  #isProxyError({ status }: Answer): boolean {
    return status === 407 && this.#departs("proxy-authentication-is-an-error");
  }

  /** Whether a preflight is sent in any case. Source: XMLHttpRequest, "upload listener flag"; Fetch, "use-CORS-preflight flag". */
  get #isPreflightForced(): boolean {
    const { uploadListeners = false, body = null } = this.#exchange.request;
    if (body?.kind === "stream") return true;
    return uploadListeners && !(body === null && this.#departs("upload-listeners-need-a-body"));
  }

  /** Fetch, "CORS-preflight fetch"; null: not needed, or allowed. */
  #preflight({ preflight }: Hop): Verdict | null {
    const question = {
      origin: this.#origin,
      method: this.#method,
      headers: this.#headers,
      withCredentials: this.#withCredentials,
      isForced: this.#isPreflightForced,
    };
    const unsafe = unsafeNames(this.#headers, this.#departs);
    if (!needsPreflight(question, unsafe)) return null;
    const error =
      preflight === undefined
        ? "ConnectionFailed"
        : this.#isProxyError(preflight)
          ? "ProxyAuthentication"
          : preflightError(question, preflight, this.#departs);
    this.#preflights.push({
      hop: this.#hop,
      url: this.#url.href,
      origin: question.origin,
      requestMethod: question.method,
      requestHeaders: unsafe.length === 0 ? null : unsafe.join(","),
      maxAgeSeconds:
        error === null && preflight !== undefined ? maxAgeSeconds(preflight, this.#departs) : null,
    });
    return error;
  }

  /** Fetch, "HTTP-network-or-cache fetch", includeCredentials. */
  get #sendsCredentials(): boolean {
    const { credentials = "same-origin" } = this.#exchange.request;
    if (credentials !== "same-origin") return credentials === "include";
    if (this.#tainting === "basic") return true;
    return (
      this.#tainting === "opaque" &&
      this.#requests[0]?.credentials === true &&
      this.#departs("credentials-by-first-url-without-cors")
    );
  }

  #send(): void {
    const isSafe = this.#method === "GET" || this.#method === "HEAD";
    this.#requests.push({
      hop: this.#hop,
      url: this.#url.href,
      method: this.#method,
      // Fetch, "append a request `Origin` header"; the referrer policy is the default one.
      origin: this.#tainting === "cors" || !isSafe ? this.#origin : null,
      headers: sortAndCombine(this.#headers),
      hasBody: this.#hasBody,
      credentials: this.#sendsCredentials,
    });
  }

  /** Fetch, "HTTP-redirect fetch". */
  #redirect({ status }: Answer, target: URL, redirect: "follow" | "error"): End | null {
    if (hasNoNetwork(target)) return { verdict: "RedirectToOtherScheme" };
    if (this.#hop === MAX_REDIRECTS) return { verdict: "RedirectLoop" };
    const { mode = "cors", body } = this.#exchange.request;
    const hasUserInfo = target.username !== "" || target.password !== "";
    if (hasUserInfo && mode === "cors" && (this.#tainting === "cors" || !this.#isOwn(target))) {
      return { verdict: "RedirectContainsCredentials" };
    }
    if (redirect === "error") return { verdict: "RedirectRefused" };
    const isFetch = this.#exchange.request.uploadListeners !== true;
    if (hasUserInfo && isFetch && this.#departs("embedded-credentials-are-blocked")) {
      return { verdict: "EmbeddedCredentials" };
    }
    if (status !== 303 && this.#hasBody && body?.kind === "stream") return { verdict: "StreamRedirected" };
    if (becomesGet(status, this.#method)) {
      this.#method = "GET";
      this.#hasBody = false;
      this.#dropHeaders((name) => BODY_HEADERS.has(name));
    }
    if (target.origin !== this.#url.origin) {
      this.#dropHeaders((name) => name === "authorization");
      if (!this.#isOwn(this.#url) || this.#losesOrigin) this.#isOriginTainted = true;
    }
    if (
      !this.#isOwn(target) &&
      this.#headers.some(([name]) => isSentHint(name)) &&
      this.#departs("client-hints-stay-with-the-page")
    ) {
      this.#dropHeaders(isSentHint);
    }
    // Fetch, "location URL": without a fragment of its own, the one before stays.
    if (target.hash === "") target.hash = this.#url.hash;
    this.#url = target;
    this.#hop += 1;
    return null;
  }

  get #losesOrigin(): boolean {
    const isNamed = this.#method !== "GET" && this.#method !== "HEAD";
    return (
      isNamed &&
      this.#exchange.request.mode === "no-cors" &&
      this.#departs("origin-is-null-after-leaving-without-cors")
    );
  }

  #dropHeaders(isDropped: (name: string) => boolean): void {
    this.#headers = this.#headers.filter(([name]) => !isDropped(name));
  }

  #end(answer: Answer): End {
    if (this.#tainting === "opaque") return { verdict: "opaque" };
    return {
      verdict: "ok",
      readable: readableOf(answer, {
        filter: this.#tainting,
        withCredentials: this.#withCredentials,
        method: this.#method,
      }),
    };
  }
}
