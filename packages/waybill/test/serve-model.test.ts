import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runWaybill, startWaybill } from "./support/waybill-process.ts";

const create = {
  type: "threads.create",
  params: {
    input: { content: [{ type: "input_text", text: "hi" }], attachments: [], inference_options: {} },
  },
};

/** A model's server that knows nobody. */
async function refusingModel() {
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (piece: Buffer) => {
      text += String(piece);
    });
    request.on("end", () => {
      asked.push({ path: request.url, authorization: request.headers.authorization, ...JSON.parse(text) });
      response.writeHead(401, { "content-type": "application/json" });
      response.end('{"error":{"message":"no","type":"invalid_request_error","code":"invalid_api_key"}}');
    });
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", () => listening.resolve());
  await listening.promise;
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    asked,
    [Symbol.dispose]: () => void server.close().closeAllConnections(),
  };
}

test("the model of the environment is asked, and the banner names it", async () => {
  using model = await refusingModel();
  await using waybill = await startWaybill({
    WAYBILL_MODEL: "some-model",
    OPENAI_API_KEY: "sk-of-the-server",
    OPENAI_BASE_URL: `http://${model.host}/v1`,
  });
  expect(waybill.output()).toContain(`the model some-model at ${model.host}`);
  const answer = await fetch(`${waybill.api}/chatkit`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(create),
  });
  expect(await answer.text()).toContain("does not accept this server's key");
  expect(model.asked).toMatchObject([
    { path: "/v1/responses", authorization: "Bearer sk-of-the-server", model: "some-model", stream: true },
  ]);
  expect(await waybill.end("SIGTERM")).toBe(0);
  expect(waybill.output()).toContain("auth_failed");
  expect(waybill.output()).not.toContain("sk-of-the-server");
});

test("a model's server that offers no Responses API is asked for chat completions", async () => {
  using model = await refusingModel();
  await using waybill = await startWaybill({
    WAYBILL_MODEL: "some-model",
    WAYBILL_MODEL_API: "chat-completions",
    OPENAI_BASE_URL: `http://${model.host}/v1`,
  });
  const answer = await fetch(`${waybill.api}/chatkit`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(create),
  });
  expect(await answer.text()).toContain("does not accept this server's key");
  expect(model.asked).toMatchObject([{ path: "/v1/chat/completions", model: "some-model", stream: true }]);
});

test("a model that nobody runs keeps the command from starting, and says what to set", async () => {
  const folder = await mkdtemp(join(tmpdir(), "waybill-model-"));
  const ports = { PORT: "0", WAYBILL_FILES_PORT: "0", WAYBILL_DEMO_PORT: "0", WAYBILL_DATA_DIR: folder };
  const run = runWaybill(["serve"], { ...ports, WAYBILL_MODEL: "some-model" }, folder);
  expect(await run.end()).not.toBe(0);
  expect(run.output()).toMatch(/WAYBILL_MODEL\n.*Set OPENAI_API_KEY/);
  await rm(folder, { recursive: true, force: true });
});
