export type { AttachmentWay } from "./app.ts";
export type { AttachmentLimits, SigningKey } from "./attachments/index.ts";
export type { ChatKitServer, ChatKitServerConfig, WebApp } from "./chatkit-server.ts";
export { createChatKitServer } from "./chatkit-server.ts";
export type { ConfigurationIssue } from "./configuration-error.ts";
export { ConfigurationError } from "./configuration-error.ts";
export type { ServerCors } from "./cors-policies.ts";
export type { Authenticate, Connection } from "./identity/authenticate.ts";
export type { HeaderUserOptions } from "./identity/header-user.ts";
export { headerUser } from "./identity/header-user.ts";
export type { JwtUserOptions } from "./identity/jwt-user.ts";
export { jwtUser } from "./identity/jwt-user.ts";
export { isLoopbackHost, localUser } from "./identity/local-user.ts";
export type { Log, LogEntry } from "./log.ts";
export { logToStderr } from "./log.ts";
export type { RequestEnvironment } from "./request-environment.ts";
export type { OnRequest, RequestFacts } from "./request-facts.ts";
export type { HookContext } from "./requests/caller.ts";
export type { Feedback, OnFeedback } from "./requests/feedback.ts";
export type { Speech, Transcribe } from "./requests/transcribe.ts";
export { keepPartialMessages } from "./responders/keep-partial-messages.ts";
export type {
  ChooseStreamOptions,
  JsonObject,
  OnStopped,
  QuestionInput,
  Respond,
  RespondToAction,
  StreamOptions,
  SyncAction,
  SyncActionResult,
  TaskInput,
  TextPiece,
  TextSource,
  TurnAttachment,
  TurnContext,
  TurnEvent,
  TurnFacts,
  TurnThread,
} from "./responders/respond.ts";
export type { TurnImage } from "./responders/turn-image.ts";
export type { TurnWorkflow, WorkflowEnd, WorkflowOptions } from "./responders/turn-workflow.ts";
export type { StandInOptions } from "./stand-in.ts";
export { createStandIn } from "./stand-in.ts";
export { VERSION } from "./version.ts";
