import { ChatError } from "@waybill/protocol";
import {
  answerCut,
  answerEmpty,
  answerUnreadable,
  modelFailure,
  modelTimedOut,
  modelUnreachable,
} from "../model-output/model-failure.ts";

/**
 * What a failure of the AI SDK says, recognised by shape, whichever copy of the package it comes from.
 * Anything that is no failure of the model's server, as an author's own exception, stays what it is.
 */
export function aiFailure(error: unknown, model: string): unknown {
  if (error instanceof ChatError || typeof error !== "object" || error === null) return error;
  const { name, lastError, statusCode, data, responseHeaders } = error as Readonly<Record<string, unknown>>;
  // After its last attempt the SDK tells of all of them.
  if (name === "AI_RetryError") return aiFailure(lastError, model);
  // A good answer that cannot be read to its end.
  if (name === "AI_APICallError" && typeof statusCode === "number" && statusCode < 300)
    return answerCut(error);
  if (typeof statusCode === "number") {
    const after = Number(propertyOf(responseHeaders, "retry-after") ?? Number.NaN);
    return modelFailure(
      {
        status: statusCode,
        code: codeIn(propertyOf(data, "error")),
        ...(Number.isInteger(after) ? { retryAfterSeconds: after } : {}),
      },
      model,
      error,
    );
  }
  switch (name) {
    case "AI_APICallError":
      return modelUnreachable(error);
    case "AI_JSONParseError":
    case "AI_TypeValidationError":
      return answerUnreadable(error);
    case "AI_StreamProviderError":
      return modelFailure({ code: codeIn(error) }, model, error);
    case "AI_InvalidResponseDataError":
    case "AI_EmptyResponseBodyError":
      return answerCut(error);
    case "AI_NoOutputGeneratedError":
    case "AI_NoContentGeneratedError":
      return answerEmpty();
    case "TimeoutError":
      return modelTimedOut(error);
    default:
  }
  // So a connection ends that is cut.
  if (error instanceof TypeError && /terminated|fetch failed/.test(error.message)) return answerCut(error);
  // What a server says within its stream is no exception.
  if (error instanceof Error) return error;
  const message = propertyOf(error, "message");
  return modelFailure(
    { code: codeIn(error) },
    model,
    new Error(typeof message === "string" ? message : "no words"),
  );
}

function codeIn(error: unknown): string | undefined {
  const code = propertyOf(error, "code");
  return typeof code === "string" ? code : undefined;
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
