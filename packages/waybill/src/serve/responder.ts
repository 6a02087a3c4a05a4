import type { Log, Respond } from "@waybill/server";
import { chatCompletions } from "@waybill/server/responders/chat-completions";
import { describe } from "@waybill/server/responders/describe";
import { openai } from "@waybill/server/responders/openai";

const WORD_PACE_MS = 15;

/** The APIs by which a model may be asked. */
const MODEL_APIS = ["responses", "chat-completions"] as const;

/** The model that answers, as the environment names it. */
export interface ModelSettings {
  readonly model: string;
  /** Undefined: the server of `baseURL` asks for none. */
  readonly apiKey: string | undefined;
  /** Undefined: OpenAI's own. */
  readonly baseURL: string | undefined;
  readonly api: (typeof MODEL_APIS)[number];
}

/** Reads `WAYBILL_MODEL`, `WAYBILL_MODEL_API`, `OPENAI_API_KEY` and `OPENAI_BASE_URL`; undefined: no model is asked. */
export function readModelSettings(
  get: (name: string) => string | undefined,
  problem: (name: string, message: string) => void,
): ModelSettings | undefined {
  const model = get("WAYBILL_MODEL");
  const apiKey = get("OPENAI_API_KEY");
  const baseURL = get("OPENAI_BASE_URL");
  const named = get("WAYBILL_MODEL_API") ?? "responses";
  const api = MODEL_APIS.find((known) => known === named);
  if (api === undefined) {
    problem(
      "WAYBILL_MODEL_API",
      `${JSON.stringify(named)} is not an API that this server speaks. Use ${MODEL_APIS.join(" or ")}.`,
    );
  }
  if (model === undefined) return undefined;
  if (apiKey === undefined && baseURL === undefined) {
    problem(
      "WAYBILL_MODEL",
      "A model is named, but not who runs it. Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, or unset this variable.",
    );
  }
  if (baseURL !== undefined && !/^https?:$/.test(URL.parse(baseURL)?.protocol ?? "")) {
    problem(
      "OPENAI_BASE_URL",
      `${JSON.stringify(baseURL)} is not a URL. Write it as http://127.0.0.1:11434/v1.`,
    );
  }
  return { model, apiKey, baseURL, api: api ?? "responses" };
}

/** What a person is told who has set a key, but named no model: a key alone asks nobody. */
export function modelNotes(get: (name: string) => string | undefined): readonly string[] {
  if (get("WAYBILL_MODEL") !== undefined) return [];
  return ["OPENAI_API_KEY", "OPENAI_BASE_URL", "WAYBILL_MODEL_API"]
    .filter((name) => get(name) !== undefined)
    .map((name) => `${name} is set, but no model is asked: name one in WAYBILL_MODEL.`);
}

/**
 * What answers: the configuration file's own responder, else the model of the environment, else the
 * description of what arrived.
 *
 * @throws Error with its remedy, if a model is named and the package that asks it is not installed.
 */
export async function createResponder(
  own: Respond | undefined,
  settings: ModelSettings | undefined,
  log: Log,
): Promise<{ readonly respond: Respond; readonly description: string }> {
  if (own !== undefined) return { respond: own, description: "from waybill.config.ts" };
  if (settings === undefined) {
    return {
      respond: describe({ paceMs: WORD_PACE_MS }),
      description: "describes what arrives; no model is configured",
    };
  }
  const { model, apiKey = "none", baseURL, api } = settings;
  const { default: OpenAI } = await import("openai").catch((cause: unknown) => {
    throw new Error("The package openai is not installed. Run: npm install openai", { cause });
  });
  const client = new OpenAI({ apiKey, ...(baseURL === undefined ? {} : { baseURL }) });
  const host = new URL(client.baseURL).host;
  const ask = api === "responses" ? openai : chatCompletions;
  return { respond: ask({ client, model, log }), description: `the model ${model} at ${host}` };
}
