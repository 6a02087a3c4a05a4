import { readdirSync, readFileSync } from "node:fs";
import { parseWidget, typedWidget } from "@waybill/protocol/schema";
import type { DynamicWidget } from "@waybill/protocol/widgets";
import { describe, expect, test } from "vitest";
import { diffWidget } from "./diff-widget.ts";

interface Fixture {
  readonly id: string;
  readonly title: string;
  readonly dynamic?: boolean;
  readonly before: DynamicWidget;
  readonly after: DynamicWidget;
  readonly output: { readonly frames?: readonly object[]; readonly raised?: string };
  readonly better?: { readonly frames: readonly object[] };
}

const folder = new URL("../../../../conformance/fixtures/widgets/", import.meta.url);
const fixtures = readdirSync(folder).map(
  (name): Fixture => JSON.parse(readFileSync(new URL(name, folder), "utf8")),
);

/** What the official server makes of a widget before it compares: template widgets stay as they are. */
const official = (fixture: Fixture, widget: DynamicWidget) =>
  fixture.dynamic === true ? widget : typedWidget(widget);

describe("updates between two states, as the official server sends them", () => {
  test("all recorded cases are here", () => expect(fixtures).toHaveLength(25));

  test.each(fixtures)("$id: $title", (fixture) => {
    const updates = diffWidget(official(fixture, fixture.before), official(fixture, fixture.after));
    if (fixture.better === undefined) expect(updates).toEqual(fixture.output.frames);
    else {
      expect(updates).toHaveLength(fixture.better.frames.length);
      expect(updates).toMatchObject(fixture.better.frames);
    }
  });

  test.each(fixtures)("$id: both states are widgets that may be shown", ({ before, after }) => {
    expect([parseWidget(before), parseWidget(after)]).toMatchObject([{ ok: true }, { ok: true }]);
  });
});
