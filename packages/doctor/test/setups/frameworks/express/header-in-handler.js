import express from "express";

// cors: the imports
// /cors

const app = express();
// cors: the first line after express()
// /cors
const threads = new Map([["thr_1", { title: "Invoices" }]]);

async function answer(request, response) {
  const { title } = threads.get(request.params.id);
  response.setHeader("Access-Control-Allow-Origin", process.env.PAGE_ORIGIN);
  response.json({ title });
}

app.get("/api/threads/:id", (request, response) => answer(request, response));

app.listen(process.env.PORT);
