import { headerUser, jwtUser } from "@waybill/server";
import { describe, expect, test } from "vitest";
import { officialPython, startOfficialServer } from "../../waybill/test/support/official-server.ts";
import type { ChatKitReport, ChatKitStep } from "../src/chatkit/chatkit-report.ts";
import { checkChatKit } from "../src/chatkit/check-chatkit.ts";
import { QuestionError } from "../src/question-error.ts";
import {
  buffer,
  compress,
  type Meddle,
  maskFailures,
  PAGE,
  pass,
  startProxy,
  startWaybillServer,
} from "./chatkit/chatkit-servers.ts";

const outcomes = ({ checks }: ChatKitReport) =>
  Object.fromEntries(checks.map(({ step, outcome }) => [step, outcome]));
const step = ({ checks }: ChatKitReport, wanted: ChatKitStep) => {
  const found = checks.find((check) => check.step === wanted);
  if (found === undefined) throw new Error(`${wanted} is not in the report.`);
  return found;
};
const fine = {
  preflight: "fine",
  json: "fine",
  "malformed-body": "fine",
  "wrong-token": "unknown",
  "huge-body": "fine",
  stream: "fine",
  buffering: "fine",
  upload: "fine",
  preview: "fine",
  "clean-up": "fine",
};

/** What the server has, by its own account. */
async function threadsOf(origin: string): Promise<readonly unknown[]> {
  const response = await fetch(`${origin}/chatkit`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ type: "threads.list", params: {} }),
  });
  return ((await response.json()) as { data: unknown[] }).data;
}

describe("a Waybill server", () => {
  test.each(["direct", "two_phase"] as const)(
    "is fine, with uploads %s, and keeps nothing of the check",
    async (way) => {
      await using server = await startWaybillServer({ attachmentWays: [way] });
      const report = await checkChatKit({ origin: PAGE, url: `${server.origin}/chatkit` });
      expect(outcomes(report)).toEqual(fine);
      expect(report).toMatchObject({
        outcome: "fine",
        waybill: expect.stringMatching(/^\d/),
        left: [],
        diagnosis: null,
      });
      expect(step(report, "huge-body").sentence).toContain("413");
      expect(step(report, "preview").sentence).toContain("cross-origin");
      expect(step(report, "buffering").help).toBe("");
      expect(await threadsOf(server.origin)).toEqual([]);
    },
  );

  test("that takes no uploads is told so", async () => {
    await using server = await startWaybillServer({ attachmentWays: [] });
    const report = await checkChatKit({ origin: PAGE, url: `${server.origin}/chatkit` });
    expect(outcomes(report)).toEqual({ ...fine, upload: "left-out", preview: "left-out" });
    expect(report.outcome).toBe("fine");
  });

  test("is only read with dryRun", async () => {
    const turns: unknown[] = [];
    await using server = await startWaybillServer({
      async *respond({ thread }) {
        turns.push(thread.id);
        yield* thread.streamText("Hello.");
      },
    });
    const report = await checkChatKit({ origin: PAGE, url: `${server.origin}/chatkit` }, { dryRun: true });
    const leftOut = {
      stream: "left-out",
      buffering: "left-out",
      upload: "left-out",
      preview: "left-out",
      "clean-up": "left-out",
    };
    expect(outcomes(report)).toEqual({ ...fine, ...leftOut });
    expect(report.outcome).toBe("fine");
    expect(turns).toEqual([]);
  });

  test("that wants a token says so readably; with the token, everything is looked at", async () => {
    await using server = await startWaybillServer({ authenticate: headerUser("x-user") });
    const target = { origin: PAGE, url: `${server.origin}/chatkit` };
    const stranger = await checkChatKit(target);
    expect(stranger.outcome).toBe("unknown");
    expect(step(stranger, "json")).toMatchObject({
      outcome: "unknown",
      sentence: expect.stringContaining("401"),
    });
    expect(step(stranger, "wrong-token").outcome).toBe("fine");
    expect(step(stranger, "stream").outcome).toBe("left-out");
    const known = await checkChatKit({ ...target, headers: [["X-User", "s3cret"]] });
    expect(outcomes(known)).toEqual(fine);
    expect(JSON.stringify(known)).not.toContain("s3cret");
  });

  test("says of a wrong token what is wrong with it", async () => {
    await using server = await startWaybillServer({ authenticate: jwtUser({ secret: "x".repeat(32) }) });
    const report = await checkChatKit({
      origin: PAGE,
      url: `${server.origin}/chatkit`,
      headers: [["authorization", "Bearer s3cret"]],
    });
    expect(step(report, "wrong-token")).toMatchObject({
      outcome: "fine",
      sentence: expect.stringContaining("401"),
    });
    expect(JSON.stringify(report)).not.toContain("s3cret");
  });

  test("whose answer fails has a stream that the page reads, and a thread that is deleted", async () => {
    await using server = await startWaybillServer({
      respond() {
        throw new Error("no model");
      },
    });
    const report = await checkChatKit({ origin: PAGE, url: `${server.origin}/chatkit` });
    expect(step(report, "stream")).toMatchObject({
      outcome: "broken",
      sentence: expect.stringContaining("fails"),
    });
    expect(step(report, "clean-up").outcome).toBe("fine");
    expect(await threadsOf(server.origin)).toEqual([]);
  });

  test("that does not know the page is broken from the preflight on, with its cause", async () => {
    await using server = await startWaybillServer();
    const report = await checkChatKit({ origin: "https://other.example", url: `${server.origin}/chatkit` });
    expect(report.outcome).toBe("broken");
    expect(step(report, "preflight")).toMatchObject({
      outcome: "broken",
      sentence: expect.stringContaining("Preflight"),
    });
    expect(step(report, "stream").outcome).toBe("left-out");
    expect(report.diagnosis).toMatchObject({
      outcome: "broken",
      cause: expect.stringMatching(/origin-not-listed|no-cors/),
    });
  });

  test("that is not there is broken, and everything else is left out", async () => {
    const report = await checkChatKit({ origin: PAGE, url: "http://127.0.0.1:2/chatkit" });
    expect(step(report, "preflight")).toMatchObject({
      outcome: "broken",
      sentence: expect.stringContaining("no answer"),
    });
    expect(new Set(report.checks.slice(1).map(({ outcome }) => outcome))).toEqual(new Set(["left-out"]));
  });

  test("is deleted from when the check is ended", async () => {
    await using server = await startWaybillServer();
    const end = new AbortController();
    const asked = checkChatKit({ origin: PAGE, url: `${server.origin}/chatkit` }, { signal: end.signal });
    const endSoon = async () => {
      while ((await threadsOf(server.origin)).length === 0);
      end.abort(new Error("enough"));
    };
    await expect(Promise.all([asked, endSoon()])).rejects.toThrow("enough");
    await expect.poll(() => threadsOf(server.origin)).toEqual([]);
  });
});

describe("a proxy in front of it", () => {
  async function through(meddle: Meddle): Promise<ChatKitReport> {
    await using server = await startWaybillServer();
    await using proxy = await startProxy(server.origin, meddle);
    return await checkChatKit({ origin: PAGE, url: `${proxy.origin}/chatkit` });
  }

  test("that passes everything on is not noticed", async () => {
    expect(outcomes(await through(pass))).toEqual(fine);
  });

  test("that buffers is found by the times of the events, and the remedy named", async () => {
    const report = await through(buffer);
    expect(outcomes(report)).toEqual({ ...fine, buffering: "broken" });
    const { sentence, help } = step(report, "buffering");
    expect(sentence).toMatch(/held back .* the first event came after \d{3,} ms/);
    expect(help).toMatch(/proxy_buffering off.*X-Accel-Buffering: no/);
  });

  test("that compresses the stream is found, though it compresses only for browsers", async () => {
    const report = await through(compress);
    expect(outcomes(report)).toEqual({ ...fine, buffering: "broken" });
    expect(step(report, "buffering")).toMatchObject({
      sentence: expect.stringContaining("gzip"),
      help: expect.stringContaining("uncompressed"),
    });
  });

  test("that drops the headers of failures is found by the failures, with its cause", async () => {
    const report = await through(maskFailures);
    expect(outcomes(report)).toEqual({ ...fine, "malformed-body": "broken", "huge-body": "broken" });
    expect(step(report, "malformed-body").sentence).toContain("never learns of the 400");
    expect(report.diagnosis).toMatchObject({ cause: "failure-without-cors", hidden: { status: 400 } });
  });

  test("that cuts streams is found", async () => {
    const report = await through((answer, response, request) => {
      if (!/event-stream/.test(answer.headers["content-type"] ?? "")) return pass(answer, response, request);
      response.writeHead(200, answer.headers);
      answer.once("data", (piece: Buffer) => response.write(piece, () => response.destroy()));
    });
    expect(step(report, "stream")).toMatchObject({
      outcome: "broken",
      sentence: expect.stringContaining("breaks off"),
    });
  });

  test("that keeps pictures to its own origin is found by the preview", async () => {
    const report = await through((answer, response, request) => {
      answer.headers["cross-origin-resource-policy"] = "same-origin";
      pass(answer, response, request);
    });
    // Of another origin than the page, and so is the files' address: it goes past the proxy unless its host is kept.
    expect(step(report, "preview")).toMatchObject({
      outcome: "broken",
      sentence: expect.stringContaining("CrossOriginResourcePolicy"),
    });
  });
});

describe.skipIf(officialPython === undefined)("the official Python server", () => {
  test("speaks ChatKit; what it lacks is said", async () => {
    await using server = await startOfficialServer("two_phase");
    const report = await checkChatKit({ origin: PAGE, url: `${server.origin}/chatkit` });
    expect(report.waybill).toBeNull();
    expect(outcomes(report)).toEqual({
      preflight: "fine",
      json: "fine",
      "malformed-body": "broken",
      "wrong-token": "unknown",
      "huge-body": "unknown",
      stream: "fine",
      buffering: "unknown",
      upload: "fine",
      preview: "broken",
      "clean-up": "fine",
    });
    expect(report.diagnosis).toMatchObject({ cause: "failure-without-cors", hidden: { status: 500 } });
    expect(step(report, "buffering").help).toContain("no-transform");
  });

  test("without uploads is told so", async () => {
    await using server = await startOfficialServer("none");
    const report = await checkChatKit({ origin: PAGE, url: `${server.origin}/chatkit` });
    expect(step(report, "upload").outcome).not.toBe("fine");
    expect(step(report, "preview").outcome).toBe("left-out");
  });
});

test.each([
  [{ origin: "app.example", url: "http://127.0.0.1/chatkit" }, "origin"],
  [{ origin: PAGE, url: "/chatkit" }, "request.url"],
  [{ origin: PAGE, url: "file:///chatkit" }, "request.url"],
])("%j cannot be asked about", async (target, field) => {
  await expect(checkChatKit(target)).rejects.toSatisfy(
    (error) => error instanceof QuestionError && error.field === field,
  );
});
