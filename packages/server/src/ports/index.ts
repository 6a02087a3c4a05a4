export type { ByteRange, FileStore, StoredFile, WrittenFile } from "./file-store.ts";
export type { Principal } from "./principal.ts";
export type {
  AbandonedRun,
  AttachmentRecord,
  AttachmentState,
  AttachmentStore,
  FeedbackRecord,
  ItemFeedback,
  ItemPageRequest,
  JournalEntry,
  KeyedRun,
  LinkedAttachment,
  PageRequest,
  RunStore,
  Store,
  StoreChange,
  StoredItem,
  StoredUserMessage,
  ThreadRecord,
  ThreadStore,
  Turn,
  TurnKey,
} from "./store.ts";
