import { createHmac } from "node:crypto";

/** The secret of the tokens that tests are taken for good. */
export const TOKEN_SECRET = "a secret of more than thirty-two bytes";

/** A JSON Web Token, signed with HS256 whatever its header says; `secret` null: not signed at all. */
export function token(
  payload: object,
  { header = { alg: "HS256" } as object, secret = TOKEN_SECRET as string | null } = {},
): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = `${encode(header)}.${encode(payload)}`;
  return `${body}.${secret === null ? "" : createHmac("sha256", secret).update(body).digest("base64url")}`;
}

/** Seconds since 1970, this many from now. */
export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
