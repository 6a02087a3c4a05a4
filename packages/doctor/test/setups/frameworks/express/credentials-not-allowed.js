import express from "express";

// cors: the imports

import cors from "cors";

// /cors

const app = express();
// cors: the first line after express()
app.use(cors({ origin: [process.env.PAGE_ORIGIN] }));
// /cors
app.get("/api/me", (_request, response) => {
  response.json({ name: "Ada" });
});

app.listen(process.env.PORT);
