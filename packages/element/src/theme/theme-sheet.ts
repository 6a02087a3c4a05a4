import type { FontSource, Theme } from "./theme.ts";

/** Fonts that this page was given already; a document has no use for the same one twice. */
const added = new Set<string>();

/**
 * Puts a theme on one element: attributes on the host, and public properties in a sheet of
 * its own, so that a page's rule for the element still wins over them.
 */
export class ThemeSheet {
  readonly #sheet = new CSSStyleSheet();

  /** Adds the sheet behind those of the shadow root. To be called once. */
  attach(root: ShadowRoot): void {
    this.#sheet.replaceSync(":host {}");
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, this.#sheet];
  }

  /** Applies a theme in the place of the last one. A value that CSS refuses is left out. */
  apply(host: HTMLElement, theme: Theme): void {
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
