import { describe, expect, test } from "vitest";
import { createFilePolicy, sortFiles } from "./file-policy.ts";

const MB = 1024 ** 2;
const open = { maxCount: null, maxSize: null, accept: null };
const server = {
  ways: ["direct" as const],
  max_count: 4,
  max_bytes: { "*/*": 512 * MB, "image/*": 20 * MB },
  accept: ["image/*", "application/pdf"],
};

describe("size", () => {
  test.each([
    ["ChatKit's default", open, null, "video/mp4", 100],
    ["the server's", open, server, "video/mp4", 512],
    ["the server's for the type", open, server, "image/png", 20],
    ["the page's where it is smaller", { ...open, maxSize: { "*": 5 * MB } }, server, "image/png", 5],
    ["the server's where it is smaller", { ...open, maxSize: { "*": 50 * MB } }, server, "image/png", 20],
    [
      "the exact type's before its family's",
      { ...open, maxSize: { "image/*": 9 * MB, "image/png": 3 * MB } },
      null,
      "IMAGE/PNG; q=1",
      3,
    ],
    [
      "the default for a type the page leaves out",
      { ...open, maxSize: { "image/*": 9 * MB } },
      null,
      "text/csv",
      100,
    ],
    [
      "the page's rest, named by the empty pattern",
      { ...open, maxSize: { "": 7 * MB } },
      null,
      "text/csv",
      7,
    ],
  ])("is %s", (_, page, published, type, limit) =>
    expect(createFilePolicy(page, published).maxBytes(type)).toBe(limit * MB),
  );
});

describe("type", () => {
  const images = { ...open, accept: { "image/*": [".png", ".JPG"], "application/pdf": [".pdf"] } };
  test.each([
    ["a.png", "image/png", images, server, true],
    ["a.pdf", "", images, server, true],
    ["a.xyz", "", images, server, false],
    ["a.jpg", "", images, null, true],
    ["a.mp4", "video/mp4", images, null, false],
    ["a.mp4", "video/mp4", open, server, false],
    ["a.mp4", "video/mp4", open, null, true],
    ["a.xyz", "", open, server, true],
  ])("%s of type %j", (name, type, page, published, taken) =>
    expect(createFilePolicy(page, published).accepts({ name, type })).toBe(taken),
  );

  test("is told to the file picker", () => {
    expect(createFilePolicy(images, server).picker).toBe("image/*,.png,.JPG,application/pdf,.pdf");
    expect(createFilePolicy(open, server).picker).toBe("image/*,application/pdf");
    expect(createFilePolicy(open, null).picker).toBe("");
  });
});

test("takes as many as both allow, and says why each other one is not taken", () => {
  const file = (name: string, type: string, size = 1) =>
    Object.defineProperty(new File([], name, { type }), "size", { value: size });
  const policy = createFilePolicy({ ...open, maxCount: 3 }, server);
  const { taken, refused } = sortFiles(
    [
      file("a.png", "image/png"),
      file("b.mp4", "video/mp4"),
      file("c.png", "image/png", 21 * MB),
      file("d.png", "image/png"),
      file("e.png", "image/png"),
    ],
    policy,
    1,
  );
  expect(taken.map(({ name }) => name)).toEqual(["a.png", "d.png"]);
  expect(refused).toEqual([
    { name: "b.mp4", reason: "type" },
    { name: "c.png", reason: "size", sizeBytes: 21 * MB, maxBytes: 20 * MB },
    { name: "e.png", reason: "count", maxCount: 3 },
  ]);
});
