/** Part of a file: `start` and `end` are byte offsets, both inclusive, as in HTTP. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A file that was found. */
export interface StoredFile {
  /** Of the whole file, also when a range was asked for. */
  readonly size_bytes: number;
  /** The bytes. Cancelling the stream frees what it holds. */
  readonly stream: ReadableStream<Uint8Array>;
}

/** What writing told about the bytes. */
export interface WrittenFile {
  readonly size_bytes: number;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Bytes by key. Keys are ours (`t/{tenant}/o/{id}/orig`), of `[A-Za-z0-9_\-./]`, never a
 * file name from outside; any other key is a `RangeError`.
 */
export interface FileStore {
  /** What the banner and logs call it, for example `files in ./data/attachments`. */
  readonly description: string;
  /** Prepares the store and removes what a dead process left half-written. Rejects with an `Error` whose message says what is wrong and how to mend it. */
  open(): Promise<void>;
  close(): Promise<void>;
  /**
   * Stores `source` under `key`, atomically: whoever reads sees the whole file or none, also
   * after a crash, and what was acknowledged survives a power loss. If `source` throws or
   * `signal` aborts, nothing remains and that reason is thrown. An existing key is overwritten.
   * Pieces must not change after they were yielded.
   */
  write(
    key: string,
    source: AsyncIterable<Uint8Array>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<WrittenFile>;
  /** The file or the part asked for, or null if there is none of this key. A range is cut at the file's end; one that begins there is empty. */
  read(key: string, range?: ByteRange): Promise<StoredFile | null>;
  /** Deletes; an unknown key is no error. */
  delete(key: string): Promise<void>;
}
