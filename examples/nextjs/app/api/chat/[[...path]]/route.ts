import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

// In this workspace the packages are links, which Turbopack bundles whatever next.config.ts says, without the
// files that they start as workers. Where they are installed, a plain import does.
const { createChat, portOr }: typeof import("../../../../../chat.ts") = await import(
  /* turbopackIgnore: true */ pathToFileURL(resolve("../chat.ts")).href
);

// Next adds forwarding headers to every request, and who comes by a proxy is not taken for this machine's user:
// name your own users here, by their session.
const chat = createChat("/api/chat", portOr(8795), () => ({ tenant: "default", user: "demo" }));
const answer = (request: Request) => chat.fetch(request);

export const dynamic = "force-dynamic";
export { answer as GET, answer as HEAD, answer as OPTIONS, answer as POST, answer as PUT };
