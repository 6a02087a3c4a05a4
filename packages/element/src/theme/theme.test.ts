import { expect, test } from "vitest";
import { defaultTheme, readTheme } from "./theme.ts";

test("a scheme by name is a theme", () => {
  expect(readTheme("dark")).toEqual({ ...defaultTheme, scheme: "dark" });
  expect(readTheme("auto").scheme).toBe("auto");
});

test("every attribute becomes a token", () => {
  const theme = readTheme({
    colorScheme: "dark",
    radius: "soft",
    density: "compact",
    typography: {
      baseSize: 18,
      fontFamily: "Inter",
      fontFamilyMono: "Mono",
      fontSources: [
        { family: "Inter", src: "/inter.woff2", weight: 500, display: "swap" },
        { family: "Lost" },
      ],
    },
    color: {
      grayscale: { hue: 220, tint: 6, shade: -1 },
      accent: { primary: "#ff0000", level: 2 },
      surface: { background: "#fff", foreground: "#111" },
    },
  });
  expect(theme).toEqual({
    scheme: "dark",
    radius: "soft",
    density: "compact",
    properties: [
      ["--waybill-base-size", "18"],
      ["--waybill-font", "Inter"],
      ["--waybill-font-mono", "Mono"],
      ["--waybill-gray-hue", "220"],
      ["--waybill-gray-tint", "6"],
      ["--waybill-gray-shade", "-1"],
      ["--waybill-accent", "#ff0000"],
      ["--waybill-accent-level", "2"],
      ["--waybill-background", "#fff"],
      ["--waybill-foreground", "#111"],
    ],
    fonts: [{ family: "Inter", src: "/inter.woff2", descriptors: { weight: "500", display: "swap" } }],
  });
});

test("numbers are held within their range, and values of a wrong type left out", () => {
  const theme = readTheme({
    colorScheme: "sepia",
    radius: 3,
    typography: { baseSize: 99, fontFamily: 7 },
    color: { grayscale: { tint: -2, hue: Number.NaN } },
  });
  expect(theme.properties).toEqual([
    ["--waybill-base-size", "18"],
    ["--waybill-gray-tint", "0"],
  ]);
  expect(theme).toMatchObject({ scheme: "light", radius: null });
});

test.each([null, 4, [], "sepia"])("%j is the default", (option) =>
  expect(readTheme(option)).toEqual(defaultTheme),
);
