import type { Setup } from "../setup.ts";
import { withToken } from "./ask.ts";
import { startGo } from "./start.ts";

/** Of Go's `net/http`. */
export const GO_SETUPS: readonly Setup[] = [
  {
    name: "Go: a handler that takes GET alone answers preflights with 405",
    cause: "preflight-not-handled",
    servers: ["go"],
    fixedBy: "go",
    ...withToken("/api/me"),
    readsAfterwards: 200,
    start: startGo("go/options_405.go"),
  },
  {
    name: "Go: a handler panics, and the connection is closed without an answer",
    cause: "no-answer",
    servers: ["go"],
    fixedBy: "go",
    ...withToken("/api/thread?id=thr_2"),
    readsAfterwards: 500,
    start: startGo("go/panic.go"),
  },
  {
    name: "Go: not found is answered before the header is set",
    cause: "failure-without-cors",
    servers: ["go"],
    fixedBy: "go",
    request: { path: "/api/threads/thr_2" },
    hiddenStatus: 404,
    readsAfterwards: 404,
    start: startGo("go/not_found.go"),
  },
  {
    name: "Go: a reverse proxy adds what its service has added already",
    cause: "added-twice",
    servers: ["go"],
    fixedBy: "go",
    request: { path: "/api/models" },
    readsAfterwards: 200,
    start: startGo("go/reverse_proxy.go"),
  },
];
