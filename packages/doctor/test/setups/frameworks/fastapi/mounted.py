import os

import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

api = FastAPI()
api.add_middleware(
    CORSMiddleware,
    allow_origins=[os.environ["PAGE_ORIGIN"]],
    allow_methods=["*"],
    allow_headers=["*"],
)


@api.post("/", status_code=201)
async def message(body: dict):
    return body


app = FastAPI()
app.mount("/messages", api)

# cors
# /cors
if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PORT"]))
