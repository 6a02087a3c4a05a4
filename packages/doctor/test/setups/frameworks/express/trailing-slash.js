import express from "express4";

// cors: the imports

import cors from "cors";

// /cors

const app = express();
// cors: the first line after express()
app.use(cors({ origin: `${process.env.PAGE_ORIGIN}/` }));
// /cors
app.get("/api/threads", (_request, response) => {
  response.json([{ id: "thr_1", title: "Invoices" }]);
});

app.listen(process.env.PORT);
