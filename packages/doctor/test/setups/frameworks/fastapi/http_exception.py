# A failure that the framework knows passes its middleware, and is read.
import os

import uvicorn
from fastapi import FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=[os.environ["PAGE_ORIGIN"]])


@app.get("/api/threads/{thread_id}")
async def thread(thread_id: str):
    raise HTTPException(404, f"no thread {thread_id}")


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PORT"]))
