import { describe, expect, test } from "vitest";
import { ChatError, ERRORS, errorBody, isErrorCode } from "./errors.ts";

describe("the error table", () => {
  test.each(Object.entries(ERRORS))("%s has a failing status and a sentence", (_code, rule) => {
    expect(rule.status).toBeGreaterThanOrEqual(400);
    expect(rule.status).toBeLessThan(600);
    expect(rule.message).toMatch(/^[A-Z].*\.$/);
  });

  test("knows its own codes, and nothing that objects inherit", () => {
    expect(isErrorCode("not_found")).toBe(true);
    expect(isErrorCode("toString")).toBe(false);
  });
});

describe("ChatError", () => {
  test("takes status, retry and message from the table", () => {
    const error = new ChatError("thread_busy");
    expect(error).toMatchObject({ status: 409, retryable: true, message: ERRORS.thread_busy.message });
  });

  test("sends its message and details, never its cause", () => {
    const error = new ChatError("import_status", {
      message: "The picture's server answered 404.",
      details: { status: 404 },
      cause: new Error("secret"),
    });
    const body = errorBody(error, "req_1");
    expect(body).toEqual({
      error: {
        code: "import_status",
        message: "The picture's server answered 404.",
        request_id: "req_1",
        details: { status: 404 },
      },
      message: "The picture's server answered 404.",
    });
    expect(JSON.stringify(body)).not.toContain("secret");
  });
});
