export type { Builder } from "./builder.ts";
export {
  Badge,
  Basic,
  Box,
  Button,
  Caption,
  Card,
  Chart,
  Checkbox,
  Col,
  DatePicker,
  Divider,
  Form,
  Icon,
  Image,
  Input,
  Label,
  ListView,
  ListViewItem,
  Markdown,
  RadioGroup,
  Row,
  Select,
  Spacer,
  Table,
  TableCell,
  TableRow,
  Text,
  Textarea,
  Title,
  Transition,
} from "./builders.ts";
export type { WidgetUpdate } from "./diff-widget.ts";
export { diffWidget } from "./diff-widget.ts";
export type { StreamWidgetOptions, WidgetSource } from "./stream-widget.ts";
export { streamWidget } from "./stream-widget.ts";
export { WidgetTemplate } from "./widget-template.ts";
