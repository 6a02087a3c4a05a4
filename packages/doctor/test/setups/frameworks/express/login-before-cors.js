import express from "express4";

// cors: the imports

import cors from "cors";

// /cors

const app = express();
// cors: the first line after express()
// /cors
app.use((request, response, next) => {
  if (request.headers.authorization === "Bearer secret") next();
  else response.status(401).json({ error: "not logged in" });
});
app.use(cors());
app.get("/api/me", (_request, response) => {
  response.json({ name: "Ada" });
});

app.listen(process.env.PORT);
