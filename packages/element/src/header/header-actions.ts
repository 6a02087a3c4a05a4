import type { Strings } from "../strings/en.ts";

/** An action of the page in the header. */
export interface HeaderAction {
  /** A header icon, or any name that `icon` knows. */
  readonly icon: string;
  /** The accessible name; null: by the icon. */
  readonly label: string | null;
}

type ActionName = keyof Strings["headerActions"];

/** What each header icon looks like, by Lucide's names, and what it usually does. */
const ICONS: Readonly<Record<string, readonly [lucide: string, name: ActionName]>> = {
  "sidebar-left": ["panel-left", "sidebar"],
  "sidebar-right": ["panel-right", "sidebar"],
  "sidebar-open-left": ["panel-left", "sidebar"],
  "sidebar-open-right": ["panel-right", "sidebar"],
  "sidebar-open-left-alt": ["panel-left", "sidebar"],
  "sidebar-open-right-alt": ["panel-right", "sidebar"],
  "sidebar-floating-left": ["panel-left", "sidebar"],
  "sidebar-floating-right": ["panel-right", "sidebar"],
  "sidebar-floating-open-left": ["panel-left", "sidebar"],
  "sidebar-floating-open-right": ["panel-right", "sidebar"],
  "sidebar-collapse-left": ["panel-left", "sidebar"],
  "sidebar-collapse-right": ["panel-right", "sidebar"],
  "collapse-left": ["chevrons-left", "collapse"],
  "collapse-right": ["chevrons-right", "collapse"],
  "open-left": ["chevrons-left", "expand"],
  "open-right": ["chevrons-right", "expand"],
  "double-chevron-left": ["chevrons-left", "back"],
  "double-chevron-right": ["chevrons-right", "more"],
  home: ["house", "home"],
  "home-alt": ["house", "home"],
  "back-small": ["chevron-left", "back"],
  "back-large": ["arrow-left", "back"],
  "expand-large": ["maximize-2", "expand"],
  "collapse-large": ["minimize-2", "collapse"],
  "expand-small": ["maximize-2", "expand"],
  "collapse-small": ["minimize-2", "collapse"],
  star: ["star", "star"],
  "star-filled": ["star", "star"],
  bug: ["bug", "bug"],
  "chat-temporary": ["message-circle-dashed", "temporary"],
  "settings-cog": ["settings", "settings"],
  grid: ["layout-grid", "grid"],
  "dots-horizontal": ["ellipsis", "more"],
  "dots-vertical": ["ellipsis-vertical", "more"],
  "dots-horizontal-circle": ["circle-ellipsis", "more"],
  "dots-vertical-circle": ["circle-ellipsis", "more"],
  menu: ["menu", "menu"],
  "menu-inverted": ["menu", "menu"],
  hamburger: ["menu", "menu"],
  history: ["clock-fading", "history"],
  "book-open": ["book-open", "book"],
  compose: ["square-pen", "compose"],
  share: ["share", "share"],
  "light-mode": ["sun", "light"],
  "dark-mode": ["moon", "dark"],
  close: ["x", "close"],
};

/** How an action is drawn and called; one without a known icon or name is called "More". */
export function headerAction(
  action: HeaderAction,
  strings: Strings,
): { readonly icon: string; readonly label: string; readonly fill: boolean } {
  const known = Object.hasOwn(ICONS, action.icon) ? ICONS[action.icon] : undefined;
  const [icon, name] = known ?? [action.icon, "more" as const];
  return { icon, label: action.label ?? strings.headerActions[name], fill: action.icon === "star-filled" };
}
