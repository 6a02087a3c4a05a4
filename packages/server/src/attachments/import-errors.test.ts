import { ChatError } from "@waybill/protocol";
import { errors } from "undici";
import { describe, expect, test } from "vitest";
import { importStatus, importTimeout, importTooLarge, unreachable } from "./import-errors.ts";

const subject = { what: "picture", host: "pictures.test" } as const;
const withCode = (code: string) => Object.assign(new Error("connect 10.0.0.1"), { code });

describe("a failed connection", () => {
  test.each([
    ["ENOTFOUND", "dns"],
    ["EAI_AGAIN", "dns"],
    ["ECONNREFUSED", "refused"],
    ["EHOSTUNREACH", "refused"],
    ["ENETUNREACH", "refused"],
    ["ETIMEDOUT", "timeout"],
    ["UND_ERR_CONNECT_TIMEOUT", "timeout"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls"],
    ["CERT_HAS_EXPIRED", "tls"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls"],
    ["EPROTO", "tls"],
    ["ECONNRESET", "reset"],
    ["UND_ERR_SOCKET", "reset"],
    ["HPE_INVALID_CONSTANT", "reset"],
    ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "reset"],
    ["UND_ERR_HEADERS_OVERFLOW", "reset"],
  ])("with %s is unreachable by reason %s", (code, reason) => {
    const cause = withCode(code);
    const error = unreachable(cause, subject);
    expect(error).toMatchObject({
      code: "import_unreachable",
      retryable: true,
      details: { host: "pictures.test", reason },
      cause,
    });
    expect(error instanceof ChatError && error.message).toMatch(
      /^The picture's server pictures\.test [^\d]+\.$/,
    );
  });

  test("by an answer that is not HTTP is unreachable too", () => {
    expect(unreachable(new errors.HTTPParserError("no"), subject)).toMatchObject({
      details: { reason: "reset" },
    });
  });

  test("that is not the network's stays what it is", () => {
    for (const error of [new TypeError("bug"), withCode("ENOSPC"), withCode("UND_ERR_INVALID_ARG"), "text"]) {
      expect(unreachable(error, subject)).toBe(error);
    }
  });

  test("behind a redirect names both hosts", () => {
    const error = unreachable(withCode("ENOTFOUND"), { ...subject, redirectedTo: "other.test" });
    expect(error).toMatchObject({
      message: "pictures.test redirects to other.test, which could not be found (DNS). Check the address.",
      details: { host: "pictures.test" },
    });
  });
});

test.each([
  [404, false],
  [408, true],
  [410, false],
  [429, true],
  [503, true],
])("status %i may be retried: %s", (status, retryable) => {
  expect(importStatus(subject, status)).toMatchObject({ retryable, details: { status } });
});

test("an unknown status is told by its number", () => {
  expect(importStatus(subject, 799).message).toBe("The picture's server pictures.test answered 799.");
});

test("a timeout tells how long was waited", () => {
  expect(importTimeout(subject, 1000).message).toMatch(/within 1 second\.$/);
  expect(importTimeout(subject, 15_000).message).toMatch(/within 15 seconds\.$/);
});

test("a size is never shown smaller than the limit it exceeds", () => {
  const limit = 512 * 1024 ** 2;
  expect(importTooLarge(subject, limit + 1, limit, false).message).toBe(
    "The picture at pictures.test is 512.1 MB large; this server takes at most 512 MB.",
  );
});
