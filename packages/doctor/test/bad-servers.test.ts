import { createServer } from "node:http";
import { type AddressInfo, isIPv6, type LookupFunction, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import type { Exchange, Failed, Received } from "../src/exchange.ts";
import type { AskOptions } from "../src/question.ts";
import { send } from "../src/send.ts";
import { RawServer } from "./support/raw-server.ts";

const SHORT: AskOptions = { timeoutMs: 300 };

const get = (url: string, options: AskOptions = {}, method = "GET"): Promise<Exchange> =>
  send({ purpose: "request", why: "", via: null, method, url, headers: [["X-A", "1"]] }, options);

function received({ outcome }: Exchange): Received {
  if (outcome.kind === "failed") throw new Error(outcome.message);
  return outcome;
}

function failed({ outcome }: Exchange): Failed {
  if (outcome.kind === "received") throw new Error(`answered with ${outcome.status}`);
  return outcome;
}

/** Answers with these bytes; once it has been asked, no connection stays. */
async function answerOf(bytes: string, options: AskOptions = {}, method = "GET"): Promise<Exchange> {
  await using server = await RawServer.says(bytes);
  const exchange = await get(server.url, options, method);
  await server.isLeft();
  return exchange;
}

describe("nobody answers", () => {
  test("a port at which nobody listens", async () => {
    const server = await RawServer.says("");
    const { url } = server;
    await server[Symbol.asyncDispose]();
    expect(failed(await get(url))).toEqual({
      kind: "failed",
      fault: "refused",
      message: expect.stringMatching(
        /^Nobody listens at the port \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)\.$/,
      ),
    });
  });

  test("a name that does not exist, by the system's resolver and by one's own", async () => {
    const none: LookupFunction = (name, _options, done) =>
      done(Object.assign(new Error(`${name} is nowhere`), { code: "ENOTFOUND" }), "");
    const message = "The name name.invalid has no address.";
    expect(failed(await get("http://name.invalid/"))).toMatchObject({ fault: "name-not-found", message });
    expect(failed(await get("http://name.invalid/", { lookup: none }))).toMatchObject({
      fault: "name-not-found",
      message,
    });
  });

  test("a resolver that never comes back", async () => {
    expect(failed(await get("http://name.invalid/", { ...SHORT, lookup: () => {} }))).toMatchObject({
      fault: "timeout",
      message: "There was no connection within 300 ms.",
    });
  });

  test.each([
    ["a name", "http://inside.example/"],
    ["an IPv4 address", "http://127.0.0.1:9/"],
    ["an IPv6 address", "http://[::1]:9/"],
  ])("an address that must not be asked is not: %s", async (_name, url) => {
    const seen: string[] = [];
    const guard: LookupFunction = (name, _options, done) => {
      seen.push(name);
      done(new Error("private address"), "");
    };
    const thrower: LookupFunction = () => {
      throw new Error("private address");
    };
    const refused = { kind: "failed", fault: "address-refused", message: "private address" };
    expect(failed(await get(url, { lookup: guard }))).toEqual(refused);
    expect(failed(await get(url, { lookup: thrower }))).toEqual(refused);
    expect(seen).toEqual([new URL(url).hostname.replace(/[[\]]/g, "")]);
  });

  test("a server that closes at once, and one that resets", async () => {
    await using closing = await RawServer.start({ greet: (socket) => void socket.end() });
    await using resetting = await RawServer.start({ respond: (socket) => void socket.resetAndDestroy() });
    expect(failed(await get(closing.url)).fault).toBe("reset");
    expect(failed(await get(resetting.url)).fault).toBe("reset");
  });

  test("a server that never answers: the time limit is the head's", async () => {
    await using server = await RawServer.start({});
    const exchange = await get(server.url, SHORT);
    expect(failed(exchange)).toEqual({
      kind: "failed",
      fault: "timeout",
      message: "There was no answer within 300 ms.",
    });
    await server.isLeft();
  });

  test("a head that comes byte by byte, without end", async () => {
    const drip = (socket: Socket) => {
      socket.write("HTTP/1.1 200 OK\r\nX-Slow: ");
      const timer = setInterval(() => socket.write("."), 20);
      socket.on("close", () => clearInterval(timer));
    };
    await using server = await RawServer.start({ respond: drip });
    expect(failed(await get(server.url, SHORT)).fault).toBe("timeout");
    await server.isLeft();
  });

  test("whoever ends it gets the reason, and no connection stays", async () => {
    const end = new AbortController();
    const reason = new Error("enough");
    await using server = await RawServer.start({ respond: () => end.abort(reason) });
    await expect(get(server.url, { signal: end.signal })).rejects.toBe(reason);
    await server.isLeft();
    await expect(get(server.url, { signal: end.signal })).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });
});

describe("what comes back is no HTTP", () => {
  test.each([
    ["an SSH banner", "SSH-2.0-OpenSSH_9.6\r\n"],
    ["an alert of TLS", "\x15\x03\x01\x00\x02\x02\x46"],
    ["a mail server", "220 mail.example ESMTP\r\n"],
    ["a header without a colon", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n"],
    ["another protocol", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"],
  ])("%s", async (_name, bytes) => {
    expect(failed(await answerOf(bytes)).fault).toBe("not-http");
  });

  test("more headers than browsers read, which is 256 KiB", async () => {
    const head = (lines: number) =>
      `HTTP/1.1 200 OK\r\n${`X-Filler: ${"x".repeat(990)}\r\n`.repeat(lines)}\r\n`;
    expect(failed(await answerOf(head(300)))).toMatchObject({
      fault: "not-http",
      message: expect.stringContaining("The headers of the answer are larger than browsers read"),
    });
    expect(received(await answerOf(head(200))).headers).toHaveLength(200);
  });
});

describe("answers as they arrive", () => {
  test("lines that repeat, in their order and spelling; bytes beyond ASCII as Latin-1", async () => {
    const bytes =
      "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nX-ONE: \xe9\x01\r\nAccess-Control-Allow-Origin: *\r\n" +
      "set-cookie: a\r\nSet-Cookie: b\r\nContent-Length: 3\r\n\r\n\xc3\xa9!";
    const { headers, body, bodyEnd } = received(await answerOf(bytes));
    expect(headers).toEqual([
      ["Access-Control-Allow-Origin", "*"],
      ["X-ONE", "\xe9\x01"],
      ["Access-Control-Allow-Origin", "*"],
      ["set-cookie", "a"],
      ["Set-Cookie", "b"],
      ["Content-Length", "3"],
    ]);
    expect([body, bodyEnd]).toEqual(["é!", "complete"]);
  });

  test.each([
    [
      "HTTP/1.0, whose body ends with its connection",
      "HTTP/1.0 404 Gone\r\n\r\nrest",
      "1.0",
      404,
      "rest",
      "complete",
    ],
    ["a body without a length", "HTTP/1.1 500 Oops\r\n\r\nrest", "1.1", 500, "rest", "complete"],
    [
      "lines that end with a line feed alone",
      "HTTP/1.1 200 OK\nX-A: 1\n\nrest",
      "1.1",
      200,
      "rest",
      "complete",
    ],
    ["204", "HTTP/1.1 204 No Content\r\n\r\n", "1.1", 204, "", "complete"],
    [
      "304 that says how long it were",
      "HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n",
      "1.1",
      304,
      "",
      "complete",
    ],
    [
      "103 and 100 before the answer",
      "HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n",
      "1.1",
      201,
      "",
      "complete",
    ],
    [
      "chunks that are none",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n",
      "1.1",
      200,
      "abc",
      "broken",
    ],
    [
      "a body that breaks off",
      "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
      "1.1",
      200,
      "abc",
      "broken",
    ],
    [
      "a body that breaks off within a character",
      "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab\xc3",
      "1.1",
      200,
      "ab",
      "broken",
    ],
  ] as const)("%s", async (_name, bytes, httpVersion, status, body, bodyEnd) => {
    expect(received(await answerOf(bytes))).toMatchObject({ httpVersion, status, body, bodyEnd });
  });

  test("an answer to HEAD has no body, whatever it says", async () => {
    const bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
    expect(received(await answerOf(bytes, {}, "HEAD"))).toMatchObject({ body: "", bodyEnd: "complete" });
  });

  test("a body that stalls: what is there is read, with a time limit of its own", async () => {
    const respond = (socket: Socket) => void socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
    await using server = await RawServer.start({ respond });
    expect(received(await get(server.url, SHORT))).toMatchObject({ body: "abc", bodyEnd: "stalled" });
    await server.isLeft();
  });

  test("of a hundred megabytes the beginning is read, and the rest is left", async () => {
    const part = Buffer.alloc(65_536, "x");
    let written = 0;
    const server = createServer(async (_request, response) => {
      response.writeHead(200, { "Content-Length": String(100 * 2 ** 20) });
      const pour = () => {
        while (!response.destroyed && written < 100 * 2 ** 20) {
          written += part.length;
          if (!response.write(part)) return void response.once("drain", pour);
        }
      };
      pour();
    });
    const left = new Promise((resolve) => {
      server.on("connection", (socket) => socket.on("close", resolve));
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const answer = received(await get(`http://127.0.0.1:${port}/`));
    expect([answer.body.length, answer.bodyEnd]).toEqual([65_536, "cut"]);
    await left;
    expect(written).toBeLessThan(20 * 2 ** 20);
    expect(received(await get(`http://127.0.0.1:${port}/`, { bodyBytes: 0 }))).toMatchObject({
      body: "",
      bodyEnd: "cut",
    });
    server.close();
  });
});

describe("what is sent", () => {
  test("the lines as they are told, and the method in its case", async () => {
    await using server = await RawServer.says("HTTP/1.1 204 No Content\r\n\r\n");
    const headers = [
      ["X-B", "\xe9"],
      ["x-a", "1"],
      ["x-a", "2"],
    ] as const;
    const content = Buffer.from("hi");
    const url = `${server.url}path?query#fragment`;
    const { sent } = await send({
      purpose: "probe",
      why: "",
      via: null,
      method: "patch",
      url,
      headers,
      content,
    });
    const host = `127.0.0.1:${server.port}`;
    expect(sent).toEqual([["Host", host], ["Connection", "keep-alive"], ["Content-Length", "2"], ...headers]);
    expect(server.requests).toEqual([
      { method: "patch", path: "/path?query", lines: sent.map(([name, value]) => `${name}: ${value}`) },
    ]);
  });

  test("past a proxy: its address, and the URL's own Host", async () => {
    await using server = await RawServer.says("HTTP/1.1 204 No Content\r\n\r\n");
    const via = `http://127.0.0.1:${server.port}`;
    const url = "http://api.example/chat";
    const exchange = await send({ purpose: "probe", why: "", via, method: "GET", url, headers: [] });
    expect(received(exchange).status).toBe(204);
    expect(exchange.via).toBe(via);
    expect(server.requests[0]).toMatchObject({
      path: "/chat",
      lines: ["Host: api.example", "Connection: keep-alive"],
    });
  });

  test("to a server of IPv6 alone, by address and by a name that has both", async () => {
    await using server = await RawServer.start({
      host: "::1",
      respond: (socket) => void socket.end("HTTP/1.1 204 No Content\r\n\r\n"),
    });
    expect(received(await get(`http://[::1]:${server.port}/`)).status).toBe(204);
    const both: LookupFunction = (_name, _options, done) =>
      done(
        null,
        ["127.0.0.1", "::1"].map((address) => ({ address, family: isIPv6(address) ? 6 : 4 })),
      );
    expect(received(await get(`http://both.example:${server.port}/`, { lookup: both })).status).toBe(204);
  });

  test("names below localhost are this machine's, whatever a resolver says", async () => {
    await using server = await RawServer.says("HTTP/1.1 204 No Content\r\n\r\n");
    expect(received(await get(`http://app.localhost:${server.port}/`)).status).toBe(204);
    expect(server.requests[0]?.lines[0]).toBe(`Host: app.localhost:${server.port}`);
  });
});
