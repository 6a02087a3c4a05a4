import { expect } from "vitest";
import { accepted, begun, done, said, words } from "../support/events.ts";
import { type ChatStage, failure, type Scenarios } from "./chat-stage.ts";
import { closedOrigin, startForeign } from "./foreign-servers.ts";

/** What engines say themselves, and nobody should have to read. */
const ENGINES_OWN_WORDS =
  /Failed to fetch|NetworkError when|Load failed|network connection was lost|CORS policy|TypeError|undefined/i;

/** The card once it is there: its title, all of its visible text, and the details for developers. */
async function readCard({ page }: ChatStage) {
  const title = await page.see("[part~=error-card] h3");
  const text = await page.see("[part~=error-card]");
  await page.click("[part~=error-card] summary");
  const details = await page.see("[part~=error-card] dl");
  expect(text).not.toMatch(ENGINES_OWN_WORDS);
  return { title, text, details };
}

/** Sends a message to another server than the page's; the card that comes of it. */
async function cardFrom(stage: ChatStage, api: string) {
  await stage.open({ api: { url: `${api}/chatkit` } });
  await stage.send({ text: "What is this?" });
  const card = await readCard(stage);
  const outcome = await stage.outcome();
  expect(outcome).toMatch(/^ChatFailure: /);
  expect(outcome).not.toMatch(ENGINES_OWN_WORDS);
  await stage.page.read("[part~=user-message]", "What is this?");
  return card;
}

/** Every failure of a connection that can be brought about. */
export const failures: Scenarios = {
  "a server that is not running could not be reached": async (stage) => {
    const { title, text, details } = await cardFrom(stage, await closedOrigin());
    expect(title).toBe("The server could not be reached");
    expect(text).toContain("Your own connection works.");
    expect(text).toContain("Your message was not sent.");
    expect(details).toContain("server_unreachable");
  },

  "a page whose own server is gone too has no connection": async (stage) => {
    await stage.open({ api: { url: `${await closedOrigin()}/chatkit` } });
    await stage.chat.close();
    await stage.send({ text: "What is this?" });
    const { title, details } = await readCard(stage);
    expect(title).toBe("The connection is not working");
    expect(details).toContain("network_down");
    await stage.chat.listen(); // so that it can be closed as every other
  },

  "a failure behind a proxy that drops headers may not be read": async (stage) => {
    await using api = await startForeign((request, response) => {
      const allow = {
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "*, content-type",
        "access-control-expose-headers": "Waybill",
        waybill: "0.1.0",
      };
      if (request.method === "OPTIONS") response.writeHead(204, allow).end();
      else if (request.url === "/v1")
        response.writeHead(200, { ...allow, "content-type": "application/json" }).end("{}");
      else response.writeHead(500, { "content-type": "text/plain" }).end("Internal Server Error");
    });
    const { title, text, details } = await cardFrom(stage, api.origin);
    expect(title).toBe("The server answered, but this page may not read the answer");
    expect(text).toContain("Often that hides a failure of the server itself.");
    expect(details).toContain("cors_missing_or_masked");
    expect(details).toContain(`POST ${api.origin}/chatkit`);
  },

  "a server without any CORS headers may not be read": async (stage) => {
    await using api = await startForeign((_, response) => response.writeHead(500).end("failed"));
    const { title, details } = await cardFrom(stage, api.origin);
    expect(title).toBe("The server answered, but this page may not read the answer");
    expect(details).toContain("cors_missing_or_masked");
  },

  "an address that the page's policy does not list is forbidden by the page": async (stage) => {
    const { title, details } = await cardFrom(stage, "http://localhost:9");
    expect(title).toBe("This page forbids the connection");
    expect(details).toContain("csp_blocked");
    expect(details).toContain("Add http://localhost:9 to connect-src.");
    await stage.page.evaluate(() => window.tools.faults.splice(0).length);
  },

  "a refusal that can be read is told in the server's words, and sent again": async (stage) => {
    const { page, chat } = stage;
    await stage.open();
    const turn = await stage.ask("What is this?");
    turn.refuse(413, failure("payload_too_large", "The message is larger than 1 MB."));
    const { text, details } = await readCard(stage);
    expect(text).toContain("The message is larger than 1 MB.");
    for (const value of ["413", "payload_too_large", "req_8f2c41d09be7"]) expect(details).toContain(value);
    await page.click({ css: "[part~=error-card] button", name: "Edit the message" });
    await page.read("[part=field]", "What is this?");
    await page.hasFocus("Message");
    await page.press("Enter");
    const again = await chat.nextTurn();
    again.send(...accepted(said("What is this?")), done("A lighthouse."));
    again.end();
    await page.read("[part~=assistant-message]", "A lighthouse.");
    expect(await stage.count("[part~=error-card]")).toBe(0);
  },

  "an answer that broke off is kept": async (stage) => {
    await stage.open();
    const turn = await stage.ask("Tell me");
    turn.send(...accepted(said("Tell me")), ...begun(), words("Once upon"));
    await stage.page.read("[part~=assistant-message]", "Once upon");
    turn.cut();
    const { title, details } = await readCard(stage);
    expect(title).toBe("The answer broke off");
    expect(details).toContain("stream_broken");
    await stage.page.read("[part~=assistant-message]", "Once upon");
    expect(await stage.outcome()).toBe("resolved");
  },

  "a device without a network is offline, and keeps the message": async (stage) => {
    const { page } = stage;
    await stage.open();
    await page.see("[part=field]");
    await page.setOffline(true);
    await page.read("[part~=connection]", "You are offline.");
    await stage.chat.close(); // for an engine that cannot be cut off
    await stage.send({ text: "Later" });
    const { title, text } = await readCard(stage);
    expect(title).toBe("You are offline");
    expect(text).toContain("Your message is kept and was not sent.");
    await stage.chat.listen();
    await page.setOffline(false);
    await page.until(() => window.tools.all("[part~=connection]").every((strip) => strip.innerText === ""));
  },
};
