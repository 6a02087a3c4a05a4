import { expect, test } from "vitest";
import { WAYBILL } from "../test/scripted-server.ts";
import { createChatClientOn } from "./chat-client.ts";
import { ChatFailure, type Verdict } from "./index.ts";
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
  watchPolicy: () => ({ directiveThatBlocked: () => null, stop: () => undefined }),
  fetch: async (input, init = {}) => {
    const probe = { url: String(input), init };
    probes.push(probe);
    return await answer(probe);
  },
  ...changes,
});

const rejected = (): Promise<never> => Promise.reject(new TypeError("Failed to fetch"));

/** Sends a turn to a Waybill server that is reached once, and then no more. */
async function lostTurn(page: ClientPage, beforeLoss?: () => void, signal?: AbortSignal): Promise<unknown> {
  const client = createChatClientOn(page, {
    url: "https://api.example/base/chatkit",
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
    "GET https://api.example/base/v1 no-cors",
    "HEAD https://app.example/ cors",
  ]);
  for (const { init } of probes) {
    expect(init).toMatchObject({ credentials: "omit", cache: "no-store" });
    expect(init.headers).toBeUndefined();
    expect(init.body).toBeUndefined();
  }
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
