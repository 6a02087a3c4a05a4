import { createHash, createHmac } from "node:crypto";

/** Whom a bucket belongs to. */
export interface S3Owner {
  readonly access: string;
  readonly secret: string;
  readonly region: string;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const md5 = (text: string) => createHash("md5").update(text).digest("base64");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/**
 * A request for S3 with its signature in a header.
 *
 * Source: AWS Signature Version 4, Authenticating requests (Authorization header).
 */
export function signS3(owner: S3Owner, method: string, url: URL, body = ""): Request {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  // In the order of the alphabet, as the signature wants them.
  const headers: Readonly<Record<string, string>> = {
    "content-md5": md5(body),
    host: url.host,
    "x-amz-content-sha256": sha256(body),
    "x-amz-date": time,
  };
  const names = Object.keys(headers).join(";");
  const canonical = [
    method,
    url.pathname,
    [...url.searchParams].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&"),
    ...Object.entries(headers).map(([name, value]) => `${name}:${value}`),
    "",
    names,
    sha256(body),
  ].join("\n");
  const scope = `${time.slice(0, 8)}/${owner.region}/s3/aws4_request`;
  const key = scope.split("/").reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${owner.secret}`);
  const signature = hmac(key, ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n")).toString(
    "hex",
  );
  const { host: _, ...sent } = headers;
  const credential = `Credential=${owner.access}/${scope}`;
  return new Request(url, {
    method,
    headers: {
      ...sent,
      Authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}`,
    },
    ...(body === "" ? {} : { body }),
  });
}
