import { expect, test } from "vitest";
import { accepted, begun, done, said, words } from "./support/events.ts";
import { useChat } from "./support/fixture.ts";

const fixture = useChat();

declare global {
  interface Window {
    clicked: string[];
    previewed: string[];
  }
}

async function openReady() {
  const page = await fixture.open();
  await page.page.evaluate(() => {
    window.clicked = [];
    window.previewed = [];
    const all = [
      { id: "1", title: "Holm Point", icon: "map-pin", group: "Places", interactive: true },
      { id: "2", title: "Hogsty Rock", icon: "map-pin", group: "Places" },
      { id: "3", title: "Dag Holter", icon: "user", group: "People", data: { role: "keeper" } },
    ];
    window.chat.setOptions({
      api: { url: "/chatkit" },
      entities: {
        showComposerMenu: true,
        onTagSearch: async (query: string) => {
          if (query === "fail") throw new Error("down");
          return all.filter(({ title }) => title.toLowerCase().includes(query.toLowerCase()));
        },
        onClick: ({ title }: { title: string }) => void window.clicked.push(title),
        onRequestPreview: async ({ title }: { title: string }) => {
          window.previewed.push(title);
          return { preview: { type: "Basic", children: [{ value: title }, { value: "Light, 24 m" }] } };
        },
      },
    });
  });
  await page.field.waitFor();
  const list = page.page.locator("#chat").getByRole("listbox", { name: "Names" });
  const active = async () => {
    const id = await page.field.getAttribute("aria-activedescendant");
    return id === null ? null : page.page.locator(`#chat #${id}`).innerText();
  };
  return { page, list, active, options: list.getByRole("option") };
}

test("the field leads the list: arrows move, Enter takes, and the focus stays", async () => {
  const { page, list, active, options } = await openReady();
  await page.field.pressSequentially("Who kept the light at @Ho");
  await expect.poll(() => options.count()).toBe(3);
  expect(await list.getByRole("group", { name: "Places" }).getByRole("option").count()).toBe(2);
  await page.page.locator("[aria-live=polite]").getByText("3 found.").waitFor();
  expect(await active()).toBe("Holm Point");
  await page.field.press("ArrowDown");
  await page.field.press("ArrowDown");
  await expect.poll(active).toBe("Dag Holter");
  await page.field.press("ArrowDown");
  await expect.poll(active).toBe("Holm Point");
  await page.field.press("Enter");
  await expect.poll(() => list.count()).toBe(0);
  expect(await page.written()).toBe("Who kept the light at Holm Point ");
  await page.field.pressSequentially("then?");
  await page.field.press("Enter");
  const turn = await fixture.chat.nextTurn();
  expect(turn.request.params["input"]).toMatchObject({
    content: [
      { type: "input_text", text: "Who kept the light at " },
      { type: "input_tag", id: "1", text: "Holm Point", group: "Places", interactive: true, data: {} },
      { type: "input_text", text: " then?" },
    ],
  });
});

test("a tag is one character to the caret and to Backspace", async () => {
  const { page, options } = await openReady();
  await page.field.pressSequentially("a@Hog");
  expect(await options.count()).toBe(0); // an @ within a word, as in an address
  await page.field.fill("");
  await page.field.pressSequentially("a @Hog");
  await options.first().waitFor();
  await page.field.press("Tab");
  expect(await page.written()).toBe("a Hogsty Rock ");
  for (const key of ["ArrowLeft", "ArrowLeft"]) await page.field.press(key);
  await page.field.pressSequentially("x");
  expect(await page.written()).toBe("a xHogsty Rock ");
  await page.field.press("ArrowRight");
  await page.field.press("Backspace");
  await expect.poll(() => page.written()).toBe("a x ");
});

test("a tag stays in the draft over a reload", async () => {
  const { page, options } = await openReady();
  await page.field.pressSequentially("@Dag");
  await options.first().click();
  await expect.poll(() => page.field.locator(".tag").innerText()).toBe("Dag Holter");
  expect(await page.field.evaluate((field) => field.matches(":focus"))).toBe(true);
  await page.load(`${fixture.chat.origin}/`);
  await page.setOptions();
  await expect.poll(() => page.field.locator(".tag").innerText()).toBe("Dag Holter");
});

test("Escape closes the list for this name; Enter sends what is written", async () => {
  const { page, list, options } = await openReady();
  await page.field.pressSequentially("@Ho");
  await options.first().waitFor();
  await page.field.press("Escape");
  await expect.poll(() => list.count()).toBe(0);
  await page.field.pressSequentially("l");
  await page.field.press("Enter");
  const turn = await fixture.chat.nextTurn();
  expect(turn.request.params["input"]).toMatchObject({ content: [{ type: "input_text", text: "@Hol" }] });
});

test("says that none was found, and that a search failed", async () => {
  const { page } = await openReady();
  await page.field.pressSequentially("@nobody");
  await page.seen("None found").waitFor();
  await page.field.fill("");
  await page.field.pressSequentially("@fail");
  await page.seen("The search failed").waitFor();
});

test("a button begins a search as well", async () => {
  const { page, options } = await openReady();
  await page.page.getByRole("button", { name: "Name somebody or something" }).click();
  await expect.poll(() => options.count()).toBe(3);
  expect(await page.written()).toBe("@");
});

test("a tag with something behind it can be clicked and is previewed, in the field and in a message", async () => {
  const { page, options } = await openReady();
  await page.field.pressSequentially("@Holm");
  await options.first().waitFor();
  await page.field.press("Enter");
  await page.field.locator(".tag").hover();
  await page.part("preview").getByText("Light, 24 m").waitFor();
  await page.part("header").hover();
  await expect.poll(() => page.part("preview").count()).toBe(0);
  await page.field.press("Enter");
  const tag = { type: "input_tag" as const, id: "1", text: "Holm Point", interactive: true, data: {} };
  const turn = await fixture.chat.nextTurn();
  turn.send(...accepted(said("", { content: [tag] })), ...begun(), words("Lit."), done("Lit."));
  turn.end();
  const button = page.part("user-message").getByRole("button", { name: "Holm Point" });
  await button.focus();
  await page.part("preview").getByText("Light, 24 m").waitFor();
  await page.page.keyboard.press("Escape");
  await expect.poll(() => page.part("preview").count()).toBe(0);
  await button.click();
  expect(await page.page.evaluate(() => window.clicked)).toEqual(["Holm Point"]);
});
