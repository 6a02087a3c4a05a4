import type { HeaderLine } from "@waybill/policy";
import type { ChatKitPage, PageAnswer } from "./chatkit-page.ts";
import { withoutQuery } from "./chatkit-page.ts";
import type { ChatKitCheck } from "./chatkit-report.ts";
import { asObject, came, headerOf, type Looked, leftOut, reasonOf, unreadable } from "./verdict-words.ts";

// One transparent pixel.
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const NAME = "waybill-doctor.png";
const TYPE = "image/png";
const BOUNDARY = "----WaybillDoctorPicture";

/** An upload, as far as it came. */
export interface Uploaded {
  readonly check: ChatKitCheck;
  /** The request that failed, or the last; null: nothing was sent. */
  readonly answer: PageAnswer | null;
  /** Of the attachment that there is now; null: none. */
  readonly attachmentId: string | null;
  /** null: there is nothing to be shown. */
  readonly previewUrl: string | null;
}

/**
 * Uploads a picture of one pixel: as a form to `v1/files` where the server is Waybill and offers that, else in the two phases of
 * `attachments.create`.
 */
export async function upload(page: ChatKitPage, isWaybill: boolean): Promise<Uploaded> {
  const ways = isWaybill ? await waysOf(page) : ["two_phase"];
  if (ways.includes("direct")) return uploadForm(page);
  if (ways.includes("two_phase")) return uploadInTwoPhases(page);
  return {
    check: leftOut("upload", "The server says that it takes no uploads."),
    answer: null,
    attachmentId: null,
    previewUrl: null,
  };
}

async function waysOf(page: ChatKitPage): Promise<readonly unknown[]> {
  const { json } = await page.ask({ url: new URL("v1", page.target.url).href });
  const { ways } = asObject(asObject(json)["attachments"]);
  return Array.isArray(ways) ? ways : [];
}

async function uploadForm(page: ChatKitPage): Promise<Uploaded> {
  const url = new URL("v1/files", page.target.url).href;
  const answer = await page.ask({ url, method: "POST", ...form() });
  return concluded(answer, answer, "A form with a picture");
}

async function uploadInTwoPhases(page: ChatKitPage): Promise<Uploaded> {
  const reserved = await page.tell("attachments.create", {
    name: NAME,
    size: PICTURE.length,
    mime_type: TYPE,
  });
  const status = reserved.received?.status ?? 0;
  if (reserved.isReadable && (status < 200 || status > 299)) {
    const sentence = `attachments.create is answered with ${status}: files come in otherwise, if at all. Where, only the page knows.`;
    return {
      check: came("upload", reserved, "unknown", sentence),
      answer: reserved,
      attachmentId: null,
      previewUrl: null,
    };
  }
  if (!reserved.isReadable) return concluded(reserved, reserved, "attachments.create");
  const descriptor = asObject(asObject(reserved.json)["upload_descriptor"]);
  const target = typeof descriptor["url"] === "string" ? URL.parse(descriptor["url"], page.target.url) : null;
  if (target === null) {
    const known = concluded(reserved, reserved, "attachments.create");
    return {
      ...known,
      check: came(
        "upload",
        reserved,
        "broken",
        "attachments.create is answered without an upload_descriptor that has a URL.",
      ),
    };
  }
  const headers = Object.entries(asObject(descriptor["headers"])).flatMap(([name, value]): HeaderLine[] =>
    typeof value === "string" ? [[name, value]] : [],
  );
  const isForm = descriptor["method"] === "POST";
  const sent = isForm ? form(headers) : { headers: typed(headers), content: PICTURE };
  const answer = await page.ask({ url: target.href, method: isForm ? "POST" : "PUT", bare: true, ...sent });
  return concluded(answer, reserved, `The picture's bytes, sent to ${withoutQuery(target.href)},`);
}

/** As the official client and browsers do: the file's own type, unless the server names one. */
const typed = (headers: readonly HeaderLine[]): readonly HeaderLine[] =>
  headers.some(([name]) => name.toLowerCase() === "content-type")
    ? headers
    : [["content-type", TYPE], ...headers];

function form(headers: readonly HeaderLine[] = []): { headers: readonly HeaderLine[]; content: Uint8Array } {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${NAME}"\r\nContent-Type: ${TYPE}\r\n\r\n`;
  const others = headers.filter(([name]) => name.toLowerCase() !== "content-type");
  return {
    headers: [["content-type", `multipart/form-data; boundary=${BOUNDARY}`], ...others],
    content: Buffer.concat([Buffer.from(head), PICTURE, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]),
  };
}

function concluded(answer: PageAnswer, described: PageAnswer, what: string): Uploaded {
  const { id, preview_url } = asObject(described.json);
  const attachmentId = typeof id === "string" ? id : null;
  const status = answer.received?.status ?? 0;
  const isFine = answer.isReadable && status >= 200 && status <= 299;
  const check = !answer.isReadable
    ? unreadable("upload", answer, what)
    : isFine && attachmentId !== null
      ? came("upload", answer, "fine", "A picture is taken in, and the page reads the answer.")
      : came(
          "upload",
          answer,
          "broken",
          `${what} is answered with ${status}: ${reasonOf(answer) || "without a word"}.`,
        );
  return {
    check,
    answer,
    attachmentId,
    previewUrl: isFine && typeof preview_url === "string" ? preview_url : null,
  };
}

/** Whether a page can show the picture, also one that is isolated (`Cross-Origin-Embedder-Policy: require-corp`). */
export async function checkPreview(
  page: ChatKitPage,
  { attachmentId, previewUrl }: Uploaded,
): Promise<Looked> {
  if (previewUrl === null) {
    const why =
      attachmentId === null
        ? "There is no picture to be shown."
        : "The server gives the picture no preview_url.";
    return { check: leftOut("preview", why), answer: null };
  }
  if (!/^https?:/i.test(previewUrl)) {
    return {
      check: came(
        "preview",
        null,
        "fine",
        "The preview is in the answer itself, so nothing has to be fetched.",
      ),
      answer: null,
    };
  }
  const answer = await page.ask({ url: previewUrl, mode: "no-cors", credentials: "include", bare: true });
  const { received, verdict } = answer;
  if (received === null) return { check: unreadable("preview", answer, "The preview"), answer };
  if (verdict !== "opaque" && verdict !== "ok") {
    const help = "Send `Cross-Origin-Resource-Policy: cross-origin` with previews.";
    return {
      check: came("preview", answer, "broken", `The browser does not show the preview (${verdict}).`, help),
      answer,
    };
  }
  const type = headerOf(answer, "content-type");
  if (received.status > 299 || !/^image\//i.test(type)) {
    const sentence = `The preview is answered with ${received.status} and ${type || "no type"}: there is no picture to be shown.`;
    return { check: came("preview", answer, "broken", sentence), answer };
  }
  const policy = headerOf(answer, "cross-origin-resource-policy");
  const isSameOrigin = new URL(previewUrl).origin === page.target.origin;
  // HTML, "cross-origin resource policy check" with require-corp: no policy counts as same-origin.
  if (isSameOrigin || policy !== "") {
    return {
      check: came(
        "preview",
        answer,
        "fine",
        `The preview is shown, in isolated pages too (Cross-Origin-Resource-Policy: ${policy || "not needed"}).`,
      ),
      answer,
    };
  }
  const help =
    "Send `Cross-Origin-Resource-Policy: cross-origin` with previews, so that isolated pages show them.";
  return {
    check: came(
      "preview",
      answer,
      "fine",
      "The preview is shown, but not in a page with `Cross-Origin-Embedder-Policy: require-corp`.",
      help,
    ),
    answer,
  };
}
