import type { ChatKitServerConfig } from "@waybill/server";

/**
 * What `waybill.config.ts` (or `.js`, `.mjs`) may export as its default: parts of the
 * server that variables cannot express. Each takes the place of the command's own.
 */
export type WaybillConfig = Partial<
  Pick<
    ChatKitServerConfig,
    | "action"
    | "attachmentLimits"
    | "attachmentWays"
    | "authenticate"
    | "cors"
    | "files"
    | "log"
    | "onFeedback"
    | "onStopped"
    | "respond"
    | "store"
    | "streamOptions"
    | "syncAction"
    | "transcribe"
  >
>;

/** Gives `waybill.config.ts` its types; hands the configuration back as it is. */
export function defineConfig(config: WaybillConfig): WaybillConfig {
  return config;
}
