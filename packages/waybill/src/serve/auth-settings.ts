import { type Authenticate, headerUser, type JwtUserOptions, jwtUser, localUser } from "@waybill/server";

/** Who people are, as `WAYBILL_AUTH` and its companions have it; not checked for sense yet. */
export type AuthSettings =
  | { readonly kind: "local" }
  | { readonly kind: "jwt"; readonly options: JwtUserOptions }
  | { readonly kind: "header"; readonly name: string };

const VARIABLES: Readonly<Record<string, "secret" | "jwksUrl" | "audience" | "issuer">> = {
  WAYBILL_JWT_SECRET: "secret",
  WAYBILL_JWKS_URL: "jwksUrl",
  WAYBILL_JWT_AUDIENCE: "audience",
  WAYBILL_JWT_ISSUER: "issuer",
};

/** Reads `WAYBILL_AUTH` and what belongs to it; `local` in place of what is none of its values. */
export function readAuthSettings(
  get: (name: string) => string | undefined,
  problem: (name: string, message: string) => void,
): AuthSettings {
  const auth = get("WAYBILL_AUTH") ?? "local";
  const given = Object.entries(VARIABLES).flatMap(([name, option]) => {
    const value = get(name);
    return value === undefined ? [] : [{ name, option, value }];
  });
  if (auth === "jwt") {
    return { kind: "jwt", options: Object.fromEntries(given.map(({ option, value }) => [option, value])) };
  }
  for (const { name } of given) {
    problem(name, "It is set, but no tokens are asked for. Set WAYBILL_AUTH to jwt, or unset this variable.");
  }
  if (auth.startsWith("header:")) return { kind: "header", name: auth.slice("header:".length) };
  if (auth !== "local") {
    problem(
      "WAYBILL_AUTH",
      `${JSON.stringify(auth)} is not a way to tell users apart. Use local, jwt, or header:NAME, for example header:X-User.`,
    );
  }
  return { kind: "local" };
}

/** @throws ConfigurationError if the settings cannot be used. */
export function authenticatorOf(auth: AuthSettings): Authenticate {
  switch (auth.kind) {
    case "jwt":
      return jwtUser(auth.options);
    case "header":
      return headerUser(auth.name);
    case "local":
      return localUser();
  }
}

/** The variable behind an option of an authenticator, as `ConfigurationError` names it. */
export function authVariableOf(path: string): string {
  const option = path.split(".")[1];
  return Object.entries(VARIABLES).find(([, name]) => name === option)?.[0] ?? "WAYBILL_AUTH";
}

/** What the banner says of users. */
export function describeAuth(auth: AuthSettings): string {
  switch (auth.kind) {
    case "jwt":
      return "by bearer token (JWT)";
    case "header":
      return `by the header ${auth.name}, from a proxy on this machine`;
    case "local":
      return "one, on this machine alone";
  }
}
