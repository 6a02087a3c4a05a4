import { expect, test } from "vitest";
import { attachmentToWire } from "./attachment-to-wire.ts";

const signer = { sign: (claims: object) => `https://files.example/${JSON.stringify(claims)}` };
const record = { id: "atc_1", owner: { tenant: "default" }, name: "a.png", mime_type: "image/png" } as const;

test.each(["inline", "attachment"] as const)("a picture has a signed preview (%s)", (disposition) => {
  expect(attachmentToWire({ ...record, type: "image" }, signer, disposition)).toEqual({
    type: "image",
    id: "atc_1",
    name: "a.png",
    mime_type: "image/png",
    preview_url: signer.sign({ tenant: "default", id: "atc_1", variant: "preview", disposition }),
  });
});

test("a preview is shown inline unless it must not be", () => {
  expect(attachmentToWire({ ...record, type: "image" }, signer)).toEqual(
    attachmentToWire({ ...record, type: "image" }, signer, "inline"),
  );
});

test("a file has none", () => {
  expect(attachmentToWire({ ...record, type: "file" }, signer)).toEqual({
    type: "file",
    id: "atc_1",
    name: "a.png",
    mime_type: "image/png",
  });
});
