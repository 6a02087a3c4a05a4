import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { useChat } from "./support/fixture.ts";
import { galleryStates } from "./support/gallery-states.ts";

const fixture = useChat();
const folder = fileURLToPath(new URL("../screenshots/", import.meta.url));

beforeAll(() => mkdir(folder, { recursive: true }));

test.each(galleryStates)("$name", async (state) => {
  const { name, width = 720, height = 720 } = state;
  const page = await fixture.open("", { viewport: { width, height } });
  await state.open(page, fixture.chat);
  for (const theme of ["light", "dark"]) {
    if (theme === "dark") await page.setOptions({ ...state.options, theme });
    await page.page.screenshot({ path: `${folder}${name}-${theme}.png`, animations: "disabled" });
  }
  expect(await page.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
});
