import { ENOUGH_CONTRAST, textContrast } from "./contrast.ts";
import type { FontSource, Theme } from "./theme.ts";

/** A contrast that is less than wanted, as ratios to 1. */
export type LowContrast = Readonly<Record<"ratio" | "wanted", number>>;

/** Fonts that this page was given already; a document has no use for the same one twice. */
const added = new Set<string>();

/**
 * Puts a theme on one element: attributes on the host, and public properties in a sheet of
 * its own, so that a page's rule for the element still wins over them.
 */
export class ThemeSheet {
  readonly #sheet = new CSSStyleSheet();
  #theme: Theme | null = null;

  /** Adds the sheet behind those of the shadow root. To be called once. */
  attach(root: ShadowRoot): void {
    this.#sheet.replaceSync(":host {}");
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, this.#sheet];
  }

  /**
   * Applies a theme in the place of the last one; the same one again costs nothing. A value that
   * CSS refuses is left out. Surfaces are taken as they are given; if text is hard to read on
   * them, their contrast is returned, else null.
   */
  apply(host: HTMLElement, theme: Theme): LowContrast | null {
    if (theme === this.#theme) return null;
    this.#theme = theme;
    host.setAttribute("data-scheme", theme.scheme);
    for (const name of ["radius", "density"] as const) {
      const value = theme[name];
      if (value === null) host.removeAttribute(`data-${name}`);
      else host.setAttribute(`data-${name}`, value);
    }
    const rule = this.#sheet.cssRules[0];
    if (rule instanceof CSSStyleRule) {
      rule.style.cssText = "";
      for (const [name, value] of theme.properties) rule.style.setProperty(name, value);
    }
    for (const font of theme.fonts) addFont(font);
    const hasSurface = theme.properties.some(([name]) => /-(?:back|fore)ground$/.test(name));
    const root = hasSurface ? host.shadowRoot?.querySelector(".kb") : null;
    const ratio = root ? textContrast(root) : null;
    if (ratio === null || ratio >= ENOUGH_CONTRAST) return null;
    return { ratio: Math.round(ratio * 100) / 100, wanted: ENOUGH_CONTRAST };
  }
}

function addFont({ family, src, descriptors }: FontSource): void {
  const key = JSON.stringify([family, src, descriptors]);
  if (added.has(key)) return;
  added.add(key);
  if (!src.startsWith("url(") && !URL.canParse(src, document.baseURI)) return;
  const source = src.startsWith("url(") ? src : `url(${JSON.stringify(new URL(src, document.baseURI).href)})`;
  document.fonts.add(new FontFace(family, source, descriptors));
}
