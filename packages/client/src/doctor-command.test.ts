import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { doctorCommand } from "./doctor-command.ts";

const command = (method: string, url: string, pageOrigin: string | null, headers?: readonly string[]) =>
  doctorCommand({ request: { method, url, ...(headers === undefined ? {} : { headers }) }, pageOrigin });

test("repeats the request as the page sent it", () => {
  expect(
    command("POST", "https://api.example/chatkit", "https://app.example", [
      "authorization: REDACTED",
      "content-type: application/json",
    ]),
  ).toBe(
    "npx waybill doctor --origin 'https://app.example' 'https://api.example/chatkit' --method POST " +
      "--header 'authorization: REDACTED' --header 'content-type: application/json'",
  );
  expect(command("GET", "https://api.example/v1", null)).toBe(
    "npx waybill doctor --origin 'null' 'https://api.example/v1' --method GET",
  );
  expect(command("POST", "", "https://app.example")).toBeNull();
});

test.each([
  ["https://api.example/f?sig=abc&exp=12", "'https://api.example/f' "],
  ["https://api.example/a&b=c/f", "https://api.example/a&b=c/f"],
])("keeps the query of %s to itself", (url, shown) => {
  expect(command("GET", url, "null")).toContain(shown);
});

test("is read by a shell as it is meant", () => {
  const odd = "https://api.example/it's/$(id)/`id`/a b/\\;*";
  const line = "x-odd: \"$HOME\" 'q' \\";
  const words = command("PUT", odd, "https://app.example", [line]) ?? "";
  const read = execFileSync("/bin/sh", ["-c", `printf '%s\\n' ${words}`])
    .toString()
    .trimEnd()
    .split("\n");
  const asked = ["npx", "waybill", "doctor", "--origin", "https://app.example", odd];
  expect(read).toEqual([...asked, "--method", "PUT", "--header", line]);
});
