import { diagnose } from "../diagnose.ts";
import type { Diagnosis } from "../diagnosis.ts";
import type { AskOptions } from "../question.ts";
import { QuestionError } from "../question-error.ts";
import { ChatKitPage, type PageAnswer, withoutQuery } from "./chatkit-page.ts";
import type { ChatKitCheck, ChatKitReport, ChatKitStep } from "./chatkit-report.ts";
import type { ChatKitTarget } from "./chatkit-target.ts";
import { checkPreview, type Uploaded, upload } from "./check-attachments.ts";
import { checkHugeBody, checkMalformedBody, checkWrongToken } from "./check-failures.ts";
import { askList, checkJson, checkPreflight } from "./check-requests.ts";
import { askTurn, checkBuffering, checkStream } from "./check-stream.ts";
import { came, headerOf, leftOut, reasonOf } from "./verdict-words.ts";

/**
 * Whether a page of that origin can use a ChatKit server. It makes a thread with one message, which the server answers, and
 * uploads a picture of one pixel; both are deleted at the end, also when the check is ended by `signal`. With `dryRun`,
 * nothing is made: `threads.list` and requests that must fail are sent all the same, since they change nothing.
 * Failures of the server are outcomes.
 *
 * @throws QuestionError for an origin, URL or header that cannot be asked about; the reason of `options.signal`
 */
export async function checkChatKit(target: ChatKitTarget, options: AskOptions = {}): Promise<ChatKitReport> {
  if (!/^https?:$/.test(URL.parse(target.url)?.protocol ?? "")) {
    throw new QuestionError("request.url", "an absolute http or https URL of the ChatKit protocol");
  }
  const { dryRun = false, ...asking } = options;
  return new Checking(target, asking, dryRun).run();
}

class Checking {
  readonly #target: ChatKitTarget;
  readonly #options: AskOptions;
  readonly #dryRun: boolean;
  readonly #page: ChatKitPage;
  readonly #checks: ChatKitCheck[] = [];
  readonly #made: {
    readonly type: string;
    readonly params: Readonly<Record<string, string>>;
    readonly id: string;
  }[] = [];
  #unread: PageAnswer | null = null;

  constructor(target: ChatKitTarget, options: AskOptions, dryRun: boolean) {
    this.#target = target;
    this.#options = options;
    this.#dryRun = dryRun;
    this.#page = new ChatKitPage(target, options);
  }

  async run(): Promise<ChatKitReport> {
    const list = await askList(this.#page);
    this.#add(checkPreflight(list), list);
    const json = checkJson(list);
    this.#add(json, list);
    const waybill = headerOf(list, "waybill") || null;
    if (list.prediction.requests.length > 0 && list.received !== null) await this.#failures();
    else
      this.#leaveOut(
        ["malformed-body", "wrong-token", "huge-body"],
        "The server's answers do not reach the page at all.",
      );
    const writing: readonly ChatKitStep[] = ["stream", "buffering", "upload", "preview", "clean-up"];
    if (this.#dryRun) this.#leaveOut(writing, "Nothing is made, as was asked for.");
    else if (json.outcome !== "fine")
      this.#leaveOut(writing, "Without an answer to threads.list, nothing is made.");
    else await this.#write(waybill !== null);
    return {
      origin: this.#target.origin,
      url: withoutQuery(this.#target.url),
      outcome: this.#checks.some(({ outcome }) => outcome === "broken")
        ? "broken"
        : json.outcome === "fine"
          ? "fine"
          : "unknown",
      waybill,
      checks: this.#checks,
      left: this.#made.map(({ id }) => id),
      diagnosis: await this.#diagnosis(),
    };
  }

  #add(check: ChatKitCheck, answer: PageAnswer | null): void {
    this.#checks.push(check);
    if (check.outcome === "broken" && answer?.isReadable === false) this.#unread ??= answer;
  }

  #leaveOut(steps: readonly ChatKitStep[], why: string): void {
    for (const step of steps) this.#checks.push(leftOut(step, why));
  }

  async #failures(): Promise<void> {
    for (const look of [checkMalformedBody, checkWrongToken, checkHugeBody]) {
      const { check, answer } = await look(this.#page, this.#options);
      this.#add(check, answer);
    }
  }

  async #write(isWaybill: boolean): Promise<void> {
    try {
      const turn = await askTurn(this.#page, this.#options, (id) => {
        this.#made.push({ type: "threads.delete", params: { thread_id: id }, id });
      });
      // A turn is not asked for again, so nobody looks into it further.
      this.#add(checkStream(turn), null);
      this.#add(checkBuffering(turn), null);
      const uploaded = await upload(this.#page, isWaybill);
      await this.#uploaded(uploaded);
    } finally {
      await this.#cleanUp();
    }
  }

  async #uploaded(uploaded: Uploaded): Promise<void> {
    const { attachmentId } = uploaded;
    if (attachmentId !== null) {
      this.#made.unshift({
        type: "attachments.delete",
        params: { attachment_id: attachmentId },
        id: attachmentId,
      });
    }
    this.#add(uploaded.check, null);
    const preview = await checkPreview(this.#page, uploaded);
    this.#add(preview.check, preview.answer);
  }

  /** With a page of its own: whoever ends the check does not end this. */
  async #cleanUp(): Promise<void> {
    const { signal: _, ...options } = this.#options;
    const page = new ChatKitPage(this.#target, options);
    if (this.#made.length === 0) return this.#leaveOut(["clean-up"], "Nothing was made.");
    const failures: string[] = [];
    const deleted: string[] = [];
    let seen: PageAnswer | null = null;
    for (const made of this.#made.slice()) {
      const answer = await page.tell(made.type, made.params);
      const status = answer.received?.status ?? 0;
      seen = answer;
      if (answer.isReadable && status >= 200 && status <= 299) {
        this.#made.splice(this.#made.indexOf(made), 1);
        deleted.push(made.id);
      } else
        failures.push(
          `${made.id} is still there (${made.type}: ${answer.isReadable ? `${status} ${reasonOf(answer)}` : answer.verdict})`,
        );
    }
    const sentence =
      failures.length === 0
        ? `What the check has made is deleted: ${deleted.join(", ")}.`
        : `${failures.join("; ")}.`;
    const outcome = failures.length === 0 ? "fine" : "broken";
    this.#checks.push(
      came(
        "clean-up",
        seen,
        outcome,
        sentence,
        failures.length === 0 ? "" : "Delete it by hand, or leave it: it is a message of the doctor's.",
      ),
    );
  }

  async #diagnosis(): Promise<Diagnosis | null> {
    return this.#unread === null ? null : diagnose(this.#unread.question, this.#options);
  }
}
