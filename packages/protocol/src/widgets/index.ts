export type { ComponentNode } from "./child-components.ts";
export { childComponents } from "./child-components.ts";
export type { ComponentProps } from "./components.ts";
export { dropNulls } from "./drop-nulls.ts";
export type {
  ActionConfig,
  Alignment,
  Border,
  Borders,
  CardAction,
  ControlSize,
  ControlVariant,
  CurveType,
  Direction,
  EditableProps,
  FontWeight,
  Justification,
  Radius,
  Series,
  Size,
  Spacing,
  TextAlign,
  TextSize,
  ThemeColor,
  WidgetColor,
  WidgetIcon,
  WidgetStatus,
  XAxis,
} from "./values.ts";
export { ICON_NAMES } from "./values.ts";
export type {
  Component,
  ComponentBase,
  ComponentType,
  DynamicWidget,
  Widget,
  WidgetComponent,
} from "./widget.ts";
