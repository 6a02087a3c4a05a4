import type { Fix, RootCause, ServerName } from "@waybill/doctor";
import type { PageRequest } from "@waybill/policy/browser";

/** Something that a set-up has started. */
export interface Running {
  /** Of the server that the page asks, without a path: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Ends every process and socket of it. */
  close(): Promise<void>;
}

/** A server as people really configure it, failing as people really meet it. */
export interface Setup {
  /** What is wrong, as a phrase: `nginx: add_header without always`. */
  readonly name: string;
  readonly cause: RootCause;
  /** Those that the doctor must recognise, outermost first; it may recognise more. */
  readonly servers: readonly ServerName[];
  /** Whose recipe must be the first that the doctor prints for it. */
  readonly fixedBy: ServerName;
  readonly request: Omit<PageRequest, "url"> & { readonly path: string };
  /** The bytes of `request.body`; a multipart form cannot be given so. @default none */
  readonly content?: Uint8Array;
  /** The status of the failure that CORS hides. @default it hides none, or it is not looked at */
  readonly hiddenStatus?: number;
  /** The status that the page reads after the fix. */
  readonly readsAfterwards: number;
  /** Other ways to the same server, for the doctor alone. @default none */
  readonly via?: (running: Running) => readonly string[];
  /**
   * Starts it in an empty folder of its own: broken without a fix, else with the fix's text put where
   * the fix says: see `applyFix`.
   */
  start(folder: string, pageOrigin: string, fix: Fix | null): Promise<Running>;
}

/** Lines of one place, for `# In http:` in a fix's text and `# cors: http` in a configuration. */
interface Part {
  readonly place: string;
  readonly lines: readonly string[];
}

const REGION =
  /^(?<indent>[ \t]*)(?:#|\/\/|<!--) cors(?:: (?<place>[^\n]*?))?(?: -->)?\n[^]*?^[ \t]*(?:#|\/\/|<!--) \/cors(?: -->)?$/gm;
const HEADING = /^(?:#|\/\/|<!--) In (?<place>[^\n]*?):(?: -->)?$/;

function partsOf(text: string): readonly Part[] {
  const parts: { place: string; lines: string[] }[] = [];
  for (const line of text.trimEnd().split("\n")) {
    const place = HEADING.exec(line)?.groups?.["place"];
    if (place !== undefined) parts.push({ place, lines: [] });
    else if (parts.length === 0) parts.push({ place: "", lines: [line] });
    else parts.at(-1)?.lines.push(line);
  }
  return parts;
}

/**
 * A configuration with its marked region replaced by a fix's text, indented as the region is; as it
 * stands without a fix. A region is the lines from `# cors` to `# /cors`, or with `//` or `<!-- -->`.
 *
 * A fix for several places heads each part with `# In http:`; the region is then `# cors: http`, and
 * a region that the fix does not speak of stays.
 *
 * @throws Error for a part that has no region, or more than one.
 */
export function applyFix(configuration: string, fix: Fix | null): string {
  if (fix === null) return configuration;
  const parts = partsOf(fix.text);
  const used = new Map<string, number>(parts.map(({ place }) => [place, 0]));
  const mended = configuration.replaceAll(REGION, (region, ...rest) => {
    const { indent = "", place = "" } = rest.at(-1) as Record<string, string | undefined>;
    const part = parts.find((part) => part.place === place);
    if (part === undefined) return region;
    used.set(place, (used.get(place) ?? 0) + 1);
    return part.lines.map((line) => (line === "" ? line : indent + line)).join("\n");
  });
  for (const [place, times] of used) {
    if (times !== 1) throw new Error(`the fix for ${place || "# cors"} has ${times} regions:\n${fix.text}`);
  }
  return mended;
}
