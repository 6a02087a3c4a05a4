export type { WaybillConfig } from "./config.ts";
export { defineConfig } from "./config.ts";
