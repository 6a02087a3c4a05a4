import Koa from "koa";
import { type Application, BODY_LIMIT_BYTES, handMadeCors } from "./application.ts";
import {
  brokenStream,
  failingHandlers,
  fetchedResponse,
  nodeHandlers,
  numberOf,
  REFUSALS,
} from "./handlers.ts";

type Handler = (context: Koa.Context) => Promise<void> | void;

/** Koa, with headers that its first middleware sets, and routes by hand. */
export const koaApplication: Application = {
  leftOut: [],
  make(create, upstream) {
    const app = new Koa();
    app.silent = true;
    app.use((context, next) => {
      context.set(handMadeCors(context.get("Origin")));
      return next();
    });
    const routes = new Map<string, Handler>();
    for (const [fault, handle] of Object.entries(failingHandlers(upstream)))
      routes.set(`/${fault}`, (context) =>
        handle().then((text) => {
          context.body = text;
        }),
      );
    for (const [fault, status] of Object.entries(REFUSALS))
      routes.set(`/${fault}`, (context) => {
        context.status = status;
        context.body = { error: fault };
      });
    for (const [fault, handle] of Object.entries(nodeHandlers(upstream)))
      routes.set(`/${fault}`, (context) => {
        context.respond = false;
        return handle(context.res);
      });
    routes.set("/framework-error", (context) => context.throw(418, "teapot", { expose: true }));
    routes.set("/raw-response", (context) => {
      context.body = new Response("fine");
    });
    routes.set("/fetched-response", async (context) => {
      context.body = await fetchedResponse(upstream);
    });
    routes.set("/mid-stream", async (context) => {
      context.body = await brokenStream(upstream);
    });
    app.use((context) => {
      if (context.path === "/body" && context.method === "POST") return readJson(context);
      const [, folder, value = ""] = /^\/(texts|numbers)\/(.*)$/.exec(context.path) ?? [];
      if (folder === "texts") context.body = decoded(context, value);
      else if (folder === "numbers")
        context.body = String(numberOf(value) ?? context.throw(400, "no number"));
      else if (context.method === "GET") return routes.get(context.path)?.(context);
      else if (routes.has(context.path)) context.throw(405);
      return undefined;
    });
    return create(app.callback());
  },
};

function decoded(context: Koa.Context, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return context.throw(400, "no escape");
  }
}

async function readJson(context: Koa.Context): Promise<void> {
  let text = "";
  for await (const chunk of context.req) {
    text += String(chunk);
    if (text.length > BODY_LIMIT_BYTES) context.throw(413);
  }
  try {
    context.body = JSON.parse(text);
  } catch {
    context.throw(400, "no JSON");
  }
}
