import { installPageTools, type Target } from "./page-tools.ts";

/** A key by its name in `KeyboardEvent.key`, with what is held down before it: `Shift+Tab`. */
export type KeyPress = string;

/** What a browser engine does by itself. Coordinates are CSS pixels of the viewport. */
export interface EngineDriver {
  readonly name: EngineName;
  /** Lines of the console so far; null where the engine does not tell them. */
  readonly console: string[] | null;
  /** Opens an address and waits until it is loaded. */
  goto(url: string): Promise<void>;
  /** Runs an expression in the page, waits for its promise, and hands back its text. */
  run(expression: string): Promise<string>;
  clickAt(x: number, y: number): Promise<void>;
  press(held: readonly string[], key: string): Promise<void>;
  /** Types into what has the focus, key by key. */
  type(text: string): Promise<void>;
  /** Chooses files in the input that an expression finds. */
  setFiles(input: string, paths: readonly string[]): Promise<void>;
  /** Sets the size of the viewport; the width it could not give is set on the document. */
  resize(width: number, height: number): Promise<void>;
  /** Takes the network away, or gives it back. False: the engine cannot. */
  setOffline(isOffline: boolean): Promise<boolean>;
  screenshot(): Promise<Uint8Array>;
  /** Ends the engine and every process it has. */
  close(): Promise<void>;
}

/** The engines that every scenario runs in. */
export type EngineName = "Chromium" | "Firefox" | "WebKit";

/** A file that a drop or a paste brings. */
export interface MadeFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** Longest wait for a page to come to a state. */
const PATIENCE_MS = 15_000;

const asTarget = (target: Target | string): Target => (typeof target === "string" ? { css: target } : target);

/** A page in any engine: the same words for all of them. */
export class EnginePage {
  readonly driver: EngineDriver;

  constructor(driver: EngineDriver) {
    this.driver = driver;
  }

  /** Which engine this is. */
  get engine(): EngineName {
    return this.driver.name;
  }

  /** Opens an address; the page's tools are there when it resolves. */
  async open(url: string): Promise<void> {
    await this.driver.goto(url);
    await this.evaluate(installPageTools);
  }

  /** Calls a function in the page. Arguments and result are JSON; the function sees nothing of its module. */
  evaluate<A extends readonly unknown[], R>(work: (...given: A) => R, ...given: A): Promise<Awaited<R>> {
    return this.#valueOf(`(${work})(...${JSON.stringify(given)})`);
  }

  /** Waits, in the page, until a function of the page answers something truthy; that answer. */
  until<A extends readonly unknown[], R>(look: (...given: A) => R, ...given: A): Promise<Awaited<R>> {
    const call = `(${look})(...${JSON.stringify(given)})`;
    return this.#valueOf(`tools.until(() => ${call}, ${PATIENCE_MS}, ${JSON.stringify(call)})`);
  }

  /** Runs a classic script in the page. */
  async addScript(source: string): Promise<void> {
    await this.driver.run(`(async () => { ${source}; return ""; })()`);
  }

  async #valueOf<R>(expression: string): Promise<R> {
    // Engines report an exception each in a form of its own; this one is the same in all.
    const text = await this.driver.run(
      `(async () => { try { return JSON.stringify({ value: await ${expression} }); } catch (error) { return JSON.stringify({ fault: String(error) }); } })()`,
    );
    const answer = JSON.parse(text) as { readonly value: R; readonly fault?: string };
    if (answer.fault !== undefined) throw new Error(`In ${this.engine}: ${answer.fault}`);
    return answer.value;
  }

  /** Waits until something is visible; its text. */
  async see(target: Target | string): Promise<string> {
    const text = await this.until((wanted) => {
      const element = window.tools.find(wanted);
      return element === null ? null : ` ${element.innerText}`;
    }, asTarget(target));
    return (text ?? "").trim();
  }

  /** Waits until the visible text of a target contains these words. */
  async read(target: Target | string, words: string): Promise<string> {
    const text = await this.until(
      (wanted, words) => {
        const element = window.tools.all(wanted.css).find((one) => one.innerText.includes(words));
        return element?.checkVisibility() === true ? ` ${element.innerText}` : null;
      },
      asTarget(target),
      words,
    );
    return (text ?? "").trim();
  }

  /** Waits until nothing visible is meant by a target. */
  async gone(target: Target | string): Promise<void> {
    await this.until((wanted) => window.tools.find(wanted) === null, asTarget(target));
  }

  /** Waits for a target to stand still in sight, and clicks its middle. */
  async click(target: Target | string): Promise<void> {
    const { x, y } = await this.evaluate(
      (wanted, patienceMs) => window.tools.spot(wanted, patienceMs),
      asTarget(target),
      PATIENCE_MS,
    );
    await this.driver.clickAt(x, y);
  }

  /** Gives a target the focus, without a press. */
  async focus(target: Target | string): Promise<void> {
    await this.see(target);
    await this.evaluate((wanted) => window.tools.find(wanted)?.focus(), asTarget(target));
  }

  /** Presses keys, one after the other. */
  async press(...presses: readonly KeyPress[]): Promise<void> {
    for (const press of presses) {
      const held = press.split("+");
      const key = held.pop() ?? press;
      await this.driver.press(held, key);
    }
  }

  /** Types into what has the focus. */
  async type(text: string): Promise<void> {
    await this.driver.type(text);
  }

  /** The accessible name, else the text, of what has the focus; empty for nothing. */
  async focused(): Promise<string> {
    return this.evaluate(() => {
      const active = window.tools.focused();
      return (active?.getAttribute("aria-label") ?? active?.innerText ?? "").trim();
    });
  }

  /** Waits until something of this name has the focus. */
  async hasFocus(name: string): Promise<void> {
    await this.until((wanted) => {
      const active = window.tools.focused();
      return (active?.getAttribute("aria-label") ?? active?.innerText ?? "").trim() === wanted;
    }, name);
  }

  /** Chooses files of this machine in a file input. */
  async setFiles(css: string, ...paths: readonly string[]): Promise<void> {
    await this.driver.setFiles(`window.tools.all(${JSON.stringify(css)})[0]`, paths);
  }

  /** Drops files on a target. Made by script: no engine can be given a drag from outside. */
  async drop(target: Target | string, ...files: readonly MadeFile[]): Promise<void> {
    await this.evaluate(
      (wanted, given) => {
        const fire = (type: string) => {
          const dataTransfer = new DataTransfer();
          for (const { name, type: mime, text } of given)
            dataTransfer.items.add(new File([text], name, { type: mime }));
          const event = new DragEvent(type, {
            dataTransfer,
            bubbles: true,
            cancelable: true,
            composed: true,
          });
          window.tools.find(wanted)?.dispatchEvent(event);
        };
        for (const type of ["dragenter", "dragover", "drop"]) fire(type);
      },
      asTarget(target),
      files,
    );
  }

  /** Pastes files, or a text, into a target. Made by script, as `drop` is. */
  async paste(target: Target | string, what: readonly MadeFile[] | string): Promise<void> {
    await this.evaluate(
      (wanted, given) => {
        const clipboardData = new DataTransfer();
        if (typeof given === "string") clipboardData.setData("text/plain", given);
        else
          for (const { name, type, text } of given) clipboardData.items.add(new File([text], name, { type }));
        const element = window.tools.find(wanted);
        const paste = new ClipboardEvent("paste", { bubbles: true, cancelable: true, composed: true });
        // Firefox copies what the constructor is given, without its files.
        Object.defineProperty(paste, "clipboardData", { value: clipboardData });
        element?.focus();
        element?.dispatchEvent(paste);
      },
      asTarget(target),
      what,
    );
  }

  /** Takes the network away, or gives it back; where the engine cannot, the page is told so by script. */
  async setOffline(isOffline: boolean): Promise<void> {
    if (await this.driver.setOffline(isOffline)) return;
    await this.evaluate((off) => {
      Object.defineProperty(navigator, "onLine", { configurable: true, get: () => !off });
      dispatchEvent(new Event(off ? "offline" : "online"));
    }, isOffline);
  }
}
