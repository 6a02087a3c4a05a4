import type { UserMessage, WaybillChat } from "../../src/index.ts";
import type { ScriptedChat, ScriptedTurn } from "../support/scripted-chat.ts";
import type { EnginePage } from "./engine-page.ts";

/** What a scenario plays on: a page in one engine, and a server that it writes as it goes. */
export class ChatStage {
  readonly page: EnginePage;
  readonly chat: ScriptedChat;
  /** The options that the element was opened with. */
  options: object = {};

  constructor(page: EnginePage, chat: ScriptedChat) {
    this.page = page;
    this.chat = chat;
  }

  /** Opens the page of the scripted server, with these options for its element. */
  async open(options: object = {}, query = ""): Promise<void> {
    await this.page.open(`${this.chat.origin}/${query}`);
    await this.page.evaluate(() => {
      const chat = document.querySelector<WaybillChat>("#chat");
      if (chat === null) throw new Error("The page has no element.");
      window.chat = chat;
    });
    this.options = options;
    await this.setOptions(options);
  }

  /** Hands options to the element; without `api`, that of the page's own server. */
  async setOptions(options: object): Promise<void> {
    await this.page.evaluate(
      (given) => window.chat.setOptions({ api: { url: "/chatkit" }, ...given }),
      options,
    );
  }

  /** Calls sendUserMessage, and keeps what becomes of it for `outcome`. */
  async send(message: UserMessage): Promise<void> {
    await this.page.evaluate((given) => {
      window.outcome = "pending";
      window.chat.sendUserMessage(given).then(
        () => {
          window.outcome = "resolved";
        },
        (error: Error) => {
          window.outcome = `${error.name}: ${error.message}`;
        },
      );
    }, message);
  }

  /** What became of the message: `resolved`, or the rejection's name and message. */
  outcome(): Promise<string> {
    return this.page.until(() => (window.outcome === "pending" ? null : window.outcome)).then(String);
  }

  /** Sends a text from the page; the turn that the server gets. */
  async ask(text: string): Promise<ScriptedTurn> {
    await this.send({ text });
    return this.chat.nextTurn();
  }

  /** Writes into the field, key by key, with the focus in it. */
  async write(text: string): Promise<void> {
    await this.page.click("[part=field]");
    await this.page.type(text);
    await this.page.read("[part=field]", text);
  }

  /** How many elements match, shadow roots included. */
  count(css: string): Promise<number> {
    return this.page.evaluate((wanted) => window.tools.all(wanted).length, css);
  }

  /** Waits until an attribute of the first match has a value; null: until it is absent. */
  async attribute(css: string, name: string, value: string | null): Promise<void> {
    await this.page.until(
      (css, name, value) => {
        const [element] = window.tools.all(css);
        return element !== undefined && element.getAttribute(name) === value;
      },
      css,
      name,
      value,
    );
  }
}

/** Things that must hold in every engine, by the sentence that says so. */
export type Scenarios = Readonly<Record<string, (stage: ChatStage) => Promise<void>>>;

/** What a server says of a failure. */
export const failure = (code: string, message: string) => ({
  error: { code, message, request_id: "req_8f2c41d09be7" },
  message,
});
