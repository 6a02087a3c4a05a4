import { expect, test } from "vitest";
import { readSettings } from "./settings.ts";

const read = (env: Record<string, string>) => readSettings(env, "/work");

test("a model is asked where one is named, and somebody runs it", () => {
  const { settings, problems } = read({ WAYBILL_MODEL: "m", OPENAI_BASE_URL: "http://127.0.0.1:1/v1" });
  expect(problems).toEqual([]);
  expect(settings.model).toEqual({
    model: "m",
    apiKey: undefined,
    baseURL: "http://127.0.0.1:1/v1",
    api: "responses",
  });
  expect(read({ WAYBILL_MODEL: "m", OPENAI_API_KEY: "k" }).settings.model).toMatchObject({ apiKey: "k" });
});

test("a key alone asks no model, and says so", () => {
  const { settings, problems } = read({ OPENAI_API_KEY: "k" });
  expect(problems).toEqual([]);
  expect(settings.model).toBeUndefined();
  expect(settings.notes).toEqual([
    "OPENAI_API_KEY is set, but no model is asked: name one in WAYBILL_MODEL.",
  ]);
});

test("a model behind Chat Completions is asked by that API", () => {
  const env = { WAYBILL_MODEL: "m", OPENAI_API_KEY: "k", WAYBILL_MODEL_API: "chat-completions" };
  expect(read(env).settings.model?.api).toBe("chat-completions");
});

test.each([
  [{ WAYBILL_MODEL: "m", OPENAI_API_KEY: "k", WAYBILL_MODEL_API: "grpc" }, "WAYBILL_MODEL_API"],
  [{ WAYBILL_MODEL: "m" }, "WAYBILL_MODEL"],
  [{ WAYBILL_MODEL: "m", OPENAI_BASE_URL: "models.example" }, "OPENAI_BASE_URL"],
])("%j cannot be used", (env, name) => {
  expect(read(env).problems.map((problem) => problem.name)).toEqual([name]);
});
