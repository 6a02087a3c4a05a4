import type { PageAttachment } from "@waybill/client";

/** A part of a message as a page writes it: of a tag, `data` and the like may be left out. */
export type MessagePart =
  | { readonly type: "input_text"; readonly text: string }
  | {
      readonly type: "input_tag";
      readonly id: string;
      readonly text: string;
      readonly group?: string | undefined;
      readonly data?: Readonly<Record<string, unknown>> | undefined;
      readonly interactive?: boolean | undefined;
    };

/** A button of the page in the header. */
export interface HeaderActionOption {
  /** A ChatKit header icon, or any that a prompt could have. */
  readonly icon: string;
  readonly onClick: () => void;
  /** The accessible name, an addition of ours. @default what the icon usually does */
  readonly label?: string | undefined;
}

/** What `sendCustomAction` takes. */
export interface CustomActionOption {
  readonly type: string;
  readonly payload?: Readonly<Record<string, unknown>> | undefined;
}

/** What `sendUserMessage` takes. */
export interface UserMessage {
  readonly text?: string | undefined;
  /** Takes the place of `text`. */
  readonly content?: readonly MessagePart[] | undefined;
  /** The passage that is replied to. */
  readonly reply?: string | undefined;
  readonly attachments?: readonly PageAttachment[] | undefined;
  /** Whether to begin a new conversation with it. @default false */
  readonly newThread?: boolean | undefined;
  readonly toolChoice?: { readonly id: string } | undefined;
  readonly model?: string | undefined;
}

/** What `setComposerValue` takes; what is left out stays as it is. */
export interface ComposerValue {
  readonly text?: string | undefined;
  /** Takes the place of `text`. */
  readonly content?: readonly MessagePart[] | undefined;
  /** The passage to reply to; "" for none. */
  readonly reply?: string | undefined;
  /** In the place of those that are ready; they must be on the server already. */
  readonly attachments?: readonly PageAttachment[] | undefined;
  /** Uploaded and added. */
  readonly files?: readonly File[] | undefined;
  /** Null: none. */
  readonly selectedToolId?: string | null | undefined;
  readonly selectedModelId?: string | undefined;
}

/**
 * The options of the element: ChatKit's, as far as this version knows them. Others are allowed,
 * and named by `chatkit.log`.
 *
 * Source: `@openai/chatkit` 1.9, `ChatKitOptions`; `theme: "auto"`, `announcements` and `api.relay` are ours.
 */
export interface ChatOptions {
  readonly api: {
    /** The protocol route. Without it, the element shows what is missing. */
    readonly url?: string | undefined;
    /** Carries out every request to the server. @default globalThis.fetch */
    readonly fetch?: typeof fetch | undefined;
    /**
     * A folder in which the page's own server passes the API on, with its slash: asked whether the chat server is
     * up, when this browser cannot reach it. @default none
     */
    readonly relay?: string | undefined;
    /** How the bytes of an attachment travel. @default what the server offers */
    readonly uploadStrategy?:
      | { readonly type: "two_phase" }
      | { readonly type: "direct"; readonly uploadUrl: string }
      | undefined;
    /** Accepted and not needed. */
    readonly domainKey?: string | undefined;
    /** The hosted service; not supported, and answered with a card that says so. */
    readonly getClientSecret?: ((currentClientSecret: string | null) => Promise<string>) | undefined;
  };
  /** Language of the element; see `registerStrings`. @default navigator.language */
  readonly locale?: string | undefined;
  /** A colour scheme, or ChatKit's ThemeOption. @default "light" */
  readonly theme?: "light" | "dark" | "auto" | object | undefined;
  /** Accessible name. @default "Chat" */
  readonly frameTitle?: string | undefined;
  /** The thread to open first. @default null, a new conversation */
  readonly initialThread?: string | null | undefined;
  readonly header?:
    | {
        readonly enabled?: boolean | undefined;
        readonly title?:
          | { readonly enabled?: boolean | undefined; readonly text?: string | undefined }
          | undefined;
        readonly leftAction?: HeaderActionOption | undefined;
        readonly rightAction?: HeaderActionOption | undefined;
      }
    | undefined;
  /** The list of conversations. @default all of it */
  readonly history?:
    | {
        readonly enabled?: boolean | undefined;
        readonly showDelete?: boolean | undefined;
        readonly showRename?: boolean | undefined;
      }
    | undefined;
  /** What is offered below an answer besides copying. @default nothing */
  readonly threadItemActions?:
    | { readonly feedback?: boolean | undefined; readonly retry?: boolean | undefined }
    | undefined;
  /**
   * Carries out a tool of the page; what it returns goes to the server as JSON. Without it, a
   * call is answered with a card for the developer.
   */
  readonly onClientTool?:
    | ((toolCall: {
        name: string;
        params: Record<string, unknown>;
      }) => Promise<Record<string, unknown>> | Record<string, unknown>)
    | undefined;
  readonly startScreen?:
    | {
        readonly greeting?: string | undefined;
        readonly prompts?:
          | readonly {
              readonly label: string;
              readonly prompt: string | readonly MessagePart[];
              readonly icon?: string | undefined;
            }[]
          | undefined;
      }
    | undefined;
  readonly composer?:
    | {
        readonly placeholder?: string | undefined;
        /** Sizes in bytes, one for all or by MIME type; types with their file name extensions. */
        readonly attachments?:
          | {
              readonly enabled: boolean;
              /** @default what the server publishes, else 100 MiB */
              readonly maxSize?: number | Readonly<Record<string, number>> | undefined;
              /** @default what the server publishes, else 10 */
              readonly maxCount?: number | undefined;
              /** @default what the server publishes, else every type */
              readonly accept?: Readonly<Record<string, readonly string[]>> | undefined;
            }
          | undefined;
        readonly tools?:
          | readonly {
              readonly id: string;
              readonly label: string;
              readonly icon?: string | undefined;
              readonly shortLabel?: string | undefined;
              readonly placeholderOverride?: string | undefined;
              readonly pinned?: boolean | undefined;
              readonly persistent?: boolean | undefined;
            }[]
          | undefined;
        readonly models?:
          | readonly {
              readonly id: string;
              readonly label: string;
              readonly description?: string | undefined;
              readonly disabled?: boolean | undefined;
              readonly default?: boolean | undefined;
            }[]
          | undefined;
        readonly dictation?: { readonly enabled: boolean } | undefined;
      }
    | undefined;
  /** Names that a message can refer to; see ChatKit's `EntitiesOption`. */
  readonly entities?: object | undefined;
  readonly disclaimer?: { readonly text: string; readonly highContrast?: boolean | undefined } | undefined;
  /** @default true: the end is followed while it is near */
  readonly thread?: { readonly autoScroll?: boolean | undefined } | undefined;
  /** What of an answer is read to those who listen. @default "blocks" */
  readonly announcements?: "blocks" | "end" | "off" | undefined;
}
