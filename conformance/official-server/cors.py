"""The reference application with the CORS middleware that FastAPI's guide shows.

Run it as `uvicorn cors:app`, for pages of another origin. As in most applications the
middleware stands inside of the framework's error handler: a 500 leaves without its headers.
"""

from fastapi.middleware.cors import CORSMiddleware

from app import app

app.add_middleware(
    CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"]
)
