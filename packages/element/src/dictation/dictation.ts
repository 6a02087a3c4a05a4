import { type ChatClient, ChatFailure } from "@waybill/client";
import { html, nothing, svg, type TemplateResult } from "lit/html.js";
import { icon } from "../icon/icon.ts";
import type { Strings } from "../strings/en.ts";
import { type Recording, record } from "./recorder.ts";

/** Bars of the level that are drawn. */
const BARS = 48;
/** A recording of this length ends by itself. */
const MAX_LENGTH_MS = 300_000;

/** What dictation needs, and whom it tells. */
export interface DictationHost {
  readonly client: () => ChatClient | null;
  readonly strings: () => Strings;
  readonly changed: () => void;
  readonly say: (text: string) => void;
  /** What was said, written down. */
  readonly heard: (text: string) => void;
}

type State =
  | { readonly step: "off" | "asking" | "writing" }
  | {
      readonly step: "recording";
      readonly recording: Recording;
      readonly levels: readonly number[];
      readonly startedAtMs: number;
    };

/** Speech to text: asks for the microphone, records, and has the server write it down. */
export class Dictation {
  readonly #host: DictationHost;
  #state: State = { step: "off" };
  #fault: string | null = null;
  #working: AbortController | null = null;

  constructor(host: DictationHost) {
    this.#host = host;
  }

  /** Whether it stands in the place of the composer's tools. */
  get isOn(): boolean {
    return this.#state.step !== "off";
  }

  /** What stands in the place of the placeholder; null while it is off. */
  get placeholder(): string | null {
    const strings = this.#host.strings();
    const { step } = this.#state;
    if (step === "off") return null;
    if (step === "asking") return strings.dictationAsks;
    return step === "writing" ? strings.dictationWrites : strings.dictationListens;
  }

  /** Why the last attempt failed, in words; null if it did not. */
  get fault(): string | null {
    return this.#fault;
  }

  /** Takes the reason away. */
  dismiss(): void {
    this.#fault = null;
    this.#host.changed();
  }

  /** Asks for the microphone and records. Does nothing while it is on. */
  async start(): Promise<void> {
    if (this.isOn) return;
    const working = new AbortController();
    this.#working = working;
    this.#fault = null;
    this.#set({ step: "asking" });
    this.#host.say(this.#host.strings().said(this.#host.strings().dictationAsks));
    try {
      const recording = await record((level) => this.#hear(level), working.signal);
      this.#set({ step: "recording", recording, levels: [], startedAtMs: performance.now() });
      this.#host.say(this.#host.strings().said(this.#host.strings().dictationListens));
    } catch (error) {
      if (!working.signal.aborted) this.#fail(this.#faultOf(error));
    }
  }

  /** Ends the recording and has it written down. Does nothing if none is made. */
  async finish(): Promise<void> {
    const state = this.#state;
    const working = this.#working;
    if (state.step !== "recording" || working === null) return;
    this.#set({ step: "writing" });
    const strings = this.#host.strings();
    try {
      const audio = await state.recording.finish();
      working.signal.throwIfAborted();
      const text = await this.#host.client()?.transcribe(audio, { signal: working.signal });
      working.signal.throwIfAborted();
      if (text === undefined || text.trim() === "") this.#fail(strings.dictationNothing);
      else {
        this.#set({ step: "off" });
        this.#host.heard(text.trim());
      }
    } catch (error) {
      const reason = error instanceof ChatFailure ? error.verdict.title : String(error);
      if (!working.signal.aborted) this.#fail(strings.dictationFailed(reason));
    }
  }

  /** Ends it whatever it is at, and keeps nothing. */
  discard(): void {
    if (!this.isOn) return;
    if (this.#state.step === "recording") this.#state.recording.discard();
    this.#working?.abort(new DOMException("Discarded by the person.", "AbortError"));
    this.#set({ step: "off" });
  }

  #set(state: State): void {
    this.#state = state;
    this.#host.changed();
  }

  #hear(level: number): void {
    const state = this.#state;
    if (state.step !== "recording") return;
    this.#set({ ...state, levels: [...state.levels, level].slice(-BARS) });
    if (performance.now() - state.startedAtMs > MAX_LENGTH_MS) void this.finish();
  }

  #fail(reason: string): void {
    this.#fault = reason;
    this.#set({ step: "off" });
    this.#host.say(reason);
  }

  #faultOf(error: unknown): string {
    const strings = this.#host.strings();
    const name = error instanceof DOMException ? error.name : "";
    if (name === "NotFoundError") return strings.dictationNoMicrophone;
    // A browser without the means answers like one that was told not to use them.
    return name === "NotAllowedError" || error instanceof TypeError
      ? strings.dictationRefused
      : strings.dictationFailed(String(error));
  }

  /** What stands in the place of the composer's tools while it is on. */
  render(): TemplateResult {
    const strings = this.#host.strings();
    const state = this.#state;
    const recording = state.step === "recording" ? state : null;
    const seconds = recording === null ? 0 : Math.floor((performance.now() - recording.startedAtMs) / 1000);
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    return html`<div class="tools"><button class="ib" type="button" aria-label=${strings.dictationDiscard} @click=${() => this.discard()}>${icon("x")}</button>${
      recording === null
        ? html`<p class="doing grow"><span class="spin" aria-hidden="true"></span><span class="cut">${this.placeholder}</span></p>`
        : html`${wave(recording.levels)}<span class="sm num dim recorded" role="timer" aria-label=${strings.dictationRecorded}>${time}</span><button class="ib go" type="button" aria-label=${strings.dictationFinish} @click=${() => void this.finish()}>${icon("check")}</button>`
    }</div>`;
  }
}

/** The level as bars, the newest at the end. */
function wave(levels: readonly number[]): TemplateResult {
  const bars = Array.from({ length: BARS }, (_, index) => {
    const level = levels[index];
    const height = 3 + Math.round((level ?? 0) * 25);
    return svg`<rect class=${level === undefined ? "" : "on"} x=${index * 5} y=${(36 - height) / 2} width="2" height=${height} rx="1"></rect>`;
  });
  return html`<svg class="wave" viewBox="0 0 ${BARS * 5} 36" preserveAspectRatio="xMinYMid meet" aria-hidden="true">${bars}</svg>`;
}

/** The button that begins to dictate; nothing where a page does not offer it. */
export function dictateButton(
  offered: boolean,
  strings: Strings,
  start: () => void,
): TemplateResult | typeof nothing {
  if (!offered) return nothing;
  return html`<button class="ib" type="button" part="dictate" aria-label=${strings.dictate} @click=${start}>${icon("mic")}</button>`;
}
