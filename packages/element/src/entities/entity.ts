import type { InputTag } from "@waybill/protocol";
import { fieldsOf } from "../options/fields.ts";
import { readMessageContent } from "../options/message-content.ts";

/** Something with a name that a message can refer to. Source: `@openai/chatkit` 1.9, `Entity`. */
export interface Entity {
  readonly id: string;
  readonly title: string;
  /** A ChatKit icon name or `lucide:<name>`. */
  readonly icon?: string;
  /** Whether it can be clicked and previewed. */
  readonly interactive?: boolean;
  readonly group?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What a page can do with entities; each may be missing. */
export interface EntityHandlers {
  readonly search: ((query: string) => Promise<readonly Entity[]>) | null;
  readonly click: ((entity: Entity) => void) | null;
  /** The text of a preview; null for none. */
  readonly preview: ((entity: Entity) => Promise<readonly string[] | null>) | null;
}

/** Icons of entities that were found on this page, by id: the wire does not carry them. */
const icons = new Map<string, string>();

/** The icon of a tag's entity; undefined if it was not found on this page. */
export function tagIcon({ id }: InputTag): string | undefined {
  return icons.get(id);
}

/** Reads the answer of a page's search; what has no id or title is dropped. */
export function readEntities(value: unknown): readonly Entity[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown): Entity[] => {
    const { id, title, icon, interactive, group, data } = fieldsOf(entry);
    if (typeof id !== "string" || typeof title !== "string") return [];
    if (typeof icon === "string") icons.set(id, icon);
    return [
      {
        id,
        title,
        interactive: interactive === true,
        ...(typeof icon === "string" ? { icon } : {}),
        ...(typeof group === "string" ? { group } : {}),
        data: fieldsOf(data),
      },
    ];
  });
}

/** An entity as a message carries it. */
export function tagOf({ id, title, interactive, group, data }: Entity): InputTag {
  const [tag] = readMessageContent([{ type: "input_tag", id, text: title, interactive, group, data }]);
  return tag?.type === "input_tag" ? tag : { type: "input_tag", id, text: title, data: {} };
}

/** A tag as a page knows it. */
export function entityOf(tag: InputTag): Entity {
  const icon = tagIcon(tag);
  return {
    id: tag.id,
    title: tag.text,
    interactive: tag.interactive === true,
    data: tag.data,
    ...(tag.group === undefined ? {} : { group: tag.group }),
    ...(icon === undefined ? {} : { icon }),
  };
}

/** The texts of a widget in the order in which they stand in it; empty for one without words. */
export function widgetTexts(widget: unknown): readonly string[] {
  if (Array.isArray(widget)) return widget.flatMap(widgetTexts);
  const { value, label, title, children } = fieldsOf(widget);
  const own = [title, label, value].filter((text) => typeof text === "string" && text.trim() !== "");
  return [...own, ...widgetTexts(children ?? [])] as readonly string[];
}

/** The handlers of a full set of options. */
export function readEntityHandlers(raw: unknown): EntityHandlers {
  const { onTagSearch, onClick, onRequestPreview } = fieldsOf(fieldsOf(raw)["entities"]);
  return {
    search:
      typeof onTagSearch === "function" ? async (query) => readEntities(await onTagSearch(query)) : null,
    click: typeof onClick === "function" ? (entity) => void onClick(entity) : null,
    preview:
      typeof onRequestPreview === "function"
        ? async (entity) => {
            const texts = widgetTexts(fieldsOf(await onRequestPreview(entity))["preview"]);
            return texts.length === 0 ? null : texts;
          }
        : null,
  };
}
