import type { Fix } from "@waybill/doctor";
import { expect, test } from "vitest";
import { applyFix } from "./setup.ts";

const fix = (text: string): Fix => ({ server: "nginx", where: "there", language: "nginx", text });

test("a fix replaces the marked region, indented as it is", () => {
  expect(applyFix("a\n  # cors\n  old\n  # /cors\nb\n", fix("new {\n  x\n\n}\n"))).toBe(
    "a\n  new {\n    x\n\n  }\nb\n",
  );
  expect(applyFix("// cors\n// /cors\nb", fix("new"))).toBe("new\nb");
  expect(applyFix("<!-- cors -->\nold\n<!-- /cors -->", fix("new"))).toBe("new");
});

test("a fix for several places goes to each of them, and the regions it does not name stay", () => {
  const configuration =
    "# cors: http\n# /cors\n# cors: server\nkeep\n# /cors\n# cors: location\nold\n# /cors";
  expect(applyFix(configuration, fix("# In http:\nmap\n# In location:\nadd"))).toBe(
    "map\n# cors: server\nkeep\n# /cors\nadd",
  );
});

test("without a fix a configuration stands as it is", () => {
  expect(applyFix("# cors\nold\n# /cors", null)).toBe("# cors\nold\n# /cors");
});

test("a fix that fits nowhere, or in two places, is a mistake of the set-up", () => {
  expect(() => applyFix("nothing", fix("new"))).toThrow("0 regions");
  expect(() => applyFix("# cors\n# /cors\n# cors\n# /cors", fix("new"))).toThrow("2 regions");
  expect(() => applyFix("# cors\n# /cors", fix("# In http:\nmap"))).toThrow("0 regions");
});
