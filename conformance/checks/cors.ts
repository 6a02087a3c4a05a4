import { type Check, Mismatch, messageInput, mustEqual, Person, type World } from "../suite/check.ts";
import { type Reply, USER_HEADER } from "../suite/exchange.ts";
import { type RawReply, rawExchange } from "../suite/raw-exchange.ts";
import type { StepRequest } from "../suite/scenario.ts";

const DENIED = "https://denied.example";

type Headers = readonly (readonly [name: string, value: string])[];

interface Answer {
  readonly status: number;
  readonly headers: Headers;
}

function headersOf({ rawHeaders }: Reply): Headers {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ""] as const] : [],
  );
}

const valuesOf = (headers: Headers, name: string) =>
  headers.filter(([known]) => known === name).map(([, value]) => value);

/** Every element of a header that lists names, in lower case. */
const namesIn = (headers: Headers, name: string) =>
  valuesOf(headers, name).flatMap((value) => value.split(",").map((entry) => entry.trim().toLowerCase()));

/** One way to be answered. */
interface Cell {
  readonly what: string;
  readonly status: number;
  /** Whether a foreign page's request is refused for where it comes from. */
  readonly writes: boolean;
  readonly send: (world: World, headers: Readonly<Record<string, string>>) => Promise<Answer>;
}

function sent(what: string, status: number, request: StepRequest): Cell {
  const send: Cell["send"] = async (world, headers) => {
    const reply = await new Person(world).send({ ...request, headers: { ...request.headers, ...headers } });
    return { status: reply.status, headers: headersOf(reply) };
  };
  return { what, status, writes: request.method !== "GET" && request.method !== "HEAD", send };
}

function raw(what: string, status: number, head: (host: string) => readonly string[]): Cell {
  const send: Cell["send"] = ({ baseUrl }, headers): Promise<RawReply> => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    return rawExchange(baseUrl, [...head(new URL(baseUrl).host), ...lines, "", ""].join("\r\n"));
  };
  return { what, status, writes: false, send };
}

const protocol = (type: string, params: Readonly<Record<string, string | object>>): StepRequest => ({
  body: { type, params: JSON.parse(JSON.stringify(params)) },
});

const CELLS: readonly Cell[] = [
  sent("a stream", 200, protocol("threads.create", { input: messageInput("script:text") })),
  sent("a list", 200, protocol("threads.list", {})),
  sent("the capabilities", 200, { method: "GET", path: "/v1" }),
  sent("an unknown thread", 404, protocol("threads.get_by_id", { thread_id: "thr_nowhere" })),
  sent("a refused stream", 404, protocol("threads.create", { input: messageInput("x", ["atc_nowhere"]) })),
  sent("malformed JSON", 400, { bodyText: "{" }),
  sent("a body that is no JSON by its type", 415, {
    bodyText: "{}",
    headers: { "content-type": "text/plain" },
  }),
  sent("a body that is too large", 413, { bodyText: "x".repeat(10_000_000) }),
  sent("a user who is not named", 401, { ...protocol("threads.list", {}), headers: { [USER_HEADER]: "" } }),
  sent("an unknown address", 404, { method: "GET", path: "/nowhere" }),
  sent("an unknown address that is written to", 404, { method: "PUT", path: "/nowhere", bodyText: "x" }),
  sent("a method that is not taken", 405, { method: "GET", path: "/chatkit" }),
  sent("a file of nobody", 404, { method: "GET", path: "/v1/files/atc_nowhere" }),
  sent("an upload address that is not signed", 403, {
    method: "PUT",
    path: "/v1/uploads/atc_1",
    bodyText: "x",
  }),
  sent("an escape in the path that is none", 404, { method: "GET", path: "/%zz" }),
  raw("a header block that is too large", 431, (host) => [
    "GET /v1 HTTP/1.1",
    `Host: ${host}`,
    `X-Large: ${"x".repeat(100_000)}`,
  ]),
  raw("a request without Host", 400, () => ["GET /v1 HTTP/1.1", "Connection: close"]),
  raw("a header that is none", 400, (host) => ["GET /v1 HTTP/1.1", `Host: ${host}`, "no colon"]),
  raw("a method that HTTP does not know", 400, (host) => ["BREW /v1 HTTP/1.1", `Host: ${host}`]),
  raw("an expectation that is not met", 417, (host) => [
    "GET /v1 HTTP/1.1",
    `Host: ${host}`,
    "Expect: the-unexpected",
    "Connection: close",
  ]),
];

const EXPOSED = ["x-request-id", "waybill", "waybill-error", "retry-after"];

function mustAllow(headers: Headers, origin: string): void {
  mustEqual(valuesOf(headers, "access-control-allow-origin"), [origin], "Access-Control-Allow-Origin");
  const exposed = namesIn(headers, "access-control-expose-headers");
  mustEqual(
    EXPOSED.filter((name) => !exposed.includes(name)),
    [],
    "exposed headers that are missing",
  );
}

function mustDenyOrIgnore(headers: Headers): void {
  const granted = headers.filter(([name]) => name.startsWith("access-control-allow"));
  mustEqual(granted, [], "what is granted");
}

function mustVary(headers: Headers): void {
  if (!namesIn(headers, "vary").includes("origin"))
    throw new Mismatch("A cache could give this answer to another page.", [
      { path: "Vary", expected: "Origin among its names", got: JSON.stringify(valuesOf(headers, "vary")) },
    ]);
}

const cells: readonly Check[] = CELLS.flatMap(({ what, status, writes, send }): readonly Check[] => [
  {
    name: `CORS, an allowed origin: ${what} (${status}) can be read by the page`,
    requirements: ["CORS-READ-001", "CORS-VARY-001"],
    needs: "origin",
    async run(world) {
      const answer = await send(world, { origin: world.allowedOrigin });
      mustEqual(answer.status, status, "status");
      mustAllow(answer.headers, world.allowedOrigin);
      mustVary(answer.headers);
    },
  },
  {
    name: `CORS, another origin: ${what} (${writes ? 403 : status}) cannot be read by the page`,
    requirements: [writes ? "CORS-WRITE-001" : "CORS-READ-002", "CORS-VARY-001"],
    needs: "origin",
    async run(world) {
      const answer = await send(world, { origin: DENIED });
      mustEqual(answer.status, writes ? 403 : status, "status");
      mustDenyOrIgnore(answer.headers);
      mustVary(answer.headers);
    },
  },
  {
    name: `CORS, no origin: ${what} (${status}) is answered without grants`,
    requirements: ["CORS-READ-003", "CORS-VARY-001"],
    needs: "origin",
    async run(world) {
      const answer = await send(world, {});
      mustEqual(answer.status, status, "status");
      mustDenyOrIgnore(answer.headers);
      mustVary(answer.headers);
    },
  },
]);

const preflight = async (world: World, path: string, origin: string) => {
  const headers = {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "chatkit-frame-instance-id,content-type,x-of-the-page",
  };
  const reply = await new Person(world).send({ method: "OPTIONS", path, headers });
  return { status: reply.status, headers: headersOf(reply) };
};

const preflights: readonly Check[] = ["/chatkit", "/v1/files", "/nowhere"].flatMap(
  (path): readonly Check[] => [
    {
      name: `CORS: a preflight of ${path} from an allowed origin is granted with the headers that it names`,
      requirements: ["CORS-PREFLIGHT-001"],
      needs: "origin",
      async run(world) {
        const { status, headers } = await preflight(world, path, world.allowedOrigin);
        mustEqual(status, 204, "status");
        mustEqual(valuesOf(headers, "access-control-allow-origin"), [world.allowedOrigin], "origin");
        const names = namesIn(headers, "access-control-allow-headers").sort();
        mustEqual(names, ["chatkit-frame-instance-id", "content-type", "x-of-the-page"], "headers");
        mustEqual(namesIn(headers, "access-control-allow-methods").includes("post"), true, "POST is granted");
      },
    },
    {
      name: `CORS: a preflight of ${path} from another origin is refused`,
      requirements: ["CORS-PREFLIGHT-002"],
      needs: "origin",
      async run(world) {
        const { status, headers } = await preflight(world, path, DENIED);
        mustEqual(status, 403, "status");
        mustDenyOrIgnore(headers);
        mustVary(headers);
      },
    },
  ],
);

const lookalikes = (allowed: string): readonly string[] => {
  const { protocol: scheme, host } = new URL(allowed);
  return [
    `${allowed}.evil.example`,
    `${scheme}//evil-${host}`,
    `${scheme}//evil.${host}`,
    `${allowed}:8443`,
    `${allowed}/`,
    allowed.toUpperCase(),
    `${scheme === "https:" ? "http:" : "https:"}//${host}`,
    `${allowed}, ${allowed}`,
    `${allowed} ${DENIED}`,
    "null",
    "*",
  ];
};

/** Every answer, whatever it is, has what Fetch asks of it for the page that sent the request. */
export const corsChecks: readonly Check[] = [
  ...cells,
  ...preflights,
  {
    name: "CORS: an origin that only looks like the allowed one is another",
    requirements: ["CORS-MATCH-001"],
    needs: "origin",
    async run(world) {
      for (const origin of lookalikes(world.allowedOrigin)) {
        const reply = await new Person(world).send({ method: "GET", path: "/v1", headers: { origin } });
        mustEqual(
          [origin, valuesOf(headersOf(reply), "access-control-allow-origin")],
          [origin, []],
          "grants",
        );
      }
    },
  },
  {
    name: "CORS: what a page of another origin writes is refused before anything is stored",
    requirements: ["CORS-WRITE-001"],
    needs: "origin",
    async run(world) {
      const person = new Person(world);
      const reply = await person.create("script:text", { headers: { origin: DENIED } });
      mustEqual(Reflect.get(Object(reply.json), "error")?.code, "origin_not_allowed", "code");
      mustEqual(await person.everything(), [], "what is stored");
    },
  },
  {
    name: "CORS: OPTIONS that is no preflight is an ordinary request",
    requirements: ["CORS-PREFLIGHT-003"],
    needs: "origin",
    async run(world) {
      const headers = { origin: world.allowedOrigin };
      const reply = await new Person(world).send({ method: "OPTIONS", path: "/chatkit", headers });
      mustEqual(reply.status, 204, "status");
      mustEqual(namesIn(headersOf(reply), "allow").includes("post"), true, "POST is allowed");
    },
  },
];
