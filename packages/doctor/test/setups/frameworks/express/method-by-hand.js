import express from "express";

// cors: the imports
// /cors

const app = express();
// cors: the first line after express()
app.use((request, response, next) => {
  response.header("Access-Control-Allow-Origin", "*");
  response.header("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  response.header("Access-Control-Allow-Headers", "Origin, X-Requested-With, Content-Type, Accept");
  if (request.method === "OPTIONS") response.sendStatus(200);
  else next();
});
// /cors
app.use(express.json());
app.put("/api/threads/:id", (request, response) => {
  response.json({ id: request.params.id, title: request.body.title });
});

app.listen(process.env.PORT);
