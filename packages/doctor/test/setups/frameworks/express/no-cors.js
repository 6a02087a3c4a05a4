import express from "express";

// cors: the imports
// /cors

const app = express();
// cors: the first line after express()
// /cors
app.get("/api/threads", (_request, response) => {
  response.json([{ id: "thr_1", title: "Invoices" }]);
});

app.listen(process.env.PORT);
