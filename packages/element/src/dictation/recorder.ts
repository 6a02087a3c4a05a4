/** Levels are taken this often. */
const LEVEL_MS = 100;
/** A quiet room, and a voice close by, as decibels below full scale. */
const QUIET_DB = -60;
const LOUD_DB = -12;

/** One recording of the microphone. */
export interface Recording {
  /** Ends it; resolves with what was recorded. */
  finish(): Promise<Blob>;
  /** Ends it and keeps nothing. */
  discard(): void;
}

/**
 * Asks for the microphone and records. `level` is told ten times a second how loud it is, 0 to 1.
 *
 * @throws DOMException `NotAllowedError` if the person or the page forbids it, `NotFoundError`
 *   without a microphone, `AbortError` by the signal; TypeError where a browser cannot record, as
 *   on a page that is not secure.
 */
export async function record(level: (loudness: number) => void, signal: AbortSignal): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const release = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  if (signal.aborted) {
    release();
    signal.throwIfAborted();
  }
  const recorder = new MediaRecorder(stream);
  const pieces: Blob[] = [];
  recorder.addEventListener("dataavailable", ({ data }) => void pieces.push(data));
  const audio = new AudioContext();
  const analyser = audio.createAnalyser();
  audio.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const ticking = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const decibels = 20 * Math.log10(Math.hypot(...samples) / Math.sqrt(samples.length));
    level(Math.min(1, Math.max(0, (decibels - QUIET_DB) / (LOUD_DB - QUIET_DB))));
  }, LEVEL_MS);
  const end = async () => {
    clearInterval(ticking);
    if (recorder.state !== "inactive") {
      const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
      recorder.stop();
      await stopped;
    }
    release();
    await audio.close();
  };
  recorder.start();
  return {
    async finish() {
      await end();
      return new Blob(pieces, { type: recorder.mimeType });
    },
    discard: () => void end(),
  };
}
