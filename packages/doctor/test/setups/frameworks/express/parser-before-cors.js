import express from "express";

// cors: the imports

import cors from "cors";

// /cors

const app = express();
// cors: the first line after express()
// /cors
app.use(express.json());
const api = express.Router();
api.use(cors());
api.post("/messages", (request, response) => {
  response.status(201).json({ text: request.body.text });
});
app.use("/api", api);
app.use((error, _request, response, _next) => {
  response.status(error.status ?? 500).json({ error: error.message });
});

app.listen(process.env.PORT);
