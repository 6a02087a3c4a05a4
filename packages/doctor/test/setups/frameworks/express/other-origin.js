import express from "express";

// cors: the imports

import cors from "cors";

// /cors

const app = express();
// cors: the first line after express()
app.use(cors({ origin: "https://app.example" }));
// /cors
app.use(express.json());
app.delete("/api/threads/:id", (_request, response) => {
  response.status(204).end();
});

app.listen(process.env.PORT);
