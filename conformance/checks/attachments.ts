import { createHash } from "node:crypto";
import {
  type Check,
  framesIn,
  Mismatch,
  messageInput,
  mustAnswer,
  mustEqual,
  Person,
  refusal,
  storingNothing,
} from "../suite/check.ts";
import { exchange, type Reply } from "../suite/exchange.ts";
import type { JsonObject } from "../suite/scenario.ts";

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR42mM4IWcDRAwQCgAh9gSJ9oSVYQAAAABJRU5ErkJggg==";
const TEXT = { name: "a.txt", size: 5, mime_type: "text/plain" };

interface Reserved {
  readonly id: string;
  readonly url: string;
}

async function reserve(person: Person, params: JsonObject = TEXT): Promise<Reserved> {
  const reply = await person.ask("attachments.create", params);
  mustAnswer(reply, { status: 200, json: { id: "<atc:1>", upload_descriptor: { url: "<url>" } } });
  const { id, upload_descriptor } = reply.json as {
    readonly id: string;
    readonly upload_descriptor: { readonly url: string };
  };
  return { id, url: upload_descriptor.url };
}

const put = (person: Person, url: string, text = "hello") =>
  person.send({ method: "PUT", url, bodyText: text }, { headers: { "content-type": "text/plain" } });
const known = (person: Person, id: string) => person.send({ method: "GET", path: `/v1/files/${id}` });
const message = (person: Person, ids: readonly string[]) =>
  person.ask("threads.create", { input: messageInput("script:text", ids) });
const form = (person: Person, field: string, name: string, text: string): Promise<Reply> =>
  person.send({ path: "/v1/files", multipart: { [field]: { name, type: "text/plain", text } } });

interface Refused {
  readonly what: string;
  readonly params: JsonObject;
  readonly status: number;
  readonly code: string;
}

const REFUSED: readonly Refused[] = [
  { what: "no bytes", params: { ...TEXT, size: 0 }, status: 422, code: "attachment_rejected" },
  { what: "a negative size", params: { ...TEXT, size: -1 }, status: 400, code: "invalid_request" },
  { what: "a fraction of a byte", params: { ...TEXT, size: 1.5 }, status: 400, code: "invalid_request" },
  { what: "a petabyte", params: { ...TEXT, size: 2 ** 50 }, status: 413, code: "attachment_too_large" },
  { what: "no name", params: { size: 1, mime_type: "text/plain" }, status: 400, code: "invalid_request" },
  { what: "a null type", params: { ...TEXT, mime_type: null }, status: 400, code: "invalid_request" },
];

const refused: readonly Check[] = REFUSED.map(({ what, params, status, code }) => ({
  name: `attachments.create with ${what} is ${code}`,
  requirements: ["ATT-CREATE-002"],
  needs: "waybill",
  async run(world) {
    mustAnswer(await new Person(world).ask("attachments.create", params), refusal(status, code));
  },
}));

/** The way of bytes, and what is refused on it. */
export const attachmentChecks: readonly Check[] = [
  ...refused,
  {
    name: "what is known of an attachment follows its bytes: reserved, then ready with size and hash",
    requirements: ["ATT-STATE-001"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const { id, url } = await reserve(person);
      mustAnswer(await known(person, id), { status: 200, json: { id, state: "reserved", url: "<absent>" } });
      mustAnswer(await put(person, url), { status: 200, json: { id, upload_descriptor: "<absent>" } });
      const sha256 = createHash("sha256").update("hello").digest("hex");
      const told = { id, state: "ready", size_bytes: 5, sha256, mime_type: "text/plain", url: "<url>" };
      mustAnswer(await known(person, id), { status: 200, json: told });
    },
  },
  {
    name: "a form is taken at an upload's address, too",
    requirements: ["ATT-PUT-001"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const { id, url } = await reserve(person);
      const multipart = { file: { name: "a.txt", type: "text/plain", text: "hello" } };
      mustAnswer(await person.send({ url, multipart }), { status: 200, json: { id } });
      mustAnswer(await known(person, id), { status: 200, json: { state: "ready", size_bytes: 5 } });
    },
  },
  {
    name: "fewer or more bytes than were declared are rejected, and the attachment cannot be sent",
    requirements: ["ATT-PUT-002"],
    needs: "waybill",
    async run(world) {
      for (const text of ["hell", "hello!"]) {
        const person = new Person(world);
        const { id, url } = await reserve(person);
        mustAnswer(await put(person, url, text), refusal(422, "attachment_rejected"));
        const reply = await storingNothing(person, () => message(person, [id]));
        mustEqual(Math.floor(reply.status / 100), 4, `status after ${text}`);
      }
    },
  },
  {
    name: "bytes are sent once: a second upload is a conflict and changes nothing",
    requirements: ["ATT-PUT-003"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const { id, url } = await reserve(person);
      mustAnswer(await put(person, url), { status: 200 });
      const { sha256 } = (await known(person, id)).json as JsonObject;
      mustAnswer(await put(person, url, "jello"), refusal(409, "upload_conflict"));
      mustAnswer(await known(person, id), { status: 200, json: { state: "ready", sha256: `${sha256}` } });
    },
  },
  {
    name: "an upload's address whose signature, id or size was changed is forbidden",
    requirements: ["ATT-PUT-004"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const { id, url } = await reserve(person);
      const other = await reserve(person);
      const bare = new URL(url);
      bare.search = "";
      const flipped = url.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
      for (const forged of [bare.href, flipped.slice(0, -1), url.replace(id, other.id)])
        mustAnswer(await put(person, forged), refusal(403, "forbidden"));
      mustAnswer(await known(person, other.id), { status: 200, json: { state: "reserved" } });
    },
  },
  {
    name: "a deleted reservation takes no bytes any more",
    requirements: ["ATT-PUT-005"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const { id, url } = await reserve(person);
      mustAnswer(await person.ask("attachments.delete", { attachment_id: id }), { status: 200, json: {} });
      mustAnswer(await put(person, url), refusal(404, "not_found"));
      mustAnswer(await known(person, id), refusal(404, "not_found"));
    },
  },
  {
    name: "bytes that are not what was declared are rejected with both types named",
    requirements: ["ATT-TYPE-001"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const { url } = await reserve(person, { ...TEXT, name: "a.png", mime_type: "image/png" });
      const reply = await put(person, url);
      mustAnswer(reply, refusal(422, "attachment_rejected"));
      const { message: said } = reply.json as { readonly message: string };
      mustEqual(
        [said.includes("image/png"), said.includes("text/plain")],
        [true, true],
        "types in the message",
      );
    },
  },
  {
    name: "a picture keeps its type, and its preview can be loaded by the page without a header",
    requirements: ["ATT-SERVE-001"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const bytes = Buffer.from(PNG, "base64");
      const params = { name: "a.png", size: bytes.byteLength, mime_type: "image/png" };
      const { id, url } = await reserve(person, params);
      mustAnswer(await person.send({ method: "PUT", url, bodyBase64: PNG }), { status: 200 });
      const file = await known(person, id);
      mustAnswer(file, { status: 200, json: { type: "image", width: 2, height: 2, preview_url: "<url>" } });
      const { preview_url } = file.json as { readonly preview_url: string };
      const preview = await exchange({ method: "GET", url: preview_url }, { baseUrl: "", user: "nobody" });
      mustEqual(preview.status, 200, "status of the preview");
      mustEqual(preview.contentType.startsWith("image/"), true, "the preview is a picture");
      const { headers } = preview;
      mustEqual(headers["cross-origin-resource-policy"], "cross-origin", "Cross-Origin-Resource-Policy");
      mustEqual(headers["x-content-type-options"], "nosniff", "X-Content-Type-Options");
    },
  },
  {
    name: "what could be a page is served as a download, in a sandbox, and only by its signed address",
    requirements: ["ATT-SERVE-002"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const html = "<!doctype html><script>alert(1)</script>";
      const params = { name: "a.html", size: html.length, mime_type: "text/html" };
      const { id, url } = await reserve(person, params);
      mustAnswer(await put(person, url, html), { status: 200 });
      const { url: address } = (await known(person, id)).json as { readonly url: string };
      const nobody = { baseUrl: "", user: "nobody" };
      const { status, headers } = await exchange({ method: "GET", url: address }, nobody);
      mustEqual(status, 200, "status");
      mustEqual(/^attachment\b/.test(headers["content-disposition"] ?? ""), true, "it is a download");
      mustEqual(/\bsandbox\b/.test(`${headers["content-security-policy"]}`), true, "it is in a sandbox");
      mustEqual(headers["x-content-type-options"], "nosniff", "X-Content-Type-Options");
      const forged = new URL(address);
      forged.search = "";
      const bare = await exchange({ method: "GET", url: forged.href }, nobody);
      mustEqual(Math.floor(bare.status / 100), 4, "class of the status without a signature");
    },
  },
  {
    name: "a name keeps neither folders nor characters that hide what it is",
    requirements: ["ATT-NAME-001"],
    needs: "waybill",
    async run(world) {
      for (const [given, kept] of [
        ["../../etc/passwd.txt", "passwd.txt"],
        ["C:\\temp\\a.txt", "a.txt"],
        ["a\u202etxt.exe\u0000.txt", "atxt.exe.txt"],
      ] as const) {
        const reply = await new Person(world).ask("attachments.create", { ...TEXT, name: given });
        mustAnswer(reply, { status: 200, json: { name: kept } });
      }
    },
  },
  {
    name: "the same attachment twice on a message, and on messages of two threads, is one attachment",
    requirements: ["ATT-LINK-001", "ATT-LINK-004"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const { id, url } = await reserve(person);
      await put(person, url);
      for (const ids of [[id, id], [id]]) {
        const reply = await message(person, ids);
        mustAnswer(reply, { status: 200, contentType: "text/event-stream" });
        const { item } = framesIn(reply)[1] as {
          readonly item: { readonly attachments: readonly JsonObject[] };
        };
        if (item.attachments.some((attachment) => attachment["id"] !== id))
          throw new Mismatch("It is another.", [
            { path: "attachments", expected: id, got: JSON.stringify(item) },
          ]);
      }
    },
  },
  {
    name: "one message takes no more than so many attachments, and tells how many",
    requirements: ["ATT-LINK-006"],
    needs: "waybill",
    async run(world) {
      const person = new Person(world);
      const reserved = await Promise.all(Array.from({ length: 11 }, () => reserve(person)));
      for (const { url } of reserved) await put(person, url);
      const ids = reserved.map(({ id }) => id);
      const reply = await storingNothing(person, () => message(person, ids));
      mustAnswer(reply, refusal(400, "invalid_request"));
    },
  },
  {
    name: "a form without the field file, or with an empty file, leaves nothing",
    requirements: ["ATT-DIRECT-002"],
    needs: "waybill",
    uploads: "direct",
    async run(world) {
      const person = new Person(world);
      mustAnswer(await form(person, "document", "a.txt", "hello"), refusal(400, "invalid_request"));
      mustAnswer(await form(person, "file", "a.txt", ""), refusal(422, "attachment_rejected"));
      const broken = { "content-type": "multipart/form-data; boundary=b" };
      const cut = { path: "/v1/files", bodyText: "--b\r\nContent-Disposition: form-data", headers: broken };
      mustAnswer(await person.send(cut), refusal(400, "invalid_request"));
    },
  },
  {
    name: "an uploaded file can be sent at once",
    requirements: ["ATT-DIRECT-001"],
    needs: "protocol",
    uploads: "direct",
    async run(world) {
      const person = new Person(world);
      const reply = await form(person, "file", "a.txt", "hello");
      mustAnswer(reply, { status: 200, json: { id: "<atc:1>", name: "a.txt", mime_type: "text/plain" } });
      const { id } = reply.json as { readonly id: string };
      mustAnswer(await message(person, [id]), { status: 200, contentType: "text/event-stream" });
    },
  },
  {
    name: "a message that names an attachment is refused where there are none",
    requirements: ["ATT-LINK-003"],
    needs: "waybill",
    uploads: "none",
    async run(world) {
      const person = new Person(world);
      mustAnswer(await message(person, ["atc_nowhere"]), refusal(404, "not_found"));
      mustEqual(await person.everything(), [], "what is stored");
    },
  },
];
