import { ChatError } from "@waybill/protocol";
import { describe, expect, test } from "vitest";
import { readJsonObject } from "./body.ts";

const post = (body: BodyInit, type = "application/json") =>
  new Request("http://localhost/chatkit", { method: "POST", body, headers: { "content-type": type } });
const codeOf = (request: Request, maxBytes = 1_000) =>
  readJsonObject(request, maxBytes).then(
    () => "ok",
    (error: unknown) => (error instanceof ChatError ? error.code : "threw"),
  );

describe("readJsonObject", () => {
  test.each([
    ["an object", post('{"a":1}'), "ok"],
    ["an object with a byte order mark", post("\uFEFF{}"), "ok"],
    ["a charset behind the type", post("{}", "Application/JSON; charset=utf-8"), "ok"],
    ["nothing", post(""), "invalid_request"],
    ["half an object", post('{"a":'), "invalid_request"],
    ["a list", post("[]"), "invalid_request"],
    ["null", post("null"), "invalid_request"],
    ["NaN", post('{"a":NaN}'), "invalid_request"],
    ["bytes that are not UTF-8", post(new Uint8Array([0x7b, 0xff, 0x7d])), "invalid_request"],
    ["text", post("{}", "text/plain"), "unsupported_media_type"],
    ["a form", post("a=1", "application/x-www-form-urlencoded"), "unsupported_media_type"],
    ["a type that only begins like JSON", post("{}", "application/jsonp"), "unsupported_media_type"],
    ["more than the limit", post(`{"a":"${"x".repeat(2_000)}"}`), "payload_too_large"],
  ])("answers %s", async (_name, request, code) => {
    expect(await codeOf(request)).toBe(code);
  });

  test("stops reading a stream of unknown length at the limit", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled += 1;
          controller.enqueue(new Uint8Array(400));
        },
      },
      { highWaterMark: 0 },
    );
    const request = new Request("http://localhost/", {
      method: "POST",
      body: endless,
      headers: { "content-type": "application/json" },
      duplex: "half",
    } as RequestInit);
    expect(await codeOf(request)).toBe("payload_too_large");
    expect(pulled).toBe(3);
  });
});
