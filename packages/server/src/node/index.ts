export { publicLookup } from "../attachments/public-lookup.ts";
export type { NodeRequest, NodeResponse } from "./exchange.ts";
export type { CorsGuard, GuardOptions, PolicyFor } from "./guard-cors.ts";
export { guardCors } from "./guard-cors.ts";
export type { NodeApp, NodeEnvironment, NodeServer, ServeOptions } from "./serve.ts";
export { serve } from "./serve.ts";
export type { MountedApp, NodeHandler, NodeHandlerOptions } from "./to-node-handler.ts";
export { toNodeHandler } from "./to-node-handler.ts";
