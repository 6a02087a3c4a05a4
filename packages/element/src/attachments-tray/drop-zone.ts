/** What a drop, or a paste, brings. */
export interface DroppedFiles {
  readonly files: readonly File[];
  /** Names of folders, which cannot be attached. */
  readonly folders: readonly string[];
}

/** Reads the files of a drop or a paste; empty if there are none. */
export function readFiles(data: DataTransfer | null): DroppedFiles {
  const files: File[] = [];
  const folders: string[] = [];
  for (const item of data?.items ?? []) {
    const file = item.kind === "file" ? item.getAsFile() : null;
    if (file === null) continue;
    if (item.webkitGetAsEntry()?.isDirectory) folders.push(file.name);
    else files.push(file);
  }
  return { files, folders };
}

/** Whether a drag carries files, as far as a page may know before the drop. */
function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") === true;
}

/** Takes files that are dropped anywhere on an element. */
export class DropZone {
  readonly #isOn: () => boolean;
  readonly #hover: (isOver: boolean) => void;
  readonly #take: (dropped: DroppedFiles) => void;
  /** Elements the drag has entered and not left. */
  #depth = 0;

  constructor(isOn: () => boolean, hover: (isOver: boolean) => void, take: (dropped: DroppedFiles) => void) {
    this.#isOn = isOn;
    this.#hover = hover;
    this.#take = take;
  }

  /** Listens on an element for as long as it lives. */
  listen(element: HTMLElement): void {
    const on = (type: "dragenter" | "dragover" | "dragleave" | "drop", act: (event: DragEvent) => void) =>
      element.addEventListener(type, (event) => {
        if (!this.#isOn() || !hasFiles(event)) return;
        event.preventDefault();
        act(event);
      });
    on("dragenter", () => this.#enter(this.#depth + 1));
    on("dragleave", () => this.#enter(this.#depth - 1));
    on("dragover", ({ dataTransfer }) => {
      if (dataTransfer !== null) dataTransfer.dropEffect = "copy";
    });
    on("drop", ({ dataTransfer }) => {
      this.#enter(0);
      this.#take(readFiles(dataTransfer));
    });
  }

  #enter(depth: number): void {
    const isOver = depth > 0;
    if (isOver !== this.#depth > 0) this.#hover(isOver);
    this.#depth = Math.max(0, depth);
  }
}
