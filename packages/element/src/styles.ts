import { attachmentStyles } from "./attachments/attachments.styles.ts";
import { trayStyles } from "./attachments-tray/tray.styles.ts";
import { baseStyles } from "./base/base.styles.ts";
import { buttonStyles } from "./base/button.styles.ts";
import { composerStyles } from "./composer/composer.styles.ts";
import { dictationStyles } from "./dictation/dictation.styles.ts";
import { entityStyles } from "./entities/entities.styles.ts";
import { errorCardStyles } from "./error-card/error-card.styles.ts";
import { generatedImageStyles } from "./generated-image/generated-image.styles.ts";
import { headerStyles } from "./header/header.styles.ts";
import { historyStyles } from "./history/history.styles.ts";
import { lightboxStyles } from "./lightbox/lightbox.styles.ts";
import { proseStyles } from "./markdown/prose.styles.ts";
import { menuStyles } from "./menus/menus.styles.ts";
import { messageStyles } from "./message/message.styles.ts";
import { noticeStyles } from "./notice/notice.styles.ts";
import { sourcesStyles } from "./sources/sources.styles.ts";
import { startScreenStyles } from "./start-screen/start-screen.styles.ts";
import { structuredInputStyles } from "./structured-input/structured-input.styles.ts";
import { tokens } from "./theme/tokens.ts";
import { transcriptStyles } from "./transcript/transcript.styles.ts";
import { workflowStyles } from "./workflow/workflow.styles.ts";

/** All styles of the element, in the order in which they may overrule each other. */
const styles = [
  tokens,
  baseStyles,
  buttonStyles,
  headerStyles,
  transcriptStyles,
  messageStyles,
  attachmentStyles,
  proseStyles,
  noticeStyles,
  errorCardStyles,
  composerStyles,
  trayStyles,
  menuStyles,
  entityStyles,
  dictationStyles,
  startScreenStyles,
  historyStyles,
  sourcesStyles,
  workflowStyles,
  structuredInputStyles,
  generatedImageStyles,
  lightboxStyles,
];

let sheet: CSSStyleSheet | null = null;

/** The sheet of the element: one for all of them on a page, made when the first comes to it. */
export function elementSheet(): CSSStyleSheet {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(styles.join(""));
  }
  return sheet;
}
