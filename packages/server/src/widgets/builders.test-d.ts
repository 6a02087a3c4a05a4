import type { WidgetItem } from "@waybill/protocol";
import type { ComponentType, DynamicWidget, Widget, WidgetComponent } from "@waybill/protocol/widgets";
import type * as builders from "./builders.ts";
import {
  Badge,
  Basic,
  Button,
  Card,
  Divider,
  Icon,
  Input,
  ListView,
  ListViewItem,
  Select,
  Table,
  TableCell,
  TableRow,
  Text,
  Transition,
} from "./builders.ts";

/** Compiles only if every `Given` may stand where a `Wanted` is asked for. */
type Assignable<Given extends Wanted, Wanted> = Given;

/** A typed widget is one that may have anything, and fits into an item. */
export type Fits = [Assignable<Widget, DynamicWidget>, Assignable<Widget, WidgetItem["widget"]>];

type Builders = typeof builders;
/** Every component has a builder. */
export type Complete = Assignable<ComponentType, ReturnType<Builders[keyof Builders]>["type"]>;

/** What upstream has is there. */
export const widgets: readonly Widget[] = [
  Card({ size: "sm", confirm: { label: "Yes", action: { type: "yes", handler: "client" } } }, [
    Text({ id: "t", value: "", streaming: true }),
    Divider(),
    Transition({}, Badge({ label: "New", color: "info" })),
    Icon({ name: "lucide:anchor" }),
    Select({ name: "s", options: [{ value: "a", label: "A" }], searchable: true }),
    Table({}, [TableRow({ header: true }, [TableCell({ colSpan: 2 }, [])])]),
    Button({ label: "Pay", onClickAction: { type: "pay", payload: { lines: [null, 1] } } }),
  ]),
  ListView({ limit: "auto" }, [ListViewItem({ gap: 2 }, [Text({ value: "row" })])]),
  Basic({ direction: "row" }, [Card({}, []), Text({ value: "beside" })]),
];

/** What upstream does not have does not compile. */
export const refused = [
  // @ts-expect-error an unknown property
  Text({ value: "a", bold: true }),
  // @ts-expect-error a property that is required is missing
  Text({}),
  // @ts-expect-error nothing at all where something is required
  Input(),
  // @ts-expect-error a token of another component
  Card({ size: "xl" }, []),
  // @ts-expect-error a property of the wrong type
  Button({ label: 1 }),
  // @ts-expect-error no such icon
  Icon({ name: "anchor" }),
  // @ts-expect-error an action without a type
  Button({ onClickAction: { payload: 1 } }),
  // @ts-expect-error children are missing
  Card({}),
  // @ts-expect-error a leaf has no children
  Text({ value: "a" }, []),
  // @ts-expect-error only rows stand in a list
  ListView({}, [Text({ value: "a" })]),
  // @ts-expect-error a root inside a card
  Card({}, [Card({}, [])]),
  // @ts-expect-error one child, not several
  Transition({}, [Divider()]),
  // @ts-expect-error a row outside of a list
  ListViewItem({}, []) satisfies WidgetComponent,
];
