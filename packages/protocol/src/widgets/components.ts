import type {
  ActionConfig,
  Alignment,
  Border,
  Borders,
  CardAction,
  ControlSize,
  ControlVariant,
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
  WidgetColor,
  WidgetIcon,
  WidgetStatus,
  XAxis,
} from "./values.ts";
import type { Component, Widget, WidgetComponent } from "./widget.ts";

type Measures = {
  readonly [Name in
    | "height"
    | "width"
    | "size"
    | "minHeight"
    | "minWidth"
    | "minSize"
    | "maxHeight"
    | "maxWidth"
    | "maxSize"
    | "aspectRatio"]?: Size;
};

type BlockProps = Measures & { readonly radius?: Radius; readonly margin?: Size | Spacing };

type BoxProps = BlockProps & {
  readonly children?: readonly WidgetComponent[];
  readonly align?: Alignment;
  readonly justify?: Justification;
  readonly wrap?: "nowrap" | "wrap" | "wrap-reverse";
  readonly flex?: Size;
  readonly gap?: Size;
  readonly padding?: Size | Spacing;
  readonly border?: number | Border | Borders;
  readonly background?: WidgetColor;
};

type TextProps = {
  readonly value: string;
  readonly color?: WidgetColor;
  readonly weight?: FontWeight;
  readonly textAlign?: TextAlign;
  readonly truncate?: boolean;
  readonly maxLines?: number;
};

type FieldProps = { readonly name: string; readonly disabled?: boolean };

type TypingProps = FieldProps & {
  readonly defaultValue?: string;
  readonly required?: boolean;
  /** A regular expression that the value must match. */
  readonly pattern?: string;
  readonly placeholder?: string;
  readonly allowAutofillExtensions?: boolean;
  readonly autoSelect?: boolean;
  readonly autoFocus?: boolean;
  readonly variant?: "soft" | "outline";
  readonly size?: ControlSize;
  readonly gutterSize?: "2xs" | "xs" | "sm" | "md" | "lg" | "xl";
};

type PickingProps = FieldProps & {
  readonly onChangeAction?: ActionConfig;
  readonly placeholder?: string;
  readonly variant?: ControlVariant;
  readonly size?: ControlSize;
  readonly pill?: boolean;
  readonly block?: boolean;
  readonly clearable?: boolean;
};

/**
 * The properties of each component by its `type`, without `type`, `key` and `id`, which all have.
 * A form's field is sent under its `name`.
 *
 * Source: openai-chatkit 1.6.5, `widgets.py`; @openai/chatkit 1.9, `widgets.d.ts`: what either has.
 */
export interface ComponentProps {
  readonly Basic: {
    readonly children: readonly (WidgetComponent | Widget)[] | WidgetComponent | Widget;
    readonly theme?: "light" | "dark";
    readonly direction?: Direction;
    readonly gap?: Size;
    readonly padding?: Size | Spacing;
    readonly align?: Alignment;
    readonly justify?: Justification;
  };
  readonly Card: {
    readonly children: readonly WidgetComponent[];
    /** Whether confirming sends the values of the fields inside. */
    readonly asForm?: boolean;
    readonly background?: WidgetColor;
    readonly border?: number | Border | Borders;
    readonly size?: "sm" | "md" | "lg" | "full";
    readonly padding?: Size | Spacing;
    readonly status?: WidgetStatus;
    /** Whether the body folds after the main action. */
    readonly collapsed?: boolean;
    readonly confirm?: CardAction;
    readonly cancel?: CardAction;
    readonly theme?: "light" | "dark";
  };
  readonly ListView: {
    readonly children: readonly Component<"ListViewItem">[];
    /** How many rows are shown before the rest is asked for. */
    readonly limit?: number | "auto";
    readonly status?: WidgetStatus;
    readonly theme?: "light" | "dark";
  };
  readonly ListViewItem: {
    readonly children: readonly WidgetComponent[];
    readonly onClickAction?: ActionConfig;
    readonly gap?: Size;
    readonly align?: Alignment;
  };
  readonly Box: BoxProps & { readonly direction?: Direction };
  readonly Row: BoxProps;
  readonly Col: BoxProps;
  readonly Form: BoxProps & { readonly direction?: Direction; readonly onSubmitAction?: ActionConfig };
  readonly Spacer: { readonly minSize?: Size };
  readonly Divider: {
    readonly color?: WidgetColor;
    readonly size?: Size;
    readonly spacing?: Size;
    readonly flush?: boolean;
  };
  readonly Transition: {
    /** The one component whose changes are animated. */
    readonly children: WidgetComponent;
  };
  readonly Text: TextProps & {
    /** Whether more text is to come. */
    readonly streaming?: boolean;
    readonly italic?: boolean;
    readonly lineThrough?: boolean;
    readonly width?: Size;
    readonly size?: TextSize;
    readonly minLines?: number;
    readonly editable?: false | EditableProps;
  };
  readonly Title: TextProps & { readonly size?: "sm" | "md" | "lg" | "xl" | "2xl" | "3xl" | "4xl" | "5xl" };
  readonly Caption: TextProps & { readonly size?: "sm" | "md" | "lg" };
  readonly Markdown: {
    readonly value: string;
    /** Whether more text is to come. */
    readonly streaming?: boolean;
  };
  readonly Badge: {
    readonly label: string;
    readonly color?: "secondary" | "success" | "danger" | "warning" | "info" | "discovery";
    readonly variant?: "solid" | "soft" | "outline";
    readonly size?: "sm" | "md" | "lg";
    readonly pill?: boolean;
  };
  readonly Icon: {
    readonly name: WidgetIcon;
    readonly color?: WidgetColor;
    readonly size?: "xs" | "sm" | "md" | "lg" | "xl" | "2xl" | "3xl";
  };
  readonly Image: BlockProps & {
    readonly src: string;
    readonly alt?: string;
    readonly frame?: boolean;
    readonly fit?: "cover" | "contain" | "fill" | "scale-down" | "none";
    readonly position?:
      | "top left"
      | "top"
      | "top right"
      | "left"
      | "center"
      | "right"
      | "bottom left"
      | "bottom"
      | "bottom right";
    readonly flush?: boolean;
    readonly background?: WidgetColor;
    readonly flex?: Size;
  };
  readonly Button: {
    readonly label?: string;
    /** Whether it submits the form around it. */
    readonly submit?: boolean;
    readonly onClickAction?: ActionConfig;
    readonly iconStart?: WidgetIcon;
    readonly iconEnd?: WidgetIcon;
    readonly iconSize?: "sm" | "md" | "lg" | "xl" | "2xl";
    readonly style?: "primary" | "secondary";
    readonly color?:
      | "primary"
      | "secondary"
      | "info"
      | "discovery"
      | "success"
      | "caution"
      | "warning"
      | "danger";
    readonly variant?: ControlVariant;
    readonly size?: ControlSize;
    readonly pill?: boolean;
    /** As wide as it is high. */
    readonly uniform?: boolean;
    readonly block?: boolean;
    readonly disabled?: boolean;
  };
  readonly Table: { readonly children?: readonly Component<"Table.Row">[] };
  readonly "Table.Row": {
    readonly children?: readonly Component<"Table.Cell">[];
    readonly header?: boolean;
  };
  readonly "Table.Cell": {
    readonly children?: readonly WidgetComponent[];
    readonly width?: Size;
    readonly padding?: Spacing;
    readonly colSpan?: number;
    readonly rowSpan?: number;
    readonly align?: "start" | "center" | "end";
    readonly vAlign?: "start" | "center" | "end";
    readonly colSize?: "xs" | "sm" | "md" | "lg" | "xl";
  };
  readonly Chart: Measures & {
    /** One object a row, field by field. */
    readonly data: readonly { readonly [field: string]: string | number }[];
    readonly series: readonly Series[];
    /** The field of the categories, or more about the axis. */
    readonly xAxis: string | XAxis;
    readonly showYAxis?: boolean;
    readonly showLegend?: boolean;
    readonly showTooltip?: boolean;
    /** In pixels. */
    readonly barGap?: number;
    /** In pixels. */
    readonly barCategoryGap?: number;
    readonly flex?: Size;
  };
  readonly Input: TypingProps & {
    readonly inputType?: "number" | "email" | "text" | "password" | "tel" | "url";
    readonly pill?: boolean;
  };
  readonly Textarea: TypingProps & {
    readonly rows?: number;
    readonly autoResize?: boolean;
    readonly maxRows?: number;
  };
  readonly Select: PickingProps & {
    readonly options: readonly {
      readonly value: string;
      readonly label: string;
      readonly disabled?: boolean;
      readonly description?: string;
    }[];
    readonly defaultValue?: string;
    readonly searchable?: boolean;
  };
  readonly DatePicker: PickingProps & {
    /** ISO 8601, as `min` and `max`, which are inclusive. */
    readonly defaultValue?: string;
    readonly min?: string;
    readonly max?: string;
    readonly side?: "top" | "bottom" | "left" | "right";
    readonly align?: "start" | "center" | "end";
  };
  readonly Checkbox: FieldProps & {
    readonly label?: string;
    readonly defaultChecked?: boolean;
    readonly onChangeAction?: ActionConfig;
    readonly required?: boolean;
  };
  readonly RadioGroup: FieldProps & {
    readonly options?: readonly {
      readonly label: string;
      readonly value: string;
      readonly disabled?: boolean;
    }[];
    /** @default the name */
    readonly ariaLabel?: string;
    readonly onChangeAction?: ActionConfig;
    readonly defaultValue?: string;
    readonly direction?: Direction;
    readonly required?: boolean;
  };
  readonly Label: {
    readonly value: string;
    /** The `name` of the field that it labels. */
    readonly fieldName: string;
    readonly size?: TextSize;
    readonly weight?: FontWeight;
    readonly textAlign?: TextAlign;
    readonly color?: WidgetColor;
  };
}
