/** What stands within a line. Strings are as they are read: entities and escapes are resolved. */
export type Inline =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "strong" | "em" | "del"; readonly inner: readonly Inline[] }
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "br" }
  /** A tag, as it is written. */
  | { readonly type: "html"; readonly text: string }
  | Link
  | Image;

/** A link, or an address that became one by itself. */
export interface Link {
  readonly type: "link";
  /** As it is written, unchecked. */
  readonly href: string;
  readonly inner: readonly Inline[];
  /** The whole of it, as it is written. */
  readonly raw: string;
}

/** An image. */
export interface Image {
  readonly type: "image";
  /** As it is written, unchecked. */
  readonly href: string;
  /** Its alternative text; "" if there is none. */
  readonly text: string;
}

/** Words; nothing but definitions of links leaves no paragraph. */
export interface Paragraph {
  readonly type: "paragraph";
  readonly inner: readonly Inline[];
}

/** A heading of the level 1 to 6. */
export interface Heading {
  readonly type: "heading";
  readonly depth: number;
  readonly inner: readonly Inline[];
}

/** Code, fenced or indented, without the line break at its end. */
export interface Code {
  readonly type: "codeblock";
  /** What stands behind the fence; "" if nothing does. */
  readonly lang: string;
  readonly text: string;
}

/** A list; its items are drawn as paragraphs where it is loose. */
export interface List {
  readonly type: "list";
  readonly ordered: boolean;
  /** The number of the first item. */
  readonly start: number;
  readonly loose: boolean;
  readonly items: readonly Item[];
}

/** One entry of a list. */
export interface Item {
  readonly type: "item";
  /** Whether a task is done; null for what is no task. */
  readonly checked: boolean | null;
  readonly blocks: readonly Block[];
}

/** A table. Every row has as many cells as the header, or at least the first hundred of them. */
export interface Table {
  readonly type: "table";
  readonly align: readonly ("left" | "center" | "right" | null)[];
  readonly header: Row;
  readonly rows: readonly Row[];
}

/** The cells of one line of a table. */
export interface Row {
  readonly type: "row";
  readonly cells: readonly (readonly Inline[])[];
}

/** What a text consists of. */
export type Block =
  | Paragraph
  | Heading
  | Code
  | List
  | Table
  | { readonly type: "quote"; readonly blocks: readonly Block[] }
  /** Raw HTML, as it is written. */
  | { readonly type: "html"; readonly text: string }
  | { readonly type: "hr" };
