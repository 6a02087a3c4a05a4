import Koa from "koa";

// cors: the imports

import cors from "@koa/cors";

// /cors

const app = new Koa();
app.silent = true;
// cors: the first line after new Koa()
app.use(cors({ origin: process.env.PAGE_ORIGIN, credentials: true, keepHeadersOnError: false }));
// /cors
app.use(async (context) => {
  const { id } = JSON.parse(context.get("X-Session"));
  context.body = { id };
});

app.listen(process.env.PORT);
