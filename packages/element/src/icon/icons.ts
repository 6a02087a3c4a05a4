import archive from "lucide/dist/esm/icons/archive.mjs";
import arrowDown from "lucide/dist/esm/icons/arrow-down.mjs";
import arrowLeft from "lucide/dist/esm/icons/arrow-left.mjs";
import arrowUp from "lucide/dist/esm/icons/arrow-up.mjs";
import atSign from "lucide/dist/esm/icons/at-sign.mjs";
import atom from "lucide/dist/esm/icons/atom.mjs";
import book from "lucide/dist/esm/icons/book.mjs";
import bookOpen from "lucide/dist/esm/icons/book-open.mjs";
import bot from "lucide/dist/esm/icons/bot.mjs";
import boxIcon from "lucide/dist/esm/icons/box.mjs";
import briefcaseBusiness from "lucide/dist/esm/icons/briefcase-business.mjs";
import bug from "lucide/dist/esm/icons/bug.mjs";
import calendar from "lucide/dist/esm/icons/calendar.mjs";
import camera from "lucide/dist/esm/icons/camera.mjs";
import chartLine from "lucide/dist/esm/icons/chart-line.mjs";
import chartNoAxesColumn from "lucide/dist/esm/icons/chart-no-axes-column.mjs";
import check from "lucide/dist/esm/icons/check.mjs";
import chevronDown from "lucide/dist/esm/icons/chevron-down.mjs";
import chevronLeft from "lucide/dist/esm/icons/chevron-left.mjs";
import chevronRight from "lucide/dist/esm/icons/chevron-right.mjs";
import chevronsLeft from "lucide/dist/esm/icons/chevrons-left.mjs";
import chevronsRight from "lucide/dist/esm/icons/chevrons-right.mjs";
import circle from "lucide/dist/esm/icons/circle.mjs";
import circleCheck from "lucide/dist/esm/icons/circle-check.mjs";
import circleDashed from "lucide/dist/esm/icons/circle-dashed.mjs";
import circleEllipsis from "lucide/dist/esm/icons/circle-ellipsis.mjs";
import circleQuestionMark from "lucide/dist/esm/icons/circle-question-mark.mjs";
import clipboard from "lucide/dist/esm/icons/clipboard.mjs";
import clock from "lucide/dist/esm/icons/clock.mjs";
import clockFading from "lucide/dist/esm/icons/clock-fading.mjs";
import compass from "lucide/dist/esm/icons/compass.mjs";
import copy from "lucide/dist/esm/icons/copy.mjs";
import download from "lucide/dist/esm/icons/download.mjs";
import ellipsis from "lucide/dist/esm/icons/ellipsis.mjs";
import ellipsisVertical from "lucide/dist/esm/icons/ellipsis-vertical.mjs";
import externalLink from "lucide/dist/esm/icons/external-link.mjs";
import eyeOff from "lucide/dist/esm/icons/eye-off.mjs";
import fileIcon from "lucide/dist/esm/icons/file.mjs";
import fileArchive from "lucide/dist/esm/icons/file-archive.mjs";
import fileMusic from "lucide/dist/esm/icons/file-music.mjs";
import fileSpreadsheet from "lucide/dist/esm/icons/file-spreadsheet.mjs";
import fileText from "lucide/dist/esm/icons/file-text.mjs";
import fileX from "lucide/dist/esm/icons/file-x.mjs";
import film from "lucide/dist/esm/icons/film.mjs";
import flaskConical from "lucide/dist/esm/icons/flask-conical.mjs";
import globeIcon from "lucide/dist/esm/icons/globe.mjs";
import hourglass from "lucide/dist/esm/icons/hourglass.mjs";
import house from "lucide/dist/esm/icons/house.mjs";
import idCard from "lucide/dist/esm/icons/id-card.mjs";
import imageIcon from "lucide/dist/esm/icons/image.mjs";
import images from "lucide/dist/esm/icons/images.mjs";
import info from "lucide/dist/esm/icons/info.mjs";
import keyRound from "lucide/dist/esm/icons/key-round.mjs";
import layers from "lucide/dist/esm/icons/layers.mjs";
import layoutGrid from "lucide/dist/esm/icons/layout-grid.mjs";
import lifeBuoy from "lucide/dist/esm/icons/life-buoy.mjs";
import lightbulb from "lucide/dist/esm/icons/lightbulb.mjs";
import listChecks from "lucide/dist/esm/icons/list-checks.mjs";
import lock from "lucide/dist/esm/icons/lock.mjs";
import mail from "lucide/dist/esm/icons/mail.mjs";
import mapIcon from "lucide/dist/esm/icons/map.mjs";
import mapPin from "lucide/dist/esm/icons/map-pin.mjs";
import maximize2 from "lucide/dist/esm/icons/maximize-2.mjs";
import menuIcon from "lucide/dist/esm/icons/menu.mjs";
import messageCircleDashed from "lucide/dist/esm/icons/message-circle-dashed.mjs";
import mic from "lucide/dist/esm/icons/mic.mjs";
import minimize2 from "lucide/dist/esm/icons/minimize-2.mjs";
import monitor from "lucide/dist/esm/icons/monitor.mjs";
import moon from "lucide/dist/esm/icons/moon.mjs";
import notebook from "lucide/dist/esm/icons/notebook.mjs";
import notebookPen from "lucide/dist/esm/icons/notebook-pen.mjs";
import octagonAlert from "lucide/dist/esm/icons/octagon-alert.mjs";
import panelLeft from "lucide/dist/esm/icons/panel-left.mjs";
import panelRight from "lucide/dist/esm/icons/panel-right.mjs";
import partyPopper from "lucide/dist/esm/icons/party-popper.mjs";
import penLine from "lucide/dist/esm/icons/pen-line.mjs";
import pencil from "lucide/dist/esm/icons/pencil.mjs";
import phone from "lucide/dist/esm/icons/phone.mjs";
import play from "lucide/dist/esm/icons/play.mjs";
import plus from "lucide/dist/esm/icons/plus.mjs";
import reply from "lucide/dist/esm/icons/reply.mjs";
import rotateCcw from "lucide/dist/esm/icons/rotate-ccw.mjs";
import search from "lucide/dist/esm/icons/search.mjs";
import settings from "lucide/dist/esm/icons/settings.mjs";
import settings2 from "lucide/dist/esm/icons/settings-2.mjs";
import share from "lucide/dist/esm/icons/share.mjs";
import shieldAlert from "lucide/dist/esm/icons/shield-alert.mjs";
import signature from "lucide/dist/esm/icons/signature.mjs";
import skipForward from "lucide/dist/esm/icons/skip-forward.mjs";
import slidersHorizontal from "lucide/dist/esm/icons/sliders-horizontal.mjs";
import smartphone from "lucide/dist/esm/icons/smartphone.mjs";
import sparkle from "lucide/dist/esm/icons/sparkle.mjs";
import sparkles from "lucide/dist/esm/icons/sparkles.mjs";
import square from "lucide/dist/esm/icons/square.mjs";
import squareCode from "lucide/dist/esm/icons/square-code.mjs";
import squarePen from "lucide/dist/esm/icons/square-pen.mjs";
import squareText from "lucide/dist/esm/icons/square-text.mjs";
import star from "lucide/dist/esm/icons/star.mjs";
import sun from "lucide/dist/esm/icons/sun.mjs";
import thumbsDown from "lucide/dist/esm/icons/thumbs-down.mjs";
import thumbsUp from "lucide/dist/esm/icons/thumbs-up.mjs";
import trashIcon from "lucide/dist/esm/icons/trash.mjs";
import triangleAlert from "lucide/dist/esm/icons/triangle-alert.mjs";
import trophy from "lucide/dist/esm/icons/trophy.mjs";
import unplug from "lucide/dist/esm/icons/unplug.mjs";
import user from "lucide/dist/esm/icons/user.mjs";
import wifiOff from "lucide/dist/esm/icons/wifi-off.mjs";
import wrench from "lucide/dist/esm/icons/wrench.mjs";
import xIcon from "lucide/dist/esm/icons/x.mjs";
import zap from "lucide/dist/esm/icons/zap.mjs";
import { type IconNode, iconPath } from "./icon-path.ts";

export type { IconNode };

/** Icons by Lucide's own names: ours, and all that a ChatKit name stands for. The build makes paths of them. */
const byLucideName: Record<string, IconNode | string> = {
  archive: archive,
  "arrow-down": arrowDown,
  "arrow-left": arrowLeft,
  "arrow-up": arrowUp,
  "at-sign": atSign,
  atom: atom,
  book: book,
  "book-open": bookOpen,
  bot: bot,
  box: boxIcon,
  "briefcase-business": briefcaseBusiness,
  bug: bug,
  calendar: calendar,
  camera: camera,
  "chart-line": chartLine,
  "chart-no-axes-column": chartNoAxesColumn,
  check: check,
  "chevron-down": chevronDown,
  "chevron-left": chevronLeft,
  "chevron-right": chevronRight,
  "chevrons-left": chevronsLeft,
  "chevrons-right": chevronsRight,
  circle: circle,
  "circle-check": circleCheck,
  "circle-dashed": circleDashed,
  "circle-ellipsis": circleEllipsis,
  "circle-question-mark": circleQuestionMark,
  clipboard: clipboard,
  clock: clock,
  "clock-fading": clockFading,
  compass: compass,
  copy: copy,
  download: download,
  ellipsis: ellipsis,
  "ellipsis-vertical": ellipsisVertical,
  "external-link": externalLink,
  "eye-off": eyeOff,
  file: fileIcon,
  "file-archive": fileArchive,
  "file-music": fileMusic,
  "file-spreadsheet": fileSpreadsheet,
  "file-text": fileText,
  "file-x": fileX,
  film: film,
  "flask-conical": flaskConical,
  globe: globeIcon,
  hourglass: hourglass,
  house: house,
  "id-card": idCard,
  image: imageIcon,
  images: images,
  info: info,
  "key-round": keyRound,
  layers: layers,
  "layout-grid": layoutGrid,
  "life-buoy": lifeBuoy,
  lightbulb: lightbulb,
  "list-checks": listChecks,
  lock: lock,
  mail: mail,
  map: mapIcon,
  "map-pin": mapPin,
  "maximize-2": maximize2,
  menu: menuIcon,
  "message-circle-dashed": messageCircleDashed,
  mic: mic,
  "minimize-2": minimize2,
  monitor: monitor,
  moon: moon,
  notebook: notebook,
  "notebook-pen": notebookPen,
  "octagon-alert": octagonAlert,
  "panel-left": panelLeft,
  "panel-right": panelRight,
  "party-popper": partyPopper,
  "pen-line": penLine,
  pencil: pencil,
  phone: phone,
  play: play,
  plus: plus,
  reply: reply,
  "rotate-ccw": rotateCcw,
  search: search,
  settings: settings,
  "settings-2": settings2,
  share: share,
  "shield-alert": shieldAlert,
  signature: signature,
  "skip-forward": skipForward,
  "sliders-horizontal": slidersHorizontal,
  smartphone: smartphone,
  sparkle: sparkle,
  sparkles: sparkles,
  square: square,
  "square-code": squareCode,
  "square-pen": squarePen,
  "square-text": squareText,
  star: star,
  sun: sun,
  "thumbs-down": thumbsDown,
  "thumbs-up": thumbsUp,
  trash: trashIcon,
  "triangle-alert": triangleAlert,
  trophy: trophy,
  unplug: unplug,
  user: user,
  "wifi-off": wifiOff,
  wrench: wrench,
  x: xIcon,
  zap: zap,
};

/** The Lucide name for each ChatKit name that differs from it. */
const lucideNameOf: Readonly<Record<string, string>> = {
  agent: "bot",
  analytics: "chart-no-axes-column",
  batch: "layers",
  bolt: "zap",
  "book-closed": "book",
  "book-clock": "clock-fading",
  chart: "chart-line",
  "check-circle": "circle-check",
  "check-circle-filled": "circle-check",
  "circle-question": "circle-question-mark",
  confetti: "party-popper",
  cube: "box",
  desktop: "monitor",
  document: "file-text",
  "dots-horizontal": "ellipsis",
  "dots-vertical": "ellipsis-vertical",
  "empty-circle": "circle",
  keys: "key-round",
  lab: "flask-conical",
  lifesaver: "life-buoy",
  maps: "map",
  mobile: "smartphone",
  name: "signature",
  "notebook-pencil": "notebook-pen",
  "page-blank": "file",
  profile: "user",
  "profile-card": "id-card",
  reload: "rotate-ccw",
  "star-filled": "star",
  "sparkle-double": "sparkles",
  "square-image": "image",
  suitcase: "briefcase-business",
  "settings-slider": "sliders-horizontal",
  wreath: "trophy",
  write: "square-pen",
  "write-alt": "pen-line",
  "write-alt2": "pencil",
};

/**
 * Adds icons, as nodes of the `lucide` package, to those that a page can name as `lucide:<name>`.
 * A name that exists already is replaced.
 */
export function registerIcons(icons: Readonly<Record<string, IconNode>>): void {
  Object.assign(byLucideName, icons);
}

/** The path that draws a ChatKit name or `lucide:<name>`; undefined for a name that nobody registered. */
export function findIcon(name: string): string | undefined {
  const own = name.startsWith("lucide:") ? name.slice("lucide:".length) : (lucideNameOf[name] ?? name);
  const node = Object.hasOwn(byLucideName, own) ? byLucideName[own] : undefined;
  return typeof node === "object" ? iconPath(node) : node;
}
