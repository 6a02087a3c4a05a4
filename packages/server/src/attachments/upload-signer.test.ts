import { describe, expect, test } from "vitest";
import { createUploadSigner, type UploadClaims } from "./upload-signer.ts";
import { createUrlSigner } from "./url-signer.ts";

const CLAIMS: UploadClaims = {
  tenant: "default",
  id: "atc_1",
  size_bytes: 10,
  mime_type: "text/plain",
  epoch: 1,
};
const options = { keys: [{ id: "k1", secret: "s".repeat(32) }], origin: "https://api.example/chat" };
const at = (ms: number) => createUploadSigner({ ...options, now: () => ms });
const url = at(0).sign(CLAIMS);

describe("an upload URL", () => {
  test("is below the API, and proves its claims to PUT and POST alone", () => {
    expect(url).toMatch(/^https:\/\/api\.example\/chat\/v1\/uploads\/atc_1\?/);
    for (const method of ["PUT", "POST"]) expect(at(0).verify(method, url)).toEqual(CLAIMS);
    for (const method of ["GET", "PATCH", "DELETE", ""]) expect(at(0).verify(method, url)).toBeNull();
  });

  test("is valid for an hour", () => {
    expect(at(3_599_999).verify("PUT", url)).toEqual(CLAIMS);
    expect(at(3_600_000).verify("PUT", url)).toBeNull();
  });

  test.each([
    ["size", url.replace("n=10", "n=100")],
    ["size in another spelling", url.replace("n=10", "n=1e1")],
    ["type", url.replace("m=text", "m=image")],
    ["epoch", url.replace("p=1", "p=2")],
    ["expiry", url.replace("e=3600000", "e=9600000")],
    ["tenant", url.replace("t=default", "t=other")],
    ["attachment", url.replace("atc_1", "atc_2")],
    ["size twice", `${url}&n=10`],
  ])("with another %s is not accepted", (_title, changed) => {
    expect(changed).not.toBe(url);
    expect(at(0).verify("PUT", changed)).toBeNull();
  });

  test("reads no file, and a file's URL takes no upload", () => {
    const files = createUrlSigner({ ...options, now: () => 0 });
    expect(files.verify("GET", url)).toBeNull();
    expect(files.verify("GET", url.replace("v1/uploads/atc_1", "f/atc_1/orig"))).toBeNull();
    const read = files.sign({ tenant: "default", id: "atc_1", variant: "orig", disposition: "inline" });
    expect(at(0).verify("PUT", read.replace("f/atc_1/orig", "v1/uploads/atc_1"))).toBeNull();
  });
});
