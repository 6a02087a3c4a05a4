import { expect, test } from "vitest";
import { certificateFault, Fault, failedBy } from "./fault.ts";

const errorOf = (code: string, message = "words") => Object.assign(new Error(message), { code });

test.each([
  ["ECONNREFUSED", "refused"],
  ["EHOSTUNREACH", "unreachable"],
  ["ETIMEDOUT", "timeout"],
  ["EPIPE", "reset"],
  ["HPE_INVALID_CONSTANT", "not-http"],
  ["HPE_HEADER_OVERFLOW", "not-http"],
  ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "tls"],
  ["ERR_HTTP2_STREAM_ERROR", "reset"],
  ["ESOMETHING", "unreachable"],
])("%s is %s, with the system's words", (code, fault) => {
  expect(failedBy(errorOf(code))).toEqual({
    kind: "failed",
    fault,
    message: expect.stringMatching(/^[A-Z].* \(words\)\.$/),
  });
});

test("of OpenSSL's line the words are told alone", () => {
  const line = "40E7:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record.c:354:";
  expect(failedBy(errorOf("EPROTO", line)).message).toMatch(/ \(wrong version number\)\.$/);
});

test("of several addresses the first that failed counts", () => {
  const error = new AggregateError([errorOf("ECONNREFUSED"), errorOf("ENETUNREACH")], "all failed");
  expect(failedBy(error).fault).toBe("refused");
});

test("what is known already is kept", () => {
  expect(failedBy(new Fault("address-refused", "Private."))).toEqual({
    kind: "failed",
    fault: "address-refused",
    message: "Private.",
  });
});

test.each([
  ["CERT_NOT_YET_VALID", "certificate-expired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "certificate-name"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "certificate-untrusted"],
])("%s is %s", (code, fault) => {
  expect(certificateFault(code)).toMatchObject({ kind: "failed", fault });
});
