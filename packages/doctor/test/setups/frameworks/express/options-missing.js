import express from "express";

// cors: the imports

import cors from "cors";

// /cors

const app = express();
// cors: the first line after express()
// /cors
// This one is for other pages.
app.get("/api/me", cors(), (_request, response) => {
  response.json({ name: "Ada" });
});

app.listen(process.env.PORT);
