import * as z from "zod/mini";
import type { ActionConfig, ComponentType, WidgetIcon } from "../widgets/index.ts";
import { ICON_NAMES } from "../widgets/values.ts";
import { json } from "./json.ts";

const either = <const T extends readonly z.ZodMiniType[]>(expected: string, options: T) =>
  z.union(options, { error: `Invalid input: expected ${expected}` });
const opt = z.exactOptional;

const text = z.string();
const number = z.number();
const optText = opt(text);
const optNumber = opt(number);
const optFlag = opt(z.boolean());

const size = either("a number or CSS text", [number, text]);
const optSize = opt(size);
const color = either("a colour, or one for dark and one for light", [
  text,
  z.object({ dark: text, light: text }),
]);
const optColor = opt(color);

const sides = <T extends z.ZodMiniType>(side: T) =>
  z.object({
    top: opt(side),
    right: opt(side),
    bottom: opt(side),
    left: opt(side),
    x: opt(side),
    y: opt(side),
  });
const spacing = sides(size);
const optDistance = opt(either("a number, CSS text, or these by side", [number, text, spacing]));

const line = z.object({
  size: number,
  color: optColor,
  style: opt(z.enum(["solid", "dashed", "dotted", "double", "groove", "ridge", "inset", "outset"])),
});
const thickness = either("a number or a line", [number, line]);
const optBorder = opt(either("a number, a line, or these by side", [number, line, sides(thickness)]));

const tokens = <const T extends readonly string[]>(...names: T) => opt(z.enum(names));
const start = tokens("start", "center", "end");
const alignment = tokens("start", "center", "end", "baseline", "stretch");
const justification = tokens("start", "center", "end", "between", "around", "evenly", "stretch");
const direction = tokens("row", "col");
const theme = tokens("light", "dark");
const weight = tokens("normal", "medium", "semibold", "bold");
const fiveSizes = tokens("xs", "sm", "md", "lg", "xl");
const threeSizes = tokens("sm", "md", "lg");
const controlVariant = tokens("solid", "soft", "outline", "ghost");
const controlSize = tokens("3xs", "2xs", "xs", "sm", "md", "lg", "xl", "2xl", "3xl");
const radius = tokens(
  ...(["2xs", "xs", "sm", "md", "lg", "xl", "2xl", "3xl", "4xl", "full", "100%", "none"] as const),
);

const icon = z.custom<WidgetIcon>(
  (value) =>
    typeof value === "string" &&
    (/^(?:lucide|vendor):/.test(value) || ICON_NAMES.some((name) => name === value)),
  "Invalid input: expected a name of the icon set, lucide:name or vendor:name",
);
const optIcon = opt(icon);

// Upstream writes the defaults out.
const action = z.object({
  type: text,
  payload: opt(json),
  handler: z._default(z.enum(["server", "client"]), "server"),
  loadingBehavior: z._default(z.enum(["auto", "none", "self", "container"]), "auto"),
  streaming: z._default(z.boolean(), true),
}) satisfies z.ZodMiniType<ActionConfig>;
const optAction = opt(action);
const optCardAction = opt(z.object({ label: text, action }));
const optStatus = opt(z.object({ text, favicon: optText, frame: optFlag, icon: optIcon }));

const measures = {
  height: optSize,
  width: optSize,
  size: optSize,
  minHeight: optSize,
  minWidth: optSize,
  minSize: optSize,
  maxHeight: optSize,
  maxWidth: optSize,
  maxSize: optSize,
  aspectRatio: optSize,
};
const block = { ...measures, radius, margin: optDistance };
const box = {
  ...block,
  align: alignment,
  justify: justification,
  wrap: tokens("nowrap", "wrap", "wrap-reverse"),
  flex: optSize,
  gap: optSize,
  padding: optDistance,
  border: optBorder,
  background: optColor,
};
const textual = {
  value: text,
  color: optColor,
  weight,
  textAlign: start,
  truncate: optFlag,
  maxLines: optNumber,
};
const field = { name: text, disabled: optFlag };
const typing = {
  ...field,
  defaultValue: optText,
  required: optFlag,
  pattern: optText,
  placeholder: optText,
  allowAutofillExtensions: optFlag,
  autoSelect: optFlag,
  autoFocus: optFlag,
  variant: tokens("soft", "outline"),
  size: controlSize,
  gutterSize: tokens("2xs", "xs", "sm", "md", "lg", "xl"),
};
const picking = {
  ...field,
  onChangeAction: optAction,
  placeholder: optText,
  variant: controlVariant,
  size: controlSize,
  pill: optFlag,
  block: optFlag,
  clearable: optFlag,
};
const editable = z.object({
  name: text,
  autoFocus: optFlag,
  autoSelect: optFlag,
  autoComplete: optText,
  allowAutofillExtensions: optFlag,
  pattern: optText,
  placeholder: optText,
  required: optFlag,
});

const series = { dataKey: text, label: optText, color: optColor };
const curveType = tokens(
  ...(["basis", "basisClosed", "basisOpen", "bumpX", "bumpY", "bump", "linear", "linearClosed"] as const),
  ...(["natural", "monotoneX", "monotoneY", "monotone", "step", "stepBefore", "stepAfter"] as const),
);

/**
 * What the properties of each component must be, children aside; `type`, `key` and `id` are not
 * repeated here. That these are what the types say is checked in `widget-fields.test-d.ts`.
 */
export const COMPONENT_FIELDS = {
  Basic: { theme, direction, gap: optSize, padding: optDistance, align: alignment, justify: justification },
  Card: {
    asForm: optFlag,
    background: optColor,
    border: optBorder,
    size: tokens("sm", "md", "lg", "full"),
    padding: optDistance,
    status: optStatus,
    collapsed: optFlag,
    confirm: optCardAction,
    cancel: optCardAction,
    theme,
  },
  ListView: {
    limit: opt(either('a number or "auto"', [number, z.literal("auto")])),
    status: optStatus,
    theme,
  },
  ListViewItem: { onClickAction: optAction, gap: optSize, align: alignment },
  Box: { ...box, direction },
  Row: box,
  Col: box,
  Form: { ...box, direction, onSubmitAction: optAction },
  Spacer: { minSize: optSize },
  Divider: { color: optColor, size: optSize, spacing: optSize, flush: optFlag },
  Transition: {},
  Text: {
    ...textual,
    streaming: optFlag,
    italic: optFlag,
    lineThrough: optFlag,
    width: optSize,
    size: fiveSizes,
    minLines: optNumber,
    editable: opt(either("false, or a field with a name", [z.literal(false), editable])),
  },
  Title: { ...textual, size: tokens("sm", "md", "lg", "xl", "2xl", "3xl", "4xl", "5xl") },
  Caption: { ...textual, size: threeSizes },
  Markdown: { value: text, streaming: optFlag },
  Badge: {
    label: text,
    color: tokens("secondary", "success", "danger", "warning", "info", "discovery"),
    variant: tokens("solid", "soft", "outline"),
    size: threeSizes,
    pill: optFlag,
  },
  Icon: { name: icon, color: optColor, size: tokens("xs", "sm", "md", "lg", "xl", "2xl", "3xl") },
  Image: {
    ...block,
    src: text,
    alt: optText,
    frame: optFlag,
    fit: tokens("cover", "contain", "fill", "scale-down", "none"),
    position: tokens(
      ...(["top left", "top", "top right", "left", "center"] as const),
      ...(["right", "bottom left", "bottom", "bottom right"] as const),
    ),
    flush: optFlag,
    background: optColor,
    flex: optSize,
  },
  Button: {
    label: optText,
    submit: optFlag,
    onClickAction: optAction,
    iconStart: optIcon,
    iconEnd: optIcon,
    iconSize: tokens("sm", "md", "lg", "xl", "2xl"),
    style: tokens("primary", "secondary"),
    color: tokens(
      ...(["primary", "secondary", "info", "discovery", "success", "caution", "warning", "danger"] as const),
    ),
    variant: controlVariant,
    size: controlSize,
    pill: optFlag,
    uniform: optFlag,
    block: optFlag,
    disabled: optFlag,
  },
  Table: {},
  "Table.Row": { header: optFlag },
  "Table.Cell": {
    width: optSize,
    padding: opt(spacing),
    colSpan: optNumber,
    rowSpan: optNumber,
    align: start,
    vAlign: start,
    colSize: fiveSizes,
  },
  Chart: {
    ...measures,
    data: z.array(z.record(text, either("a number or text", [text, number]))),
    series: z.array(
      z.discriminatedUnion("type", [
        z.object({ type: z.literal("bar"), ...series, stack: optText }),
        z.object({ type: z.literal("area"), ...series, stack: optText, curveType }),
        z.object({ type: z.literal("line"), ...series, curveType }),
      ]),
    ),
    xAxis: either("the name of a field, or an axis", [
      text,
      z.object({ dataKey: text, hide: optFlag, labels: opt(z.record(text, text)) }),
    ]),
    showYAxis: optFlag,
    showLegend: optFlag,
    showTooltip: optFlag,
    barGap: optNumber,
    barCategoryGap: optNumber,
    flex: optSize,
  },
  Input: {
    ...typing,
    inputType: tokens("number", "email", "text", "password", "tel", "url"),
    pill: optFlag,
  },
  Textarea: { ...typing, rows: optNumber, autoResize: optFlag, maxRows: optNumber },
  Select: {
    ...picking,
    options: z.array(z.object({ value: text, label: text, disabled: optFlag, description: optText })),
    defaultValue: optText,
    searchable: optFlag,
  },
  DatePicker: {
    ...picking,
    defaultValue: optText,
    min: optText,
    max: optText,
    side: tokens("top", "bottom", "left", "right"),
    align: start,
  },
  Checkbox: {
    ...field,
    label: optText,
    defaultChecked: optFlag,
    onChangeAction: optAction,
    required: optFlag,
  },
  RadioGroup: {
    ...field,
    options: opt(z.array(z.object({ label: text, value: text, disabled: optFlag }))),
    ariaLabel: optText,
    onChangeAction: optAction,
    defaultValue: optText,
    direction,
    required: optFlag,
  },
  Label: {
    value: text,
    fieldName: text,
    size: fiveSizes,
    weight,
    textAlign: start,
    color: optColor,
  },
} satisfies { readonly [T in ComponentType]: Readonly<Record<string, z.ZodMiniType>> };
