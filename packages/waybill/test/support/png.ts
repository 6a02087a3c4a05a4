import { crc32, deflateSync } from "node:zlib";

/** What a PNG is made of: the header's fields, and the compressed rows, each behind its filter byte. */
export interface PngParts {
  readonly width: number;
  readonly height: number;
  /** For one sample. */
  readonly bits: number;
  readonly colorType: number;
  readonly data: Buffer;
}

/** A PNG of these parts. */
export function pngOf({ width, height, bits, colorType, data }: PngParts): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const frame = Buffer.alloc(4 + body.length + 4);
    frame.writeUInt32BE(data.length, 0);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc32(body), 4 + body.length);
    return frame;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, colorType, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A valid PNG of one colour. */
export function png(width: number, height: number): Buffer {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, 0x55)]);
  const data = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  return pngOf({ width, height, bits: 8, colorType: 2, data });
}
