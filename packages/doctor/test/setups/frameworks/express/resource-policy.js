import express from "express";

const app = express();
// As `helmet()` does.
app.use((_request, response, next) => {
  response.set("Cross-Origin-Resource-Policy", "same-origin");
  next();
});
// cors
// /cors
const PIXEL = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
app.get("/images/:name", (_request, response) => {
  response.type("gif").send(PIXEL);
});

app.listen(process.env.PORT);
