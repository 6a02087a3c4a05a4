import express from "express4";

// cors: the imports

import cors from "cors";

// /cors

const app = express();
// cors: the first line after express()
// /cors
app.use(express.json());
app.post("/api/messages", (request, response) => {
  response.status(201).json({ text: request.body.text });
});
app.use(cors());

app.listen(process.env.PORT);
