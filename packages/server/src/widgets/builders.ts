import { type Builder, builder } from "./builder.ts";

// Roots.
/** A root without a frame, which may hold other roots; its children are a list, or one. */
export const Basic: Builder<"Basic"> = builder("Basic");
/** A framed root, with buttons of its own for confirming and cancelling. */
export const Card: Builder<"Card"> = builder("Card");
/** A root that is a list of rows. */
export const ListView: Builder<"ListView"> = builder("ListView");
/** A row of a {@link ListView}. */
export const ListViewItem: Builder<"ListViewItem"> = builder("ListViewItem");

// Layout.
/** A container. */
export const Box: Builder<"Box"> = builder("Box");
/** A container whose children stand side by side. */
export const Row: Builder<"Row"> = builder("Row");
/** A container whose children stand below each other. */
export const Col: Builder<"Col"> = builder("Col");
/** A container whose fields are submitted together, with its `onSubmitAction`. */
export const Form: Builder<"Form"> = builder("Form");
/** Room that grows. */
export const Spacer: Builder<"Spacer"> = builder("Spacer");
/** A line. */
export const Divider: Builder<"Divider"> = builder("Divider");
/** Animates changes of its one child. */
export const Transition: Builder<"Transition"> = builder("Transition");
/** A table of {@link TableRow}. */
export const Table: Builder<"Table"> = builder("Table");
/** A row of {@link TableCell} in a {@link Table}. */
export const TableRow: Builder<"Table.Row"> = builder("Table.Row");
/** A cell in a {@link TableRow}. */
export const TableCell: Builder<"Table.Cell"> = builder("Table.Cell");

// Content.
/** Plain text. With an `id` it streams; with `editable` it is a field. */
export const Text: Builder<"Text"> = builder("Text");
/** Markdown. With an `id` it streams. */
export const Markdown: Builder<"Markdown"> = builder("Markdown");
/** A headline. */
export const Title: Builder<"Title"> = builder("Title");
/** Small print. */
export const Caption: Builder<"Caption"> = builder("Caption");
/** The name of a field. */
export const Label: Builder<"Label"> = builder("Label");
/** A short word in a frame. */
export const Badge: Builder<"Badge"> = builder("Badge");
/** An icon of the set, or `lucide:name`. */
export const Icon: Builder<"Icon"> = builder("Icon");
/** A picture by its address. */
export const Image: Builder<"Image"> = builder("Image");
/** Bars, areas and lines over rows of data. */
export const Chart: Builder<"Chart"> = builder("Chart");

// Controls.
/** A button, for an action of its own or to submit the form around it. */
export const Button: Builder<"Button"> = builder("Button");
/** A line of text to type. */
export const Input: Builder<"Input"> = builder("Input");
/** Lines of text to type. */
export const Textarea: Builder<"Textarea"> = builder("Textarea");
/** One choice of several, folded. */
export const Select: Builder<"Select"> = builder("Select");
/** One choice of several, all in sight. */
export const RadioGroup: Builder<"RadioGroup"> = builder("RadioGroup");
/** Yes or no. */
export const Checkbox: Builder<"Checkbox"> = builder("Checkbox");
/** A day. */
export const DatePicker: Builder<"DatePicker"> = builder("DatePicker");
