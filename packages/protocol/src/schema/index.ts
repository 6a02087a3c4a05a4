export { parseAuthoredEvent, parseAuthoredItem } from "./authored-event.ts";
export {
  parseAttachment,
  parseCapabilities,
  parseErrorBody,
  parseItemPage,
  parseRunInfo,
  parseStreamEvent,
  parseThread,
  parseThreadPage,
  parseTranscript,
} from "./event.ts";
export type { ParseResult, SchemaIssue } from "./parse-result.ts";
export { parseChatKitRequest, parseFileImportRequest } from "./request.ts";
export type { WidgetParseResult } from "./widget.ts";
export { parseWidget, typedWidget } from "./widget.ts";
