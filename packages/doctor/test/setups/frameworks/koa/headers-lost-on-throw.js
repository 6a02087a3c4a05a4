import Koa from "koa";

// cors: the imports
// /cors

const app = new Koa();
app.silent = true;
// cors: the first line after new Koa()
app.use(async (context, next) => {
  context.set("Access-Control-Allow-Origin", process.env.PAGE_ORIGIN);
  await next();
});
// /cors
app.use((context) => {
  if (context.path === "/") context.body = "up";
  else if (context.path === "/api/threads/thr_1") context.body = { title: "Invoices" };
  else context.throw(404);
});

app.listen(process.env.PORT);
