import { css } from "../base/css.ts";

/** Every design token, derived on `:host` from the public `--waybill-*` properties. */
export const tokens = css`
/*!
 * Waybill design tokens. Apache-2.0.
 *
 * Two anchors make every neutral: PAPER (the surface) and INK (the text). Both
 * come from grayscale { hue, tint, shade } or straight from surface
 * { background, foreground }. Everything between them is a mixture of the two,
 * so a theme has nothing else to go wrong.
 *
 *   --waybill-*   public. A page may set them on the element; they are API.
 *   --wb-*       private. Derived here, used by the components.
 *
 * Precedence, low to high: this sheet, then the sheet the element writes from
 * ThemeOption (\`:host { --waybill-accent: … }\`), then the page's own rule
 * (\`waybill-chat { --waybill-accent: … }\`; outer styles win over :host).
 */

/* ------------------------------------------------------------------ inputs */

:host {
  /* theme.typography */
  --waybill-base-size: 16; /* number 14…18, in px */
  --waybill-font:
    system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic",
    "Helvetica Neue", Arial, sans-serif;
  --waybill-font-mono:
    ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace;

  /* theme.color.grayscale */
  --waybill-gray-hue: 235; /* degrees */
  --waybill-gray-tint: 2; /* 0 neutral … 9 clearly tinted */
  --waybill-gray-shade: 0; /* -4 lighter paper … 4 darker paper */

  /* theme.color.accent. \`level\` is reach, not loudness: 0 the primary action
     and focus only · 1 also links and selection · 2 also the user's words ·
     3 the same, stronger. The colour itself is kept unless it would be lost
     against the paper. */
  --waybill-accent: #0f6a80;
  --waybill-accent-level: 1; /* 0…3 */

  /* theme.color.surface, unset by default:
     --waybill-background, --waybill-foreground */

  /* layout */
  --waybill-measure: 42.5rem; /* longest line of text */
}

/* theme.colorScheme: "light" | "dark". Without the attribute: light, as the
   ChatKit types say. \`auto\` follows the page's own preference. */
:host { color-scheme: light; }
:host([data-scheme="dark"]) { color-scheme: dark; }
:host([data-scheme="auto"]) { color-scheme: light dark; }

/* theme.radius. s: chips, cells · m: fields, code, thumbnails · l: cards,
   composer, menus · control: buttons. */
:host { --wb-r-s: 8px; --wb-r-m: 12px; --wb-r-l: 20px; --wb-r-control: 999px; } /* pill */
:host([data-radius="round"]) { --wb-r-s: 6px; --wb-r-m: 9px; --wb-r-l: 14px; --wb-r-control: 10px; }
:host([data-radius="soft"]) { --wb-r-s: 3px; --wb-r-m: 5px; --wb-r-l: 8px; --wb-r-control: 6px; }
:host([data-radius="sharp"]) { --wb-r-s: 0px; --wb-r-m: 0px; --wb-r-l: 0px; --wb-r-control: 0px; }

/* theme.density. One unit; whole pixels, so that nothing lands between two. */
:host { --wb-u: 4px; --wb-control: 36px; --wb-leading: 1.5625; }
:host([data-density="compact"]) { --wb-u: 3px; --wb-control: 32px; --wb-leading: 1.5; }
:host([data-density="spacious"]) { --wb-u: 5px; --wb-control: 40px; --wb-leading: 1.625; }

:host {
  /* ---------------------------------------------------------------- space */
  --wb-1: var(--wb-u); /* inside a chip */
  --wb-2: calc(var(--wb-u) * 2); /* icon to label */
  --wb-3: calc(var(--wb-u) * 3); /* inside fields */
  --wb-4: calc(var(--wb-u) * 4); /* the hang: see below */
  --wb-5: calc(var(--wb-u) * 5); /* between blocks of one answer */
  --wb-6: calc(var(--wb-u) * 6); /* gutter, wide */
  --wb-8: calc(var(--wb-u) * 8); /* between turns */
  --wb-12: calc(var(--wb-u) * 12);
  --wb-16: calc(var(--wb-u) * 16);

  /* One edge: all text of the transcript, the composer and the cards begins
     on the same line. Boxes hang out of the column by their own padding. */
  --wb-hang: var(--wb-4);
  --wb-gutter: max(var(--wb-6), calc(var(--wb-hang) + 4px));
  --wb-touch: 44px; /* smallest target for a coarse pointer */

  /* ----------------------------------------------------------------- type */
  --wb-size: calc(var(--waybill-base-size) * 1px);
  --wb-t-xs: max(11.5px, calc(var(--wb-size) * 0.75)); /* badges, file types */
  --wb-t-sm: max(12px, calc(var(--wb-size) * 0.8125)); /* captions, meta */
  --wb-t-md: calc(var(--wb-size) * 0.90625); /* controls, menus */
  --wb-t-lg: var(--wb-size); /* reading */
  --wb-t-xl: calc(var(--wb-size) * 1.125); /* h2 in an answer */
  --wb-t-2xl: calc(var(--wb-size) * 1.3125); /* h1 in an answer */
  --wb-t-3xl: calc(var(--wb-size) * 1.75); /* greeting */
  --wb-w-text: 400;
  --wb-w-medium: 500;
  --wb-w-strong: 600;
  --wb-track-tight: -0.014em; /* from 2xl up; never for Arabic, see README */

  /* -------------------------------------------------------------- neutrals */
  --wb-paper: var(
    --waybill-background,
    light-dark(
      oklch(
        clamp(0.967, 0.995 - 0.007 * var(--waybill-gray-shade), 1)
        calc(0.0013 * var(--waybill-gray-tint)) var(--waybill-gray-hue)
      ),
      oklch(
        calc(0.204 - 0.013 * var(--waybill-gray-shade))
        calc(0.0032 * var(--waybill-gray-tint)) var(--waybill-gray-hue)
      )
    )
  );
  --wb-ink: var(
    --waybill-foreground,
    light-dark(
      oklch(0.255 calc(0.0042 * var(--waybill-gray-tint)) var(--waybill-gray-hue)),
      oklch(0.935 calc(0.0016 * var(--waybill-gray-tint)) var(--waybill-gray-hue))
    )
  );

  /* surfaces */
  --wb-surface: var(--wb-paper);
  --wb-sunken: light-dark(
    color-mix(in oklab, var(--wb-ink) 4%, var(--wb-paper)),
    color-mix(in oklab, var(--wb-ink) 5.5%, var(--wb-paper))
  );
  --wb-raised: light-dark(
    color-mix(in oklab, white 70%, var(--wb-paper)),
    color-mix(in oklab, var(--wb-ink) 6%, var(--wb-paper))
  );
  --wb-hover: color-mix(in oklab, var(--wb-ink) 5.5%, transparent);
  --wb-press: color-mix(in oklab, var(--wb-ink) 9%, transparent);
  --wb-scrim: light-dark(rgb(12 16 20 / 0.62), rgb(0 0 0 / 0.72));

  /* text: ≥ 7:1 and ≥ 4.5:1 on every surface above, hovered or not */
  --wb-text: var(--wb-ink);
  --wb-text-2: color-mix(in oklab, var(--wb-ink) 73%, var(--wb-paper));
  --wb-text-off: color-mix(in oklab, var(--wb-ink) 52%, var(--wb-paper)); /* disabled */

  /* lines: \`line\` separates (decoration), \`edge\` bounds a control (≥ 3:1) */
  --wb-line: light-dark(
    color-mix(in oklab, var(--wb-ink) 11%, var(--wb-paper)),
    color-mix(in oklab, var(--wb-ink) 15%, var(--wb-paper))
  );
  --wb-edge: light-dark(
    color-mix(in oklab, var(--wb-ink) 51%, var(--wb-paper)),
    color-mix(in oklab, var(--wb-ink) 50%, var(--wb-paper))
  );

  /* ---------------------------------------------------------------- accent */
  /* Kept as given where it reaches 3:1; otherwise only its lightness is moved.
     Darkening scales l and c by one factor, which in oklab is a scaling of
     light itself and so never leaves the gamut. */
  --wb-accent: light-dark(
    oklch(from var(--waybill-accent) min(l, 0.57) calc(c * min(1, 0.57 / l)) h),
    oklch(from var(--waybill-accent) max(l, 0.64) min(c, 0.18) h)
  );
  --wb-accent-hover: color-mix(in oklab, var(--wb-ink) 14%, var(--wb-accent));
  /* Black or white, by true luminance: the two curves cross at Y = 0.179, where
     both give 4.58:1. No accent can make its label unreadable. */
  --wb-on-accent: color(
    from var(--wb-accent) xyz-d65
    calc(0.9505 * clamp(0, (0.179 - y) * 99999, 1))
    clamp(0, (0.179 - y) * 99999, 1)
    calc(1.089 * clamp(0, (0.179 - y) * 99999, 1))
  );
  --wb-on-accent-hover: color(
    from var(--wb-accent-hover) xyz-d65
    calc(0.9505 * clamp(0, (0.179 - y) * 99999, 1))
    clamp(0, (0.179 - y) * 99999, 1)
    calc(1.089 * clamp(0, (0.179 - y) * 99999, 1))
  );
  /* as text: level 0 leaves links in ink, underlined */
  --wb-accent-text: light-dark(
    color-mix(
      in oklab,
      oklch(from var(--waybill-accent) min(l, 0.45) calc(c * min(1, 0.45 / l)) h)
        calc(min(1, var(--waybill-accent-level)) * 100%),
      var(--wb-ink)
    ),
    color-mix(
      in oklab,
      oklch(from var(--waybill-accent) max(l, 0.79) min(c, 0.12) h)
        calc(min(1, var(--waybill-accent-level)) * 100%),
      var(--wb-ink)
    )
  );
  --wb-accent-soft: light-dark(
    color-mix(in oklab, var(--wb-accent) calc(5% + 2% * var(--waybill-accent-level)), transparent),
    color-mix(in oklab, oklch(from var(--wb-accent) min(l, 0.72) c h) calc(7% + 2% * var(--waybill-accent-level)), transparent)
  );
  --wb-focus: var(--wb-accent);
  /* the user's words: neutral up to level 1, tinted from 2 */
  --wb-user: color-mix(in oklab, var(--wb-accent) calc(max(0, var(--waybill-accent-level) - 1) * 3%), var(--wb-sunken));
  --wb-selection: color-mix(in oklab, var(--wb-accent) 24%, transparent);

  /* ---------------------------------------------------------------- status */
  /* -fill: dots, bars, solid badges (≥ 3:1) · -text (≥ 4.5:1, also on -soft)
     -soft is a veil, so that it works on paper and on a raised card alike */
  --wb-info-fill: light-dark(oklch(0.55 0.13 250), oklch(0.7 0.12 250));
  --wb-success-fill: light-dark(oklch(0.55 0.12 152), oklch(0.72 0.13 152));
  --wb-warning-fill: light-dark(oklch(0.56 0.115 70), oklch(0.78 0.13 78));
  --wb-danger-fill: light-dark(oklch(0.54 0.19 26), oklch(0.69 0.17 24));
  --wb-discovery-fill: light-dark(oklch(0.52 0.17 300), oklch(0.71 0.14 300));

  --wb-info-text: light-dark(oklch(0.46 0.12 250), oklch(0.81 0.09 250));
  --wb-success-text: light-dark(oklch(0.45 0.1 152), oklch(0.81 0.12 152));
  --wb-warning-text: light-dark(oklch(0.46 0.1 66), oklch(0.84 0.12 80));
  --wb-danger-text: light-dark(oklch(0.47 0.17 26), oklch(0.81 0.11 24));
  --wb-discovery-text: light-dark(oklch(0.46 0.16 300), oklch(0.82 0.1 300));

  --wb-info-soft: light-dark(color-mix(in oklab, var(--wb-info-fill) 9%, transparent), color-mix(in oklab, var(--wb-info-fill) 15%, transparent));
  --wb-success-soft: light-dark(color-mix(in oklab, var(--wb-success-fill) 9%, transparent), color-mix(in oklab, var(--wb-success-fill) 15%, transparent));
  --wb-warning-soft: light-dark(color-mix(in oklab, oklch(0.8 0.16 80) 16%, transparent), color-mix(in oklab, var(--wb-warning-fill) 14%, transparent));
  --wb-danger-soft: light-dark(color-mix(in oklab, var(--wb-danger-fill) 8%, transparent), color-mix(in oklab, var(--wb-danger-fill) 15%, transparent));
  --wb-discovery-soft: light-dark(color-mix(in oklab, var(--wb-discovery-fill) 9%, transparent), color-mix(in oklab, var(--wb-discovery-fill) 16%, transparent));

  --wb-info-line: color-mix(in oklab, var(--wb-info-fill) 28%, var(--wb-paper));
  --wb-success-line: color-mix(in oklab, var(--wb-success-fill) 28%, var(--wb-paper));
  --wb-warning-line: color-mix(in oklab, var(--wb-warning-fill) 34%, var(--wb-paper));
  --wb-danger-line: color-mix(in oklab, var(--wb-danger-fill) 30%, var(--wb-paper));

  --wb-on-status: light-dark(white, oklch(0.2 0 0));

  /* code: four colours are enough to read by */
  --wb-code-bg: var(--wb-sunken);
  --wb-code-key: var(--wb-discovery-text);
  --wb-code-string: var(--wb-success-text);
  --wb-code-number: var(--wb-info-text);
  --wb-code-note: var(--wb-text-2);

  /* charts: ≥ 3:1 on paper, told apart by lightness as well as by hue; series
     beyond the sixth repeat with a pattern, never with a new hue */
  --wb-chart-1: var(--wb-accent);
  --wb-chart-2: light-dark(oklch(0.62 0.13 55), oklch(0.8 0.12 70));
  --wb-chart-3: light-dark(oklch(0.45 0.12 300), oklch(0.66 0.14 300));
  --wb-chart-4: light-dark(oklch(0.56 0.13 150), oklch(0.76 0.14 150));
  --wb-chart-5: light-dark(oklch(0.5 0.17 15), oklch(0.68 0.16 15));
  --wb-chart-6: light-dark(oklch(0.42 0.03 240), oklch(0.85 0.03 240));

  /* ----------------------------------------------------------- depth, focus */
  --wb-shadow-raised: 0 1px 2px light-dark(rgb(15 22 30 / 0.05), rgb(0 0 0 / 0.3));
  --wb-shadow-float:
    0 0 0 1px light-dark(rgb(15 22 30 / 0.07), color-mix(in oklab, var(--wb-ink) 14%, var(--wb-paper))),
    0 2px 6px light-dark(rgb(15 22 30 / 0.05), rgb(0 0 0 / 0.3)),
    0 14px 36px -10px light-dark(rgb(15 22 30 / 0.2), rgb(0 0 0 / 0.6));
  --wb-ring: 2px solid var(--wb-focus);
  --wb-ring-gap: 2px;

  /* ---------------------------------------------------------------- motion */
  --wb-quick: 90ms; /* hover, press, check marks */
  --wb-move: 160ms; /* menus, disclosures, toasts */
  --wb-pass: 240ms; /* panels, the lightbox */
  --wb-out: cubic-bezier(0.2, 0.8, 0.2, 1);
  --wb-in: cubic-bezier(0.4, 0, 1, 1);

  /* ------------------------------------------------------------ safe areas */
  --wb-safe-top: env(safe-area-inset-top, 0px);
  --wb-safe-bottom: env(safe-area-inset-bottom, 0px);
  --wb-safe-start: env(safe-area-inset-left, 0px);
  --wb-safe-end: env(safe-area-inset-right, 0px);
}
:host(:dir(rtl)) {
  --wb-safe-start: env(safe-area-inset-right, 0px);
  --wb-safe-end: env(safe-area-inset-left, 0px);
  --wb-track-tight: 0em; /* joined scripts break when tracked */
}

/* ------------------------------------------------------------- preferences */

@media (pointer: coarse) {
  :host { --wb-control: 44px; }
  :host([data-density="compact"]) { --wb-control: 44px; }
  :host([data-density="spacious"]) { --wb-control: 48px; }
}

@media (prefers-reduced-motion: reduce) {
  :host { --wb-quick: 0ms; --wb-move: 0ms; --wb-pass: 0ms; }
}

@media (prefers-contrast: more) {
  :host {
    --wb-ink: var(--waybill-foreground, light-dark(black, white));
    --wb-paper: var(--waybill-background, light-dark(white, oklch(0.14 0 0)));
    --wb-text-2: color-mix(in oklab, var(--wb-ink) 84%, var(--wb-paper));
    --wb-text-off: color-mix(in oklab, var(--wb-ink) 64%, var(--wb-paper));
    --wb-line: color-mix(in oklab, var(--wb-ink) 52%, var(--wb-paper));
    --wb-edge: color-mix(in oklab, var(--wb-ink) 80%, var(--wb-paper));
    --wb-ring: 3px solid var(--wb-ink);
  }
}

/* Colours are the system's; shape carries the meaning that tint carried. */
@media (forced-colors: active) {
  :host {
    --wb-paper: Canvas; --wb-ink: CanvasText;
    --wb-surface: Canvas; --wb-sunken: Canvas; --wb-raised: Canvas;
    --wb-hover: Canvas; --wb-press: Canvas; --wb-user: Canvas;
    --wb-text: CanvasText; --wb-text-2: CanvasText; --wb-text-off: GrayText;
    --wb-line: CanvasText; --wb-edge: ButtonBorder;
    --wb-accent: Highlight; --wb-accent-hover: Highlight; --wb-on-accent: HighlightText; --wb-on-accent-hover: HighlightText;
    --wb-accent-text: LinkText; --wb-accent-soft: Canvas; --wb-focus: Highlight;
    --wb-info-fill: CanvasText; --wb-success-fill: CanvasText; --wb-warning-fill: CanvasText; --wb-danger-fill: CanvasText; --wb-discovery-fill: CanvasText;
    --wb-info-text: CanvasText; --wb-success-text: CanvasText; --wb-warning-text: CanvasText; --wb-danger-text: CanvasText; --wb-discovery-text: CanvasText;
    --wb-info-soft: Canvas; --wb-success-soft: Canvas; --wb-warning-soft: Canvas; --wb-danger-soft: Canvas; --wb-discovery-soft: Canvas;
    --wb-info-line: CanvasText; --wb-success-line: CanvasText; --wb-warning-line: CanvasText; --wb-danger-line: CanvasText;
    --wb-on-status: Canvas; --wb-scrim: Canvas;
    --wb-shadow-raised: none; --wb-shadow-float: 0 0 0 1px CanvasText;
  }
}
`;
