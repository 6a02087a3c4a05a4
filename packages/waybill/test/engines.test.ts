import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ChatStage, type Scenarios } from "../../element/test/engines/chat-stage.ts";
import { conversation } from "../../element/test/engines/conversation.scenarios.ts";
import { EnginePage } from "../../element/test/engines/engine-page.ts";
import { engines } from "../../element/test/engines/engines.ts";
import { failures } from "../../element/test/engines/failures.scenarios.ts";
import { history } from "../../element/test/engines/history.scenarios.ts";
import { keyboard } from "../../element/test/engines/keyboard.scenarios.ts";
import { looks } from "../../element/test/engines/looks.scenarios.ts";
import { uploads } from "../../element/test/engines/uploads.scenarios.ts";
import { buildBundle } from "../../element/test/support/chat-page.ts";
import { ScriptedChat } from "../../element/test/support/scripted-chat.ts";
import { served, startThreeOrigins, type ThreeOrigins } from "./engines/served.scenarios.ts";

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
let origins: ThreeOrigins;
beforeAll(async () => {
  bundle = await buildBundle();
  origins = await startThreeOrigins();
});
afterAll(() => origins?.[Symbol.asyncDispose]());

describe.each(here)("$name", ({ launch }) => {
  let page: EnginePage;
  beforeAll(async () => {
    page = new EnginePage(await launch());
  });
  afterAll(() => page?.driver.close());

  test.each(Object.entries(served))("waybill serve: %s", async (_sentence, play) => {
    await page.driver.resize(720, 720);
    await play(page, origins);
  });

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
