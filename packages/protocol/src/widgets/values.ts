import type { Json } from "../items.ts";

/** A length: a number (pixels, or steps of the spacing scale where upstream says so), or CSS text. */
export type Size = number | string;

/** A colour for either theme. */
export type ThemeColor = { readonly dark: string; readonly light: string };

/** A colour token, a primitive token such as `red-100`, CSS text, or one for each theme. */
export type WidgetColor = string | ThemeColor;

/** Distances on the sides of a box; `x` and `y` stand for two sides each. */
export type Spacing = { readonly [Side in "top" | "right" | "bottom" | "left" | "x" | "y"]?: Size };

/** A line; `size` is in pixels. */
export type Border = {
  readonly size: number;
  readonly color?: WidgetColor;
  readonly style?: "solid" | "dashed" | "dotted" | "double" | "groove" | "ridge" | "inset" | "outset";
};

/** Lines by side; a number is a thickness in pixels. */
export type Borders = {
  readonly [Side in "top" | "right" | "bottom" | "left" | "x" | "y"]?: number | Border;
};

/** Corner radii. */
export type Radius =
  | "2xs"
  | "xs"
  | "sm"
  | "md"
  | "lg"
  | "xl"
  | "2xl"
  | "3xl"
  | "4xl"
  | "full"
  | "100%"
  | "none";

/** Where children stand across the main axis. */
export type Alignment = "start" | "center" | "end" | "baseline" | "stretch";
/** How children share the main axis. */
export type Justification = "start" | "center" | "end" | "between" | "around" | "evenly" | "stretch";
/** Main axis of a container. */
export type Direction = "row" | "col";
/** Alignment of text. */
export type TextAlign = "start" | "center" | "end";
/** Weight of text. */
export type FontWeight = "normal" | "medium" | "semibold" | "bold";
/** Sizes of running text. */
export type TextSize = "xs" | "sm" | "md" | "lg" | "xl";
/** Looks of a control. */
export type ControlVariant = "solid" | "soft" | "outline" | "ghost";
/** Sizes of a control. */
export type ControlSize = "3xs" | "2xs" | "xs" | "sm" | "md" | "lg" | "xl" | "2xl" | "3xl";

/**
 * What happens on a click, a change or a submission.
 *
 * Source: openai-chatkit 1.6.5, `actions.py`, `ActionConfig`.
 */
export type ActionConfig = {
  readonly type: string;
  /** The application's own; its nulls are kept. A form's values are added by the page. */
  readonly payload?: Json;
  /** Who is told: the server by a request, or the page by `widgets.onAction`. @default "server" */
  readonly handler?: "server" | "client";
  /** What shows that the action is under way. @default "auto" */
  readonly loadingBehavior?: "auto" | "none" | "self" | "container";
  /** Whether the server answers with a stream of events. @default true */
  readonly streaming?: boolean;
};

/** A button in a card's footer. */
export type CardAction = { readonly label: string; readonly action: ActionConfig };

/** The line above a card or a list, with a site's icon or one of the set. */
export type WidgetStatus =
  | { readonly text: string; readonly favicon?: string; readonly frame?: boolean }
  | { readonly text: string; readonly icon?: WidgetIcon };

/** Makes a text editable in place. */
export type EditableProps = {
  /** The field's name in a submitted form. */
  readonly name: string;
  readonly autoFocus?: boolean;
  readonly autoSelect?: boolean;
  readonly autoComplete?: string;
  readonly allowAutofillExtensions?: boolean;
  readonly pattern?: string;
  readonly placeholder?: string;
  readonly required?: boolean;
};

/** Shapes of a chart's line between two points. */
export type CurveType =
  | "basis"
  | "basisClosed"
  | "basisOpen"
  | "bumpX"
  | "bumpY"
  | "bump"
  | "linear"
  | "linearClosed"
  | "natural"
  | "monotoneX"
  | "monotoneY"
  | "monotone"
  | "step"
  | "stepBefore"
  | "stepAfter";

/** What a chart draws of its rows: `dataKey` names the field, series of one `stack` are piled up. */
export type Series = { readonly dataKey: string; readonly label?: string; readonly color?: WidgetColor } & (
  | { readonly type: "bar"; readonly stack?: string }
  | { readonly type: "area"; readonly stack?: string; readonly curveType?: CurveType }
  | { readonly type: "line"; readonly curveType?: CurveType }
);

/** The horizontal axis of a chart; `labels` maps values to what is shown for them. */
export type XAxis = {
  readonly dataKey: string;
  readonly hide?: boolean;
  readonly labels?: { readonly [value: string]: string };
};

/**
 * The names of the icon set. Others are written `lucide:name` or `vendor:name`.
 *
 * Source: openai-chatkit 1.6.5, `icons.py`, `IconName`.
 */
export const ICON_NAMES = [
  "agent",
  "analytics",
  "atom",
  "batch",
  "bolt",
  "book-clock",
  "book-closed",
  "book-open",
  "bug",
  "calendar",
  "chart",
  "check",
  "check-circle",
  "check-circle-filled",
  "chevron-left",
  "chevron-right",
  "circle-question",
  "clock",
  "compass",
  "confetti",
  "cube",
  "desktop",
  "document",
  "dot",
  "dots-horizontal",
  "dots-vertical",
  "empty-circle",
  "external-link",
  "globe",
  "images",
  "info",
  "keys",
  "lab",
  "lifesaver",
  "lightbulb",
  "mail",
  "map-pin",
  "maps",
  "mobile",
  "name",
  "notebook",
  "notebook-pencil",
  "page-blank",
  "phone",
  "play",
  "plus",
  "profile",
  "profile-card",
  "reload",
  "search",
  "settings-slider",
  "sparkle",
  "sparkle-double",
  "square-code",
  "square-image",
  "square-text",
  "star",
  "star-filled",
  "suitcase",
  "user",
  "wreath",
  "write",
  "write-alt",
  "write-alt2",
] as const;

/** An icon. */
export type WidgetIcon = (typeof ICON_NAMES)[number] | `lucide:${string}` | `vendor:${string}`;
