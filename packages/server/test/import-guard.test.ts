import { channel } from "node:diagnostics_channel";
import { createServer as createTlsServer } from "node:https";
import { createServer as createTcpServer, type LookupFunction, type Socket } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { ChatError } from "@waybill/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type AttachmentDesk,
  answerWith,
  type LoopbackServer,
  listen,
  openDesk,
  serveHttp,
} from "./support/attachment-desk.ts";
import { encodePng } from "./support/png.ts";
import { SELF_SIGNED } from "./support/self-signed.ts";

let desk: AttachmentDesk;
let server: LoopbackServer;
let hits: string[] = [];
let redirectTo = "";

beforeAll(async () => {
  desk = await openDesk();
  server = await serveHttp((request, response) => {
    hits.push(request.url ?? "");
    if (request.url?.startsWith("/redirect")) response.writeHead(302, { location: redirectTo }).end();
    else response.end(encodePng(1, 1));
  });
});
afterAll(async () => {
  await server.close();
  await desk.close();
});
beforeEach(() => {
  hits = [];
});

async function failure(attempt: Promise<unknown>): Promise<ChatError> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ChatError)) throw new Error("expected a ChatError", { cause: error });
  expect(desk.records.size).toBe(0);
  expect(await desk.leftovers()).toEqual([]);
  expect(error.details).toHaveProperty("host");
  return error;
}

describe("addresses that import does not fetch from", () => {
  test.each([
    ["loopback", "http://127.0.0.1:{port}/a.png"],
    ["loopback as one decimal number", "http://2130706433:{port}/a.png"],
    ["loopback in octal", "http://0177.0.0.1:{port}/a.png"],
    ["loopback in hexadecimal", "http://0x7f000001:{port}/a.png"],
    ["loopback in short form", "http://127.1:{port}/a.png"],
    ["loopback in wide digits", "http://１２７.０.０.１:{port}/a.png"],
    ["loopback of IPv6", "http://[::1]:{port}/a.png"],
    ["loopback mapped into IPv6", "http://[::ffff:127.0.0.1]:{port}/a.png"],
    ["loopback within NAT64", "http://[64:ff9b::7f00:1]/a.png"],
    ["loopback within 6to4", "http://[2002:7f00:1::]/a.png"],
    ["unspecified", "http://0.0.0.0:{port}/a.png"],
    ["a private network", "http://10.1.2.3/a.png"],
    ["cloud metadata", "http://169.254.169.254/latest/meta-data/"],
    ["cloud metadata over IPv6", "http://[fd00:ec2::254]/latest/meta-data/"],
  ])("%s", async (_title, template) => {
    const error = await failure(
      desk.resolve({ source_url: template.replace("{port}", String(server.port)) }),
    );
    expect(error).toMatchObject({ code: "import_refused_address", status: 422, retryable: false });
    expect(error.message).toContain("a private address");
    expect(hits).toEqual([]);
  });

  test.each([
    ["file:///etc/passwd", "file:"],
    ["ftp://pictures.test/a.png", "ftp:"],
    ["data:image/png;base64,AAAA", "data:"],
    ["blob:http://app.example/1", "blob:"],
  ])("%s is not http", async (source_url, scheme) => {
    const error = await failure(desk.resolve({ source_url }));
    expect(error.code).toBe("import_refused_address");
    expect(error.message).toContain(`a ${scheme} address`);
  });

  test("one with a user name and a password, which are not repeated", async () => {
    const error = await failure(desk.resolve({ source_url: "http://user:hunter2@pictures.test/a.png" }));
    expect(error).toMatchObject({ code: "import_refused_address", details: { host: "pictures.test" } });
    expect(JSON.stringify([error.message, error.details])).not.toContain("hunter2");
  });

  test("text that is no URL is the request's own fault", async () => {
    expect(await failure(desk.resolve({ source_url: "/a.png" }))).toMatchObject({ code: "invalid_request" });
  });

  test("a host and port that the operator allows are fetched, another port of the host is not", async () => {
    const record = await desk.resolve(
      { source_url: `http://127.0.0.1:${server.port}/a.png` },
      { allow: [`127.0.0.1:${server.port}`] },
    );
    await desk.files.delete(record.storage_key);
    desk.records.clear();
    const attempt = desk.resolve(
      { source_url: `http://127.0.0.1:${server.port}/a.png` },
      { allow: ["127.0.0.1:80"] },
    );
    expect(await failure(attempt)).toMatchObject({ code: "import_refused_address" });
  });
});

describe("names that lead inside", () => {
  const attempt = (lookup: LookupFunction) =>
    failure(desk.resolve({ source_url: `http://pictures.test:${server.port}/a.png` }, { lookup }));

  test.each([
    ["one private address", ["127.0.0.1"]],
    ["a public and a private one", ["93.184.215.14", "127.0.0.1"]],
    ["metadata", ["169.254.169.254"]],
    ["a mapped one", ["::ffff:127.0.0.1"]],
  ])("are refused: %s", async (_title, addresses) => {
    const error = await attempt(answerWith(...addresses));
    expect(error).toMatchObject({
      code: "import_refused_address",
      details: { host: `pictures.test:${server.port}` },
    });
    expect(error.message).not.toMatch(/127|169|93\./);
    expect(hits).toEqual([]);
  });

  test("cannot change between the check and the connection", async () => {
    const answers = ["93.184.215.14", "127.0.0.1"];
    let asked = 0;
    const lookup: LookupFunction = (hostname, options, callback) =>
      answerWith(answers[asked++] ?? "127.0.0.1")(hostname, options, callback);
    const connectedTo: string[] = [];
    // Sees the address that the socket is about to connect to, and keeps the test off the network.
    const watch = (message: unknown): void => {
      const { socket } = message as { readonly socket: Socket };
      socket.once("lookup", (_error: Error | null, address: string) => {
        connectedTo.push(address);
        socket.destroy(Object.assign(new Error("stopped by the test"), { code: "ECONNREFUSED" }));
      });
    };
    channel("net.client.socket").subscribe(watch);
    try {
      expect(await attempt(lookup)).toMatchObject({ code: "import_unreachable" });
    } finally {
      channel("net.client.socket").unsubscribe(watch);
    }
    expect({ asked, connectedTo, hits }).toEqual({ asked: 1, connectedTo: ["93.184.215.14"], hits: [] });
  });
});

describe("redirects", () => {
  const attempt = () =>
    failure(
      desk.resolve(
        { source_url: `http://pictures.test:${server.port}/redirect.png?q=secret` },
        { allow: [`pictures.test:${server.port}`], lookup: answerWith("127.0.0.1") },
      ),
    );
  const refused = () => ({
    code: "import_refused_address",
    details: { host: `pictures.test:${server.port}` },
  });

  test.each([
    ["to loopback", () => `http://127.0.0.1:${server.port}/inside`],
    ["to a name that is not allowed", () => `http://inside.test:${server.port}/inside`],
    ["to another port", () => "http://pictures.test:1/inside"],
    ["to a file", () => "file:///etc/passwd"],
    ["with credentials", () => `http://a:b@pictures.test:${server.port}/inside`],
    ["to what is no address", () => "http://["],
  ])("%s are refused, without telling where they led", async (_title, location) => {
    redirectTo = location();
    const error = await attempt();
    expect(error).toMatchObject(refused());
    expect(error.message).toMatch(/redirects to/);
    expect(error.message).not.toMatch(/127\.0\.0\.1|inside|passwd|secret/);
    expect(hits).toEqual(["/redirect.png?q=secret"]);
  });

  test("that go round in a loop end after the fifth", async () => {
    redirectTo = "/redirect-again";
    const error = await attempt();
    expect(error).toMatchObject({ code: "import_status", details: { status: 302 } });
    expect(error.message).toContain("more than 5 times");
    expect(hits).toHaveLength(6);
  });
});

describe("servers that cannot be reached", () => {
  const attempt = (source_url: string, allow: readonly string[], lookup = answerWith("127.0.0.1")) =>
    failure(desk.resolve({ source_url, mime_type: "image/png" }, { allow, lookup }));

  test.each(["ENOTFOUND", "EAI_AGAIN"])("because their name is not found (%s)", async (code) => {
    const error = await attempt("http://nowhere.example/a.png", [], (_hostname, _options, callback) =>
      callback(Object.assign(new Error("getaddrinfo"), { code }), []),
    );
    expect(error).toMatchObject({
      code: "import_unreachable",
      details: { host: "nowhere.example", reason: "dns" },
    });
    expect(error.message).toMatch(/^The picture's server nowhere\.example could not be found \(DNS\)\./);
  });

  test("because nothing listens", async () => {
    const other = await serveHttp(() => undefined);
    await other.close();
    const host = `pictures.test:${other.port}`;
    expect(await attempt(`http://${host}/a.png`, [host])).toMatchObject({
      code: "import_unreachable",
      details: { host, reason: "refused" },
    });
  });

  test("because nobody vouches for their certificate", async () => {
    const tls = await listen(createTlsServer(SELF_SIGNED, (_request, response) => response.end()));
    const host = `pictures.test:${tls.port}`;
    expect(await attempt(`https://${host}/a.png`, [host])).toMatchObject({
      code: "import_unreachable",
      details: { host, reason: "tls" },
    });
    await tls.close();
  });

  test("because their certificate is for another name, while the right one is taken", async () => {
    const tls = await listen(
      createTlsServer(SELF_SIGNED, (_request, response) => response.end(encodePng(1, 1))),
    );
    const host = `pictures.test:${tls.port}`;
    const before = getCACertificates("default");
    setDefaultCACertificates([...before, SELF_SIGNED.cert]);
    try {
      const record = await desk.resolve(
        { source_url: `https://${host}/a.png` },
        { allow: [host], lookup: answerWith("127.0.0.1") },
      );
      expect(record).toMatchObject({ mime_type: "image/png", size_bytes: encodePng(1, 1).length });
      await desk.files.delete(record.storage_key);
      desk.records.clear();
      const other = `elsewhere.test:${tls.port}`;
      expect(await attempt(`https://${other}/a.png`, [other])).toMatchObject({ details: { reason: "tls" } });
    } finally {
      setDefaultCACertificates(before);
      await tls.close();
    }
  });

  test("because they do not speak TLS", async () => {
    const host = `pictures.test:${server.port}`;
    expect(await attempt(`https://${host}/a.png`, [host])).toMatchObject({
      code: "import_unreachable",
      details: { reason: "tls" },
    });
  });

  test.each<[string, string, boolean?]>([
    ["before they answer", ""],
    ["in the middle of the file", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"],
    ["in the middle of a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf"],
    ["with something that is not HTTP", "SSH-2.0-OpenSSH_9.9\r\n\r\n"],
    ["with a reset", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", true],
  ])("because they break off %s", async (_title, text, reset = false) => {
    const tcp = createTcpServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () =>
        reset ? socket.write(text, () => socket.resetAndDestroy()) : socket.end(text),
      );
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    tcp.listen(0, "127.0.0.1", resolve);
    await promise;
    const address = tcp.address();
    const host = `pictures.test:${typeof address === "object" ? address?.port : ""}`;
    expect(await attempt(`http://${host}/a.png`, [host])).toMatchObject({
      code: "import_unreachable",
      details: { host, reason: "reset" },
    });
    tcp.close();
  });
});
