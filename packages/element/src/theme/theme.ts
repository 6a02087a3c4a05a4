import { type Fields, fieldsOf } from "../options/fields.ts";

/** A web font that a page brings, as ChatKit's FontObject describes it. */
export interface FontSource {
  readonly family: string;
  readonly src: string;
  readonly descriptors: FontFaceDescriptors;
}

/** What a theme does to the element. */
export interface Theme {
  /** @default "light" */
  readonly scheme: "light" | "dark" | "auto";
  /** Null: the default, `pill`. */
  readonly radius: string | null;
  /** Null: the default, `normal`. */
  readonly density: string | null;
  /** Public custom properties to set on the host, by name. */
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly fonts: readonly FontSource[];
}

/** The theme without any option: light, and every token as it is. */
export const defaultTheme: Theme = {
  scheme: "light",
  radius: null,
  density: null,
  properties: [],
  fonts: [],
};

const RADII = ["pill", "round", "soft", "sharp"];
const DENSITIES = ["compact", "normal", "spacious"];

function oneOf(value: unknown, values: readonly string[]): string | null {
  return typeof value === "string" && values.includes(value) ? value : null;
}

function numberWithin(value: unknown, low: number, high: number): string | null {
  return typeof value === "number" && Number.isFinite(value)
    ? String(Math.min(high, Math.max(low, value)))
    : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

/**
 * Reads ChatKit's `theme` option: a colour scheme by name, or a ThemeOption. Numbers are held
 * within their range; what is absent or of a wrong type stays as it is in the tokens.
 *
 * Source: `@openai/chatkit` 1.9, `ThemeOption`; `auto` is an addition.
 */
export function readTheme(option: unknown): Theme {
  const theme = typeof option === "string" ? { colorScheme: option } : fieldsOf(option);
  const { colorScheme, radius, density } = theme as Fields;
  const typography = fieldsOf(fieldsOf(theme)["typography"]);
  const color = fieldsOf(fieldsOf(theme)["color"]);
  const grayscale = fieldsOf(color["grayscale"]);
  const accent = fieldsOf(color["accent"]);
  const surface = fieldsOf(color["surface"]);

  const properties = (
    [
      ["--waybill-base-size", numberWithin(typography["baseSize"], 14, 18)],
      ["--waybill-font", textOf(typography["fontFamily"])],
      ["--waybill-font-mono", textOf(typography["fontFamilyMono"])],
      ["--waybill-gray-hue", numberWithin(grayscale["hue"], 0, 360)],
      ["--waybill-gray-tint", numberWithin(grayscale["tint"], 0, 9)],
      ["--waybill-gray-shade", numberWithin(grayscale["shade"], -4, 4)],
      ["--waybill-accent", textOf(accent["primary"])],
      ["--waybill-accent-level", numberWithin(accent["level"], 0, 3)],
      ["--waybill-background", textOf(surface["background"])],
      ["--waybill-foreground", textOf(surface["foreground"])],
    ] as const
  ).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));

  const scheme = oneOf(colorScheme, ["light", "dark", "auto"]);
  return {
    scheme: scheme === "dark" || scheme === "auto" ? scheme : "light",
    radius: oneOf(radius, RADII),
    density: oneOf(density, DENSITIES),
    properties,
    fonts: readFonts(typography["fontSources"]),
  };
}

function readFonts(option: unknown): readonly FontSource[] {
  if (!Array.isArray(option)) return [];
  return option.flatMap((entry: unknown) => {
    const font = fieldsOf(entry);
    const family = textOf(font["family"]);
    const src = textOf(font["src"]);
    if (family === null || src === null) return [];
    const weight = font["weight"];
    const style = textOf(font["style"]);
    const unicodeRange = textOf(font["unicodeRange"]);
    const display = oneOf(font["display"], ["auto", "block", "swap", "fallback", "optional"]);
    const descriptors: FontFaceDescriptors = {
      ...(typeof weight === "string" || typeof weight === "number" ? { weight: String(weight) } : {}),
      ...(style === null ? {} : { style }),
      ...(unicodeRange === null ? {} : { unicodeRange }),
      ...(display === null ? {} : { display: display as FontDisplay }),
    };
    return [{ family, src, descriptors }];
  });
}
