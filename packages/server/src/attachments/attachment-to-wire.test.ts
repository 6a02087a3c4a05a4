import { expect, test } from "vitest";
import { attachmentToWire } from "./attachment-to-wire.ts";

const signer = { sign: (claims: object) => `https://files.example/${JSON.stringify(claims)}` };
const record = { id: "atc_1", owner: { tenant: "default" }, name: "a.png", mime_type: "image/png" } as const;

test("a picture has a signed preview that is shown inline", () => {
  expect(attachmentToWire({ ...record, type: "image" }, signer)).toEqual({
    type: "image",
    id: "atc_1",
    name: "a.png",
    mime_type: "image/png",
    preview_url: signer.sign({ tenant: "default", id: "atc_1", variant: "orig", disposition: "inline" }),
  });
});

test("a file has none", () => {
  expect(attachmentToWire({ ...record, type: "file" }, signer)).toEqual({
    type: "file",
    id: "atc_1",
    name: "a.png",
    mime_type: "image/png",
  });
});
