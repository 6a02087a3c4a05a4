import os

import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=[os.environ["PAGE_ORIGIN"]], allow_headers=["*"])


@app.delete("/api/threads/{thread_id}", status_code=204)
async def delete(thread_id: str):
    return None


# cors
# /cors
if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PORT"]))
