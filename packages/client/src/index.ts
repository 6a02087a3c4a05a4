export { createChatClient } from "./chat-client.ts";
export type {
  CallOptions,
  ChatClient,
  ChatClientOptions,
  PageAttachment,
  SendInput,
  UploadOptions,
  UploadProgress,
  UploadStrategy,
} from "./client-types.ts";
export { doctorCommand, withoutSecrets } from "./doctor-command.ts";
export { emptyThreadState, reduceThread, threadStateOf } from "./reduce-thread.ts";
export type { ThreadState } from "./thread-state.ts";
export type { Confidence, FailureCause, RetryRule, Verdict } from "./verdict.ts";
export { ChatFailure } from "./verdict.ts";
