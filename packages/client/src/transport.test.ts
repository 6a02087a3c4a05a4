import { expect, test } from "vitest";
import { WAYBILL } from "../test/scripted-server.ts";
import { createChatClientOn } from "./chat-client.ts";
import { type ChatClientOptions, ChatFailure, doctorCommand, type Verdict } from "./index.ts";
import type { ClientPage } from "./page.ts";

interface Probe {
  readonly url: string;
  readonly init: RequestInit;
}

/** A browser's page on https://app.example whose probes are answered by `answer`. */
const pageWith = (
  answer: (probe: Probe) => Promise<Response>,
  probes: Probe[] = [],
  changes: Partial<ClientPage> = {},
): ClientPage => ({
  origin: "https://app.example",
  url: "https://app.example/chat",
  baseUrl: "https://app.example/chat",
  isOnline: () => true,
  localNetworkAccess: async () => "unknown",
  watchPolicy: () => ({
    directiveThatBlocked: () => null,
    stop: () => undefined,
  }),
  timingsOf: () => [],
  fetch: async (input, init = {}) => {
    const probe = { url: String(input), init };
    probes.push(probe);
    return await answer(probe);
  },
  ...changes,
});

const rejected = (): Promise<never> => Promise.reject(new TypeError("Failed to fetch"));

/** Sends a turn to a Waybill server that is reached once, and then no more. */
async function lostTurn(
  page: ClientPage,
  beforeLoss?: () => void,
  signal?: AbortSignal,
  options: Partial<ChatClientOptions> = {},
): Promise<unknown> {
  const client = createChatClientOn(page, {
    url: "https://api.example/base/chatkit",
    ...options,
    headers: { authorization: "Bearer secret" },
    fetch: async (input) => {
      if (String(input).endsWith("/v1")) return Response.json({}, { headers: WAYBILL });
      beforeLoss?.();
      return await rejected();
    },
  });
  try {
    for await (const _ of client.send({ text: "x" }, signal === undefined ? {} : { signal }));
    return undefined;
  } catch (error) {
    return error;
  }
}

const verdictOf = (error: unknown): Verdict => {
  expect(error).toBeInstanceOf(ChatFailure);
  return (error as ChatFailure).verdict;
};

test("probes once each, by GET and HEAD, with nothing of the page's own", async () => {
  const probes: Probe[] = [];
  const verdict = verdictOf(await lostTurn(pageWith(rejected, probes)));
  expect(verdict).toMatchObject({ cause: "network_down", retry: "keyed" });
  expect(probes.map(({ url, init }) => `${init.method} ${url} ${init.mode ?? "cors"}`)).toEqual([
    "GET https://api.example/base/v1 cors",
    "HEAD https://api.example/base/chatkit.js cors",
    "HEAD https://api.example/base/v1 no-cors",
    "HEAD https://app.example/ cors",
  ]);
  for (const { init } of probes) {
    expect(init).toMatchObject({ credentials: "omit", cache: "no-store" });
    expect(init.headers).toBeUndefined();
    expect(init.body).toBeUndefined();
  }
});

const broken = { error: { code: "internal_error", message: "x", request_id: "req_1" }, message: "x" };

test.each<[string, () => Promise<Response>, object]>([
  [
    "is up",
    async () => Response.json({}, { headers: WAYBILL }),
    { cause: "way_broken", confidence: "likely", retry: "keyed" },
  ],
  [
    "is up and fails",
    async () => Response.json(broken, { status: 500, headers: WAYBILL }),
    { cause: "way_broken", code: "internal_error", status: 500 },
  ],
  [
    "cannot be reached from there either",
    async () => new Response("Bad gateway", { status: 502, headers: WAYBILL }),
    { cause: "server_unreachable", confidence: "likely" },
  ],
  [
    "is not what answers there",
    async () => new Response("<title>App</title>"),
    { cause: "server_unreachable", confidence: "possible" },
  ],
  ["is not asked, because the page's server is gone", rejected, { cause: "network_down" }],
])("asks by way of the page's own server, and learns that the server %s", async (_, relayed, expected) => {
  const probes: Probe[] = [];
  const page = pageWith(async ({ url }) => {
    if (url === "https://app.example/chat/v1") return relayed();
    return url.startsWith("https://app.example/") && relayed !== rejected ? new Response("") : rejected();
  }, probes);
  const verdict = verdictOf(await lostTurn(page, undefined, undefined, { relay: "/chat/" }));
  expect(verdict).toMatchObject(expected);
  const { init } = probes.at(-1) ?? {};
  expect(init).toMatchObject({ method: "GET", credentials: "omit" });
  expect(init?.headers).toBeUndefined();
});

test("names a failure by its Server-Timing where the answer itself cannot be read", async () => {
  const asked: string[] = [];
  const page = (code: string): ClientPage => {
    // A Response that a page makes cannot be opaque.
    const opaque = Object.defineProperty(new Response(null), "type", { value: "opaque" });
    return pageWith(({ init }) => (init.mode === "no-cors" ? Promise.resolve(opaque) : rejected()), [], {
      timingsOf: (url) => {
        asked.push(url);
        const entry = (name: string, description: string) =>
          ({ name, description }) as PerformanceServerTiming;
        return [
          { serverTiming: [entry("waybill", "deadline_exceeded")] },
          { serverTiming: [entry("cdn", "hit"), entry("waybill", code)] },
        ];
      },
    });
  };
  const verdict = verdictOf(await lostTurn(page("shutting_down")));
  expect(verdict).toMatchObject({
    cause: "cors_missing_or_masked",
    confidence: "likely",
    code: "shutting_down",
    alternatives: [
      "a server that does not list this page's origin",
      "a refused preflight",
      "a proxy that answered without CORS headers",
    ],
  });
  expect(verdict.userMessage).toContain("It hides a failure of the server itself.");
  expect(asked).toEqual(["https://api.example/base/v1"]);
  // What is not of the table is nobody's to show.
  const odd = verdictOf(await lostTurn(page("select * from users")));
  expect(odd.code).toBeUndefined();
  expect(JSON.stringify(odd)).not.toContain("select");
});

test("keeps secrets out of the verdict and of the command that repeats the request", async () => {
  const verdict = verdictOf(
    await lostTurn(pageWith(rejected), undefined, undefined, {
      url: "https://api.example/base/chatkit?key=hush",
      headers: { authorization: "Bearer secret", "x-api-key": "secret", "accept-language": "de" },
    }),
  );
  expect(verdict.request.headers).toEqual([
    "accept: text/event-stream",
    "authorization: REDACTED",
    "content-type: application/json",
    "idempotency-key: REDACTED",
  ]);
  expect(doctorCommand(verdict)).not.toMatch(/secret|hush/);
});

test("tells a device that was offline from one that went offline while it waited", async () => {
  let online = true;
  const page = pageWith(rejected, [], { isOnline: () => online });
  const during = verdictOf(await lostTurn(page, () => (online = false)));
  expect(during).toMatchObject({ cause: "offline", retry: "keyed" });
  expect(during.userMessage).toContain("Your message may have arrived.");
  const before = verdictOf(await lostTurn(page));
  expect(before).toMatchObject({ cause: "offline", retry: "safe" });
  expect(before.userMessage).toBe("Your message is kept and was not sent.");
});

test("throws the caller's reason also when the caller stops during the probes", async () => {
  const caller = new AbortController();
  const reason = new Error("enough");
  const page = pageWith(() => {
    caller.abort(reason);
    return rejected();
  });
  expect(await lostTurn(page, undefined, caller.signal)).toBe(reason);
});

test("believes a report of the page's policy that comes behind the rejection", async () => {
  let reported = false;
  const page = pageWith(rejected, [], {
    watchPolicy: () => ({
      directiveThatBlocked: () => (reported ? "connect-src" : null),
      stop: () => undefined,
    }),
  });
  const error = await lostTurn(page, () => setTimeout(() => (reported = true)));
  expect(verdictOf(error)).toMatchObject({ cause: "csp_blocked", retry: "safe" });
});

test("resolves a relative address against the page", async () => {
  const asked: string[] = [];
  const client = createChatClientOn(pageWith(rejected), {
    url: "api/chatkit",
    fetch: async (input) => {
      asked.push(String(input));
      return Response.json({ data: [], has_more: false });
    },
  });
  await client.listThreads();
  expect(asked).toEqual(["https://app.example/api/chatkit"]);
});
