import { describe, expect, test } from "vitest";
import { fromCurl } from "./from-curl.ts";
import { QuestionError } from "./question-error.ts";

const bash = String.raw`curl 'https://api.example/v1/chat?x=1&y=%20' \
  -X 'PATCH' \
  -H 'accept: */*' \
  -H 'accept-language: en-US,en;q=0.9' \
  -H 'authorization: Bearer s3cret' \
  -H 'cache-control: no-cache' \
  -b 'session=abc; theme=dark' \
  -H 'content-type: application/json' \
  -H 'origin: https://app.example' \
  -H 'pragma: no-cache' \
  -H 'priority: u=1, i' \
  -H 'referer: https://app.example/' \
  -H 'sec-ch-ua: "Chromium";v="156", "Not(A:Brand";v="24"' \
  -H 'sec-fetch-mode: cors' \
  -H 'sec-fetch-site: cross-site' \
  -H 'user-agent: Mozilla/5.0 (X11; Linux x86_64)' \
  -H 'x-trace;' \
  --data-raw $'{"text":"it\'s \u0021 \\n caf\u00e9 \ud83d\ude00","a":"b\\\\c"}' \
  --compressed`;

// As Chromium writes it: escapeStringWin.
const cmd = [
  'curl ^"https://api.example/v1/chat?x=1^&y=^%^20^" ^',
  '  -H ^"accept: */*^" ^',
  '  -H ^"authorization: Bearer s3cret^" ^',
  '  -H ^"content-type: application/json^" ^',
  '  -H ^"origin: https://app.example^" ^',
  '  -H ^"sec-ch-ua: ^\\^"Chromium^\\^";v=^\\^"156^\\^"^" ^',
  '  --data-raw ^"^{^\\^"text^\\^":^\\^"a^\\^\\n ^<b^> 100^%^\\^",^\\^"line^\\^":1^}^\n\nend^" ^',
  "  --compressed",
].join("\r\n");

const text = (content: Uint8Array | undefined) => new TextDecoder().decode(content);
const failure = (command: string): QuestionError => {
  try {
    fromCurl(command);
  } catch (error) {
    if (error instanceof QuestionError) return error;
    throw error;
  }
  throw new Error(`It was read: ${command}`);
};

describe("fromCurl", () => {
  test("reads what DevTools copies for bash", () => {
    const copied = fromCurl(bash);
    expect(copied.origin).toBe("https://app.example");
    expect(copied.request).toEqual({
      url: "https://api.example/v1/chat?x=1&y=%20",
      method: "PATCH",
      headers: [
        ["authorization", "Bearer s3cret"],
        ["content-type", "application/json"],
        ["x-trace", ""],
      ],
      mode: "cors",
      credentials: "include",
      body: { kind: "bytes" },
    });
    expect(text(copied.content)).toBe('{"text":"it\'s ! \\n café 😀","a":"b\\\\c"}');
    expect(copied.dropped).toEqual([
      "accept",
      "accept-language",
      "cache-control",
      "origin",
      "pragma",
      "priority",
      "referer",
      "sec-ch-ua",
      "sec-fetch-mode",
      "sec-fetch-site",
      "user-agent",
      "--compressed",
    ]);
  });

  test("reads what DevTools copies for cmd", () => {
    const copied = fromCurl(cmd);
    expect(copied.request).toMatchObject({
      url: "https://api.example/v1/chat?x=1&y=%20",
      method: "POST",
      headers: [
        ["authorization", "Bearer s3cret"],
        ["content-type", "application/json"],
      ],
    });
    expect(copied.dropped).toContain("sec-ch-ua");
    expect(text(copied.content)).toBe('{"text":"a\\n <b> 100%","line":1}\nend');
  });

  test("reads quotations of cmd that people write", () => {
    const copied = fromCurl(
      'curl.exe -X POST "https://a.example/x" ^\n -H "Content-Type: application/json" -d "{\\"a\\":1}"',
    );
    expect(text(copied.content)).toBe('{"a":1}');
  });

  test.each<[string, string, readonly (readonly [string, string])[], string | null]>([
    ["curl https://a.example", "GET", [], null],
    ["$ curl -sSL a.example/x | jq .", "GET", [], null],
    ["curl https://a.example -o /dev/null -w '%{http_code}' 2>/dev/null", "GET", [], null],
    ["curl -I https://a.example -x http://proxy.example:3128 -k", "HEAD", [], null],
    ["curl -XDELETE https://a.example", "DELETE", [], null],
    [
      'curl https://a.example -d a=1 --data "b=two words"',
      "POST",
      [["Content-Type", "application/x-www-form-urlencoded"]],
      "a=1&b=two words",
    ],
    ["curl https://a.example -H 'Content-Type:' -d x", "POST", [], "x"],
    [
      "curl -X PUT https://a.example --json '{\"a\":1}'",
      "PUT",
      [
        ["Content-Type", "application/json"],
        ["Accept", "application/json"],
      ],
      '{"a":1}',
    ],
    ["curl -u me:word https://a.example", "GET", [["Authorization", "Basic bWU6d29yZA=="]], null],
    ["curl https://me:word@a.example", "GET", [["Authorization", "Basic bWU6d29yZA=="]], null],
    [
      "curl --oauth2-bearer abc https://a.example -A me -e https://from.example",
      "GET",
      [["Authorization", "Bearer abc"]],
      null,
    ],
    [
      "curl https://a.example --data-urlencode 'q=a b&c' --data-urlencode 'plain text'",
      "POST",
      [["Content-Type", "application/x-www-form-urlencoded"]],
      "q=a%20b%26c&plain%20text",
    ],
    [
      "curl https://a.example --data-binary $'caf\\xc3\\xa9\\t\\x41 \\x e9 \\xe9' -H content-type:text/plain",
      "POST",
      [["content-type", "text/plain"]],
      "café\tA \\x e9 é",
    ],
  ])("reads %s", (command, method, headers, body) => {
    const copied = fromCurl(command);
    expect([copied.request.method, copied.request.headers]).toEqual([method, headers]);
    expect(copied.request.credentials).toBeUndefined();
    expect(copied.origin).toBeNull();
    expect(copied.content === undefined ? null : text(copied.content)).toBe(body);
  });

  test("puts data into the query with -G, and takes a URL without a scheme for http, as curl does", () => {
    expect(fromCurl("curl -G a.example/find?x=1 -d y=2 --data-urlencode 'z=a b'").request.url).toBe(
      "http://a.example/find?x=1&y=2&z=a%20b",
    );
    expect(fromCurl("curl --url-query 'q=a b' --url https://a.example/").request.url).toBe(
      "https://a.example/?q=a%20b",
    );
  });

  test("writes a form as curl does, with its boundary in the header", () => {
    const { request, content } = fromCurl(
      "curl https://a.example -F name=test -F 'note=hi;type=text/markdown'",
    );
    const type = request.headers?.[0]?.[1] ?? "";
    expect(type).toMatch(/^multipart\/form-data; boundary=-/);
    const boundary = type.replace(/^.*boundary=/, "");
    expect(text(content).split(`--${boundary}`)).toHaveLength(4);
    expect(text(content)).toContain('name="note"\r\nContent-Type: text/markdown\r\n\r\nhi\r\n');
  });

  test.each([
    ["wget https://a.example", "curl"],
    ["", "curl"],
    ["curl", "URL"],
    ["curl https://", "URL"],
    ["curl https://a.example https://b.example", "URL"],
    ["curl https://a.example -H 's3cret'", "-H"],
    ["curl https://a.example --header 's3cret value'", "--header"],
    ["curl https://a.example -H", "-H"],
    ["curl https://a.example --frobnicate s3cret", "--frobnicate"],
    ["curl https://a.example -sZ -d @s3cret.json", "-d"],
    ["curl https://a.example --json @s3cret.json", "--json"],
    ["curl https://a.example --data-urlencode name@s3cret", "--data-urlencode"],
    ["curl https://a.example -F file=@s3cret.png", "-F"],
    ["curl https://a.example -F s3cret", "-F"],
    ["curl -T s3cret https://a.example", "-T"],
    ["curl https://a.example --next https://b.example", "--next"],
    ["curl https://a.example -H 'authorization: s3cret", "curl"],
    ['curl https://a.example -H "authorization: $S3CRET"', "curl"],
    ["curl https://a.example -d $(cat s3cret)", "curl"],
    ['curl ^"https://a.example', "curl"],
  ])("names the argument of %j, and not its value", (command, field) => {
    const error = failure(command);
    expect(error.field).toBe(field);
    expect(error.message).not.toContain("s3cret");
  });

  test("reads a body of a megabyte", () => {
    const body = `{"a":"${"x\\n'".repeat(250_000)}"}`;
    const quoted = body.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
    expect(text(fromCurl(`curl https://a.example --data-raw $'${quoted}'`).content)).toBe(body);
  });
});
