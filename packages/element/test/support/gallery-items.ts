import type {
  AssistantMessageItem,
  Attachment,
  Source,
  Task,
  ThreadItem,
  ThreadStreamEvent,
  UserMessageItem,
} from "@waybill/protocol";
import { answered, said } from "./events.ts";

/** What every item of the gallery's conversation has. */
export const base = { thread_id: "thr_1", created_at: "2026-01-01T00:00:00Z" } as const;

const sources: readonly Source[] = [
  {
    type: "url",
    title: "List of Lights, northern section",
    url: "https://coastal-registry.example/lights",
  },
  { type: "url", title: "Keeping a daytime light", url: "https://harbourlight.example/daytime" },
  { type: "file", title: "inspection-2024.pdf, page 12", filename: "inspection-2024.pdf" },
];

/** An answer in whose text `{2}` stands for a citation of the second source; all three are its sources. */
export function cited(text: string, id?: string): AssistantMessageItem {
  const pieces = text.split(/\{(\d)\}/);
  let plain = "";
  const annotations = pieces.flatMap((piece, index) => {
    const source = index % 2 === 1 ? sources[Number(piece) - 1] : undefined;
    if (index % 2 === 0) plain += piece;
    return source === undefined ? [] : [{ type: "annotation" as const, index: plain.length, source }];
  });
  const rest = sources
    .filter((source) => !annotations.some((annotation) => annotation.source === source))
    .map((source) => ({ type: "annotation" as const, source }));
  return {
    ...answered(plain, id),
    content: [{ type: "output_text", text: plain, annotations: [...annotations, ...rest] }],
  };
}

/** The event that cites the source with this number at this place of an answer that grows. */
export function citation(number: 1 | 2 | 3, index: number): ThreadStreamEvent {
  const source = sources[number - 1];
  if (source === undefined) throw new RangeError(`There is no source ${number}.`);
  return {
    type: "thread.item.updated",
    item_id: "msg_answer",
    update: {
      type: "assistant_message.content_part.annotation_added",
      content_index: 0,
      annotation_index: 0,
      annotation: { type: "annotation", index, source },
    },
  };
}

/** Pictures by their names, each at an address of its own. */
export const pictures = (origin: string, ...names: readonly string[]): readonly Attachment[] =>
  names.map((name) => ({
    id: `atc_${name}`,
    name,
    mime_type: "image/png",
    type: "image",
    preview_url: `${origin}/picture.svg?${name}`,
  }));

/** The question about one picture, and its answer with everything prose can have. */
export const conversation = (origin: string): readonly ThreadItem[] => [
  said("What is this a picture of?", { attachments: pictures(origin, "headland.png") }),
  cited(
    `It is a **lighthouse on a low headland**, photographed from the water at low sun. The white tower carries two red bands and stands beside a keeper’s house with a red roof.{1}

## What stands out

- The lantern is lit while the sun is still up, so the light probably runs day and night.{2}
- The bands are a *daymark*: they tell this tower from its neighbours.
- The turf is cut short around the house; somebody still looks after it.

## Likely candidates

| Light | Daymark | Height | Match |
|---|---|---:|---:|
| Holm Point | White, two red bands | 24 m | 91 % |
| Sandvik North | White, one red band | 19 m | 64 % |
| Ulvøy | White, red lantern | 27 m | 38 % |

To search the list yourself, filter by \`daymark\`:

\`\`\`ts
// two red bands on white, between 20 and 30 metres
const matches = lights.filter((light) =>
  light.daymark === "W/R 2" && light.heightM >= 20
);
\`\`\``,
  ),
];

/** A message with a quote, tags, seven pictures and four files. */
export const loaded = (origin: string): UserMessageItem => {
  const tag = (id: string, text: string) => ({
    type: "input_tag" as const,
    id,
    text,
    data: {},
    interactive: true,
  });
  const file = (name: string, mimeType: string): Attachment => ({
    id: `atc_${name}`,
    name,
    mime_type: mimeType,
    type: "file",
  });
  const names = ["headland", "pier", "sectors", "buoy", "lamp", "relay", "house"];
  return {
    ...said(""),
    quoted_text: "The lantern is lit while the sun is still up, so the light probably runs day and night.",
    content: [
      { type: "input_text", text: "Does that agree with the last inspection at " },
      tag("holm", "Holm Point"),
      { type: "input_text", text: "? I think " },
      tag("ingrid", "Ingrid Solheim"),
      { type: "input_text", text: " noted something else." },
    ],
    attachments: [
      ...pictures(origin, ...names.map((name) => `${name}.png`)),
      file("inspection-2024.pdf", "application/pdf"),
      file(
        "light-readings-january-to-december-final.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      ),
      file("keeper-interview.m4a", "audio/mp4"),
      file("site.zip", "application/zip"),
    ],
  };
};

const from = (host: string): Source => ({ type: "url", title: host, url: `https://${host}/` });
const csv = (filename: string): Source => ({ type: "file", title: filename, filename });

/** Five steps: three are done, one runs, one waits. */
export const steps: readonly Task[] = [
  {
    type: "web_search",
    status_indicator: "complete",
    queries: ["list of lights 2024 northern section", "changes daymark 2024"],
    sources: [
      "coastal-registry.example",
      "harbourlight.example",
      ...Array.from({ length: 6 }, (_, index) => `pilot-${index + 1}.example`),
    ].map(from),
  },
  {
    type: "thought",
    status_indicator: "complete",
    title: "Decided what counts as a change",
    content: "A new character or daymark counts; a new lamp of the same character does not.",
  },
  {
    type: "file",
    status_indicator: "complete",
    title: "Read two files",
    sources: [csv("lights-2023.csv"), csv("lights-2024.csv")],
  },
  { type: "custom", status_indicator: "loading", title: "Matching 412 entries by position" },
  { type: "custom", status_indicator: "none", title: "Write the summary" },
];
