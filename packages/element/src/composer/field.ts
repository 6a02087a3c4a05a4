import type { InputTag, UserMessageContent } from "@waybill/protocol";
import { render } from "lit/html.js";
import { markTag, tagContent, tagOfElement } from "../entities/tags.ts";
import { mergeTexts, textContent } from "./content.ts";

/** A place in the field between two letters. */
interface Caret {
  readonly node: Node;
  readonly offset: number;
}

/** Letters behind an `@` that can still be a name. */
const LONGEST_QUERY = 60;

function tagElement(tag: InputTag): HTMLElement {
  const element = document.createElement("span");
  element.className = "tag";
  element.setAttribute("part", "tag");
  element.contentEditable = "false";
  if (tag.interactive === true) element.setAttribute("data-interactive", "");
  markTag(element, tag);
  render(tagContent(tag), element);
  return element;
}

function readNodes(nodes: Iterable<Node>): UserMessageContent[] {
  const content: UserMessageContent[] = [];
  for (const node of nodes) {
    if (node instanceof Text) content.push({ type: "input_text", text: node.data });
    else if (node instanceof Element) {
      const tag = tagOfElement(node);
      if (tag !== undefined) content.push(tag);
      else if (node.localName === "br") content.push({ type: "input_text", text: "\n" });
      // A browser that knows no plain text makes a block of each line.
      else content.push(...textContent(content.length === 0 ? "" : "\n"), ...readNodes(node.childNodes));
    }
  }
  return content;
}

/**
 * The editable field: a line of text nodes with tags between them, each one character to the
 * caret. Its nodes belong to the browser while a person types; they are written only when the
 * draft is not what they say.
 */
export class Field {
  readonly #edited: () => void;
  #element: HTMLElement | undefined;
  #left: Caret | null = null;

  /** `edited` is told of what this class itself changed; a person's edits fire `input`. */
  constructor(edited: () => void) {
    this.#edited = edited;
  }

  /** Takes the element that is drawn. */
  readonly attach = (element: Element): void => {
    const field = element instanceof HTMLElement ? element : undefined;
    if (field === this.#element) return;
    this.#element = field;
    if (field === undefined) return;
    field.contentEditable = "true";
    try {
      field.contentEditable = "plaintext-only";
    } catch {
      // Not known to this browser: what is pasted is made plain by the composer.
    }
    field.addEventListener("blur", () => {
      this.#left = this.#caret();
    });
  };

  /** Whether it has the focus. */
  get isFocused(): boolean {
    return this.#element?.matches(":focus") === true;
  }

  /** What is written. The last line break of a field is never to be seen, and not part of it. */
  read(): readonly UserMessageContent[] {
    const content = mergeTexts(readNodes(this.#element?.childNodes ?? []));
    const last = content.at(-1);
    if (last?.type !== "input_text" || !last.text.endsWith("\n")) return content;
    return [...content.slice(0, -1), ...textContent(last.text.slice(0, -1))];
  }

  /** Shows this draft; does nothing if it is shown already. The caret goes to the end. */
  write(content: readonly UserMessageContent[]): void {
    const field = this.#element;
    if (field === undefined || JSON.stringify(this.read()) === JSON.stringify(content)) return;
    const nodes = content.map((part) =>
      part.type === "input_tag" ? tagElement(part) : document.createTextNode(part.text),
    );
    const last = content.at(-1);
    const endsLine = last?.type === "input_text" && last.text.endsWith("\n");
    field.replaceChildren(...nodes, ...(endsLine ? [document.createElement("br")] : []));
    this.#left = null;
    if (this.isFocused) this.#toEnd();
  }

  /** Gives it the focus, where the caret was, else at the end. */
  focus(): void {
    const field = this.#element;
    if (field === undefined || this.isFocused) return;
    const left = this.#left;
    field.focus();
    if (left !== null && field.contains(left.node)) this.#set(left.node, left.offset);
    else this.#toEnd();
  }

  /** Writes a text at the caret, as if it was typed. */
  insert(text: string): void {
    this.focus();
    // The one way that leaves the browser's own undo whole.
    document.execCommand("insertText", false, text);
  }

  /** What is written between an `@` and the caret; null if no name is being written there. */
  query(): string | null {
    const at = this.#textBefore();
    if (at === null) return null;
    const before = at.node.data.slice(0, at.offset);
    const start = before.lastIndexOf("@");
    const query = before.slice(start + 1);
    const begins = start === 0 || /[\s("'\u2018-\u201f]/.test(before[start - 1] ?? "");
    return start < 0 || !begins || query.includes("\n") || query.length > LONGEST_QUERY || /^\s/.test(query)
      ? null
      : query;
  }

  /** Puts a tag in the place of the name that is being written, with a space behind it. */
  insertTag(tag: InputTag): void {
    const query = this.query();
    const at = this.#textBefore();
    if (query === null || at === null) return;
    const rest = at.node.splitText(at.offset);
    at.node.deleteData(at.offset - query.length - 1, query.length + 1);
    rest.before(tagElement(tag));
    if (!/^\s/.test(rest.data)) rest.insertData(0, " ");
    this.#set(rest, 1);
    this.#edited();
  }

  #toEnd(): void {
    if (this.#element !== undefined) this.#set(this.#element, this.#element.childNodes.length);
  }

  #set(node: Node, offset: number): void {
    document.getSelection()?.setBaseAndExtent(node, offset, node, offset);
  }

  /** Where the caret is; null if it is elsewhere, or something is selected. */
  #caret(): Caret | null {
    const root = this.#element?.getRootNode();
    const selection = document.getSelection();
    if (!(root instanceof ShadowRoot) || selection === null) return null;
    const [range] = composedRanges(selection, root);
    if (range === undefined || this.#element?.contains(range.startContainer) !== true) return null;
    const isCollapsed = range.startContainer === range.endContainer && range.startOffset === range.endOffset;
    return isCollapsed ? { node: range.startContainer, offset: range.startOffset } : null;
  }

  /** The text in front of the caret; null if there is a tag, or nothing. */
  #textBefore(): { readonly node: Text; readonly offset: number } | null {
    const caret = this.#caret();
    if (caret === null) return null;
    if (caret.node instanceof Text) return { node: caret.node, offset: caret.offset };
    const node = caret.node.childNodes[caret.offset - 1];
    return node instanceof Text ? { node, offset: node.length } : null;
  }
}

/** Ranges inside of a shadow root: by the standard, as older browsers have it, or as the oldest do. */
function composedRanges(selection: Selection, root: ShadowRoot): readonly AbstractRange[] {
  if (typeof selection.getComposedRanges === "function")
    return selection.getComposedRanges({ shadowRoots: [root] });
  const own: unknown = Reflect.get(root, "getSelection");
  const inner: unknown = typeof own === "function" ? own.call(root) : selection;
  const found = inner instanceof Selection ? inner : selection;
  return found.rangeCount === 0 ? [] : [found.getRangeAt(0)];
}
