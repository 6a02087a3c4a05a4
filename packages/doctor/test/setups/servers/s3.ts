import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Fix } from "@waybill/doctor";
import { freePort, startProgram } from "../run.ts";
import { applyFix, type Running, type Setup } from "../setup.ts";
import { jsonPost } from "./requests.ts";
import { signS3 } from "./sign-s3.ts";

/** A gateway that speaks S3; undefined where there is none. */
const gateway = process.env["S3_GATEWAY_PATH"] || undefined;

const OWNER = { access: "owner", secret: "owner-secret", region: "us-east-1" };

const EVERYONE = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: "*",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      Resource: "arn:aws:s3:::media/*",
    },
  ],
});

interface BucketCase extends Omit<Setup, "start" | "servers" | "fixedBy" | "request"> {
  readonly request?: Setup["request"];
  /** The content of the bucket's CORS configuration; none: it has none. */
  readonly rules?: string;
}

/** A bucket that everybody may use, with one object. */
function bucket({ rules = "", ...setup }: BucketCase): Setup {
  const start = async (folder: string, pageOrigin: string, fix: Fix | null): Promise<Running> => {
    await mkdir(join(folder, "data"));
    const port = await freePort();
    const close = await startProgram({
      command: gateway ?? "versitygw",
      args: ["--port", `127.0.0.1:${port}`, "--quiet", "posix", join(folder, "data")],
      env: { ROOT_ACCESS_KEY: OWNER.access, ROOT_SECRET_KEY: OWNER.secret },
      port,
    });
    const url = `http://127.0.0.1:${port}`;
    const put = async (path: string, body?: string) => {
      const answer = await fetch(signS3(OWNER, "PUT", new URL(path, url), body));
      if (!answer.ok) throw new Error(`PUT ${path}: ${answer.status} ${await answer.text()}`);
      await answer.arrayBuffer();
    };
    try {
      await put("/media");
      await put("/media?policy=", EVERYONE);
      await put("/media/cat.txt", "a cat");
      const configuration = applyFix(
        `<CORSConfiguration>\n  <!-- cors -->\n${rules}\n  <!-- /cors -->\n</CORSConfiguration>\n`,
        fix,
      ).replaceAll("{{ORIGIN}}", pageOrigin);
      await writeFile(join(folder, "cors.xml"), configuration);
      if (configuration.includes("<CORSRule>")) await put("/media?cors=", configuration);
    } catch (error) {
      await close();
      throw error;
    }
    return { url, close };
  };
  return { servers: ["s3"], fixedBy: "s3", request: { path: "/media/cat.txt" }, ...setup, start };
}

const upload: Pick<Setup, "request"> & { content: Uint8Array } = {
  request: { ...jsonPost.request, path: "/media/new.json", method: "PUT" },
  content: jsonPost.content,
};

const cases: readonly BucketCase[] = [
  {
    name: "S3: a bucket without CORS rules",
    cause: "no-cors",
    readsAfterwards: 200,
  },
  {
    name: "S3: AllowedHeader lacks Content-Type",
    cause: "header-not-listed",
    readsAfterwards: 200,
    ...upload,
    rules: `  <CORSRule>
    <AllowedOrigin>{{ORIGIN}}</AllowedOrigin>
    <AllowedMethod>PUT</AllowedMethod>
    <AllowedHeader>Authorization</AllowedHeader>
  </CORSRule>`,
  },
  {
    name: "S3: AllowedMethod lacks PUT",
    cause: "method-not-listed",
    readsAfterwards: 200,
    ...upload,
    rules: `  <CORSRule>
    <AllowedOrigin>{{ORIGIN}}</AllowedOrigin>
    <AllowedMethod>GET</AllowedMethod>
    <AllowedHeader>*</AllowedHeader>
  </CORSRule>`,
  },
  {
    name: "S3: AllowedOrigin is written with a slash behind it",
    cause: "origin-not-listed",
    readsAfterwards: 200,
    rules: `  <CORSRule>
    <AllowedOrigin>{{ORIGIN}}/</AllowedOrigin>
    <AllowedMethod>GET</AllowedMethod>
  </CORSRule>`,
  },
];

/** Broken set-ups of S3; none where there is no gateway. */
export const s3Setups: readonly Setup[] = gateway === undefined ? [] : cases.map(bucket);
