/**
 * Makes one preview of one untrusted picture: its bytes come on standard input, the preview leaves on
 * standard output. Whoever started the process ends it if it takes too long.
 */
import { buffer } from "node:stream/consumers";
import sharp from "sharp";

const [edge = "", maxPixels = ""] = process.argv.slice(2);

sharp.cache(false);
sharp.concurrency(1);
// Only what is shown as a picture at all is decoded: none of the rarer formats, and no vector graphics.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: [
    "VipsForeignLoadJpeg",
    "VipsForeignLoadPng",
    "VipsForeignLoadNsgif",
    "VipsForeignLoadWebp",
    "VipsForeignLoadHeif",
  ],
});

const picture = await buffer(process.stdin);
const preview = await sharp(picture, { limitInputPixels: Number(maxPixels), failOn: "error" })
  .autoOrient()
  .resize({ width: Number(edge), height: Number(edge), fit: "inside", withoutEnlargement: true })
  .webp({ quality: 80 })
  .toBuffer();
process.stdout.write(preview);
