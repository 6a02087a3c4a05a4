import os

import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=[os.environ["PAGE_ORIGIN"] + "/"],
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)


@app.post("/api/messages", status_code=201)
async def message(body: dict):
    return body


# cors
# /cors
if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PORT"]))
