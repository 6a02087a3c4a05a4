import express from "express4";

// cors: the imports

import cors from "cors";

// /cors

const app = express();
// cors: the first line after express()
app.use(cors({ origin: process.env.PAGE_ORIGIN, allowedHeaders: ["Content-Type"] }));
// /cors
app.get("/api/me", (request, response) => {
  response.json({ name: "Ada", by: request.headers.authorization });
});

app.listen(process.env.PORT);
