export type { Attachment, FileAttachment, ImageAttachment, UploadDescriptor } from "./attachment.ts";
export type { ChatErrorOptions, ErrorBody, ErrorCode, ErrorRule } from "./errors.ts";
export { ChatError, ERROR_RULES, ERRORS, errorBody, isErrorCode } from "./errors.ts";
export type { ThreadItemUpdate, ThreadStreamEvent } from "./events.ts";
export type { Capabilities, FileImportRequest, FileInfo, RunInfo, RunState } from "./files.ts";
export { formatSize } from "./format-size.ts";
export type { IdKind } from "./ids.ts";
export { createId, createItemId } from "./ids.ts";
export type {
  Annotation,
  AssistantMessageContent,
  AssistantMessageItem,
  ClientToolCallItem,
  EndOfTurnItem,
  GeneratedImageItem,
  HiddenContextItem,
  InferenceOptions,
  InputTag,
  InputText,
  ItemBase,
  Json,
  Source,
  StructuredInputAnswer,
  StructuredInputItem,
  StructuredInputQuestion,
  Task,
  TaskItem,
  ThreadItem,
  UserMessageContent,
  UserMessageInput,
  UserMessageItem,
  WidgetItem,
  Workflow,
  WorkflowItem,
  WorkflowSummary,
} from "./items.ts";
export { isHiddenItem } from "./items.ts";
export type { Page, PageQuery } from "./page.ts";
export { DEFAULT_PAGE_LIMIT, MAX_PAGE_LIMIT } from "./page.ts";
export type {
  AttachmentsCreateRequest,
  AttachmentsDeleteRequest,
  ChatKitRequest,
  CustomAction,
  FeedbackKind,
  InputTranscribeRequest,
  ItemsFeedbackRequest,
  ItemsListRequest,
  NonStreamingRequest,
  StreamingRequest,
  ThreadsAddClientToolOutputRequest,
  ThreadsAddStructuredInputRequest,
  ThreadsAddUserMessageRequest,
  ThreadsCreateRequest,
  ThreadsCustomActionRequest,
  ThreadsDeleteRequest,
  ThreadsGetByIdRequest,
  ThreadsListRequest,
  ThreadsRetryAfterItemRequest,
  ThreadsSyncCustomActionRequest,
  ThreadsUpdateRequest,
} from "./requests.ts";
export { isStreamingRequest } from "./requests.ts";
export type { SseDecoderOptions, SseEvent } from "./sse.ts";
export { encodeSse, SSE_PING, SseDecoder } from "./sse.ts";
export type { Thread, ThreadMetadata, ThreadStatus } from "./thread.ts";
export type { DynamicWidget, Widget } from "./widgets/index.ts";
