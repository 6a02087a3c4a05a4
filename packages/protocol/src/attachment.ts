/** Where and how the bytes of a two-phase upload are sent. URLs are absolute. */
export interface UploadDescriptor {
  readonly url: string;
  readonly method: "POST" | "PUT";
  readonly headers: Readonly<Record<string, string>>;
}

interface AttachmentBase {
  readonly id: string;
  readonly name: string;
  readonly mime_type: string;
  /** Present until the bytes have arrived. */
  readonly upload_descriptor?: UploadDescriptor;
  /** Set once a message that carries the attachment is saved. */
  readonly thread_id?: string;
}

/** An attachment that can be shown. `preview_url` is absolute. */
export interface ImageAttachment extends AttachmentBase {
  readonly type: "image";
  readonly preview_url: string;
}

/** Any other attachment. */
export interface FileAttachment extends AttachmentBase {
  readonly type: "file";
}

/**
 * An attachment as the wire carries it; its `metadata` is never sent.
 *
 * Source: openai-chatkit 1.6.5, `types.py`, `Attachment`.
 */
export type Attachment = ImageAttachment | FileAttachment;
