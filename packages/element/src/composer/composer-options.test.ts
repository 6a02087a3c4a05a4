import { expect, test } from "vitest";
import { readComposerOptions } from "./composer-options.ts";

test("offers nothing that a page does not ask for", () => {
  expect(readComposerOptions(null)).toEqual({
    attachments: null,
    uploadStrategy: null,
    tools: [],
    models: [],
    dictation: false,
    tags: { search: false, button: false },
  });
  expect(readComposerOptions({ composer: { attachments: { enabled: false, maxCount: 2 } } })).toMatchObject({
    attachments: null,
  });
});

test("reads what a page offers, and drops what has no id or label", () => {
  expect(
    readComposerOptions({
      api: { uploadStrategy: { type: "direct", uploadUrl: "/up" } },
      composer: {
        attachments: { enabled: true, maxSize: 5, maxCount: 2, accept: { "image/*": [".png", 7] } },
        tools: [{ id: "web", label: "Web", icon: "globe", pinned: true }, { id: "x" }],
        models: [{ id: "m", label: "M", default: true, disabled: "yes" }, "m"],
        dictation: { enabled: true },
      },
      entities: { onTagSearch: async () => [], showComposerMenu: true },
    }),
  ).toEqual({
    attachments: { maxCount: 2, maxSize: { "*": 5 }, accept: { "image/*": [".png"] } },
    uploadStrategy: { type: "direct", uploadUrl: "/up" },
    tools: [
      {
        id: "web",
        label: "Web",
        shortLabel: null,
        icon: "globe",
        placeholder: null,
        pinned: true,
        persistent: false,
      },
    ],
    models: [{ id: "m", label: "M", description: null, disabled: false, isDefault: true }],
    dictation: true,
    tags: { search: true, button: true },
  });
});

test.each([{ type: "direct" }, { type: "tus" }, "two_phase", null])(
  "takes the upload strategy %j for none",
  (uploadStrategy) => expect(readComposerOptions({ api: { uploadStrategy } }).uploadStrategy).toBeNull(),
);

test("leaves negative and mistyped limits to the defaults", () => {
  const { attachments } = readComposerOptions({
    composer: { attachments: { enabled: true, maxSize: { "image/*": -1, "*": "5" }, maxCount: -1 } },
  });
  expect(attachments).toEqual({ maxCount: null, maxSize: null, accept: null });
});
