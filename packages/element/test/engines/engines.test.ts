import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildBundle } from "../support/chat-page.ts";
import { ScriptedChat } from "../support/scripted-chat.ts";
import { ChatStage, type Scenarios } from "./chat-stage.ts";
import { conversation } from "./conversation.scenarios.ts";
import { EnginePage } from "./engine-page.ts";
import { engines } from "./engines.ts";
import { failures } from "./failures.scenarios.ts";
import { history } from "./history.scenarios.ts";
import { keyboard } from "./keyboard.scenarios.ts";
import { looks } from "./looks.scenarios.ts";
import { uploads } from "./uploads.scenarios.ts";

const all: Readonly<Record<string, Scenarios>> = {
  conversation,
  uploads,
  history,
  failures,
  keyboard,
  looks,
};
const here = engines.flatMap(({ name, launch }) => (launch === undefined ? [] : [{ name, launch }]));
for (const { name, variable, launch } of engines)
  if (launch === undefined) console.warn(`${variable} is not set: the tests in ${name} are left out.`);

let bundle: string;
beforeAll(async () => {
  bundle = await buildBundle();
});

describe.each(here)("$name", ({ launch }) => {
  let page: EnginePage;
  beforeAll(async () => {
    page = new EnginePage(await launch());
  });
  afterAll(() => page?.driver.close());

  describe.each(Object.entries(all))("%s", (_name, scenarios) => {
    test.each(Object.entries(scenarios))("%s", async (_sentence, play) => {
      const chat = new ScriptedChat(bundle);
      await chat.listen();
      try {
        await page.driver.resize(720, 720);
        await play(new ChatStage(page, chat));
        expect(await page.evaluate(() => window.tools.faults)).toEqual([]);
      } finally {
        await chat.close();
      }
    });
  });
});
