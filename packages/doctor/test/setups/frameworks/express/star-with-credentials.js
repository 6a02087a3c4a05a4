import express from "express4";

// cors: the imports

import cors from "cors";

// /cors

const app = express();
// cors: the first line after express()
app.use(cors({ credentials: true }));
// /cors
app.get("/api/me", (_request, response) => {
  response.json({ name: "Ada" });
});

app.listen(process.env.PORT);
