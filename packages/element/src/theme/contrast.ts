/** The contrast that text needs on its surface before a theme is remarked upon. */
export const ENOUGH_CONTRAST = 7;

type Rgb = readonly [red: number, green: number, blue: number];

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((channel) => {
    const share = channel / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/**
 * The contrast of two colours, channels from 0 to 255: 1 for equal ones, 21 for black on white.
 *
 * Source: WCAG 2.2, definition of contrast ratio.
 */
export function contrastRatio(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** A colour of CSS as it is painted; null where there is nothing to paint with. */
function paint(color: string): Rgb | null {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return null;
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/** The contrast of an element's text on its own background; null where it cannot be told. */
export function textContrast(element: Element): number | null {
  const { color, backgroundColor } = getComputedStyle(element);
  const text = paint(color);
  const surface = paint(backgroundColor);
  return text === null || surface === null ? null : contrastRatio(text, surface);
}
