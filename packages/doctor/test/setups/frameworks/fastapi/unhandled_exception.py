import os

import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=[os.environ["PAGE_ORIGIN"]],
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)

messages = []


@app.get("/api/report")
async def report():
    return {"average": sum(len(message) for message in messages) / len(messages)}


# cors
# /cors
if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PORT"]))
