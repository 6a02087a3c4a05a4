export { changedThread } from "./changed-thread.ts";
export type { ByteRange, FileStore, StoredFile, WrittenFile } from "./file-store.ts";
export type { Principal } from "./principal.ts";
export type {
  AbandonedRun,
  AttachmentChange,
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
  StorageQuota,
  Store,
  StoreChange,
  StoredItem,
  StoredUserMessage,
  ThreadChange,
  ThreadRecord,
  ThreadStore,
  Turn,
  TurnKey,
} from "./store.ts";
