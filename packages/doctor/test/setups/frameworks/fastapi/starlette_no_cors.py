import os

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


async def threads(request):
    return JSONResponse([{"id": "thr_1", "title": "Invoices"}])


app = Starlette(routes=[Route("/api/threads", threads)])

# cors
# /cors
if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PORT"]))
