import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { encodePng, pngHeader } from "../../test/support/png.ts";
import { createPreviews, type PreviewOptions } from "./previews.ts";

const never = new AbortController().signal;

async function make(
  picture: Uint8Array,
  options: PreviewOptions = {},
  signal = never,
): Promise<Uint8Array | null> {
  const previews = createPreviews(options);
  if (previews === null) throw new Error("sharp is not installed");
  return previews.make(new Blob([picture as BlobPart]).stream(), signal);
}

const factsOf = async (preview: Uint8Array | null) => {
  const { format, width, height, exif, icc, orientation } = await sharp(preview ?? undefined).metadata();
  return { format, width, height, hasMetadata: (exif ?? icc ?? orientation) !== undefined };
};

describe("a preview", () => {
  test("is webp, and no longer than 1024 pixels", async () => {
    const facts = { format: "webp", width: 1024, height: 341, hasMetadata: false };
    expect(await factsOf(await make(encodePng(3_000, 1_000)))).toEqual(facts);
  });

  test("is not larger than its picture", async () => {
    expect(await factsOf(await make(encodePng(40, 20)))).toMatchObject({ width: 40, height: 20 });
  });

  test("is upright, and says nothing of who took the picture and where", async () => {
    const photo = await sharp(encodePng(40, 20))
      .withExif({ IFD0: { Artist: "Ann" } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect((await sharp(photo).metadata()).orientation).toBe(6);
    const facts = { format: "webp", width: 20, height: 40, hasMetadata: false };
    expect(await factsOf(await make(photo))).toEqual(facts);
  });

  test.each(["gif", "webp", "avif", "jpeg", "png"] as const)("is made of %s", async (format) => {
    const picture = await sharp(encodePng(40, 20)).toFormat(format).toBuffer();
    expect(await factsOf(await make(picture))).toMatchObject({ format: "webp", width: 40 });
  });
});

describe("no preview is made", () => {
  test.each<[string, () => Uint8Array | Promise<Uint8Array>, PreviewOptions?]>([
    ["of nothing", () => new Uint8Array()],
    ["of what is no picture", () => Buffer.from("hello")],
    ["of a picture that breaks off", () => encodePng(400, 400).subarray(0, 200)],
    ["of a header that promises 10,000 × 10,000 pixels", () => pngHeader(10_000, 10_000)],
    ["of a picture with too many pixels", () => encodePng(400, 400), { maxPixels: 100_000 }],
    ["of SVG", () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ["of TIFF", () => sharp(encodePng(40, 20)).tiff().toBuffer()],
    ["in less time than it takes", () => encodePng(40, 20), { timeLimitMs: 1 }],
  ])("%s", async (_title, picture, options) => {
    expect(await make(await picture(), options)).toBeNull();
  });

  test("for a caller who has gone, whose reason passes through", async () => {
    await expect(make(encodePng(40, 20), {}, AbortSignal.abort("gone"))).rejects.toBe("gone");
    const gone = new AbortController();
    const making = make(encodePng(3_000, 3_000), {}, gone.signal);
    gone.abort("gone");
    await expect(making).rejects.toBe("gone");
  });
});

test("more pictures than processes take turns", async () => {
  const previews = createPreviews();
  const picture = encodePng(40, 20);
  const made = Array.from({ length: 5 }, () =>
    previews?.make(new Blob([picture as BlobPart]).stream(), never),
  );
  for (const preview of await Promise.all(made)) expect(preview?.byteLength).toBeGreaterThan(0);
});
