import os

import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=[os.environ["PAGE_ORIGIN"]], allow_methods=["*"])


@app.get("/api/me")
async def me():
    return {"name": "Ada"}


# cors
# /cors
if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PORT"]))
