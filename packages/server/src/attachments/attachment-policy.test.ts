import { describe, expect, test } from "vitest";
import { ConfigurationError } from "../configuration-error.ts";
import { type AttachmentLimits, createAttachmentPolicy } from "./attachment-policy.ts";

const policy = createAttachmentPolicy({
  maxBytes: 1_000,
  maxBytesByType: { "image/*": 2_000, "image/png": 3_000 },
  accept: ["image/*", "text/plain"],
});

describe("a policy", () => {
  test.each([
    ["image/png", 3_000],
    ["image/gif", 2_000],
    ["text/plain", 1_000],
    ["image/*", 3_000],
    [null, 3_000],
  ])(
    "takes of %s as much as its narrowest pattern says, of what nobody knows the most of all",
    (type, max) => {
      expect(policy.maxBytesOf(type)).toBe(max);
    },
  );

  test("takes what a pattern covers, and waits for the bytes of what nobody knows", () => {
    for (const type of ["image/png", "text/plain", "image/*", null]) policy.checkType("a", type);
    for (const type of ["text/html", "imagex/png", "application/pdf"]) {
      expect(() => policy.checkType("a.pdf", type)).toThrow(`a.pdf is ${type}; this server takes image/*`);
    }
  });

  test("says of what is too large how large it is and may be", () => {
    const big = createAttachmentPolicy();
    expect(() => big.checkSize("film.mp4", "video/mp4", 740 * 1024 ** 2)).toThrow(
      expect.objectContaining({
        code: "attachment_too_large",
        message: "film.mp4 is 740 MB; the limit is 512 MB.",
        details: { size_bytes: 775_946_240, max_bytes: 536_870_912 },
      }),
    );
    big.checkSize("film.mp4", "video/mp4", 512 * 1024 ** 2);
  });

  test("has defaults for everything", () => {
    const { published, quota, importTimeoutMs } = createAttachmentPolicy();
    expect({ published, quota, importTimeoutMs }).toEqual({
      published: { max_bytes: { "*/*": 536_870_912 }, accept: ["*/*"] },
      quota: { max_bytes: 5_368_709_120, max_count: 10_000 },
      importTimeoutMs: 15_000,
    });
  });

  test("is not made of wrong limits, and names all of them", () => {
    const wrong: AttachmentLimits = {
      maxBytes: 0,
      maxBytesPerUser: 1.5,
      accept: ["*/*", ".png", "Image/png"],
      maxBytesByType: { image: 5, "image/*": -1 },
    };
    const paths = (() => {
      try {
        createAttachmentPolicy(wrong);
      } catch (error) {
        if (error instanceof ConfigurationError) return error.issues.map(({ path }) => path);
      }
      return [];
    })();
    expect(paths).toEqual([
      "attachmentLimits.maxBytes",
      "attachmentLimits.maxBytesPerUser",
      "attachmentLimits.accept[1]",
      "attachmentLimits.accept[2]",
      'attachmentLimits.maxBytesByType["image"]',
      'attachmentLimits.maxBytesByType["image/*"]',
    ]);
  });
});
