import os

from flask import Flask, request
from flask_cors import CORS

app = Flask(__name__)
CORS(app, origins=[os.environ["PAGE_ORIGIN"]])
# cors
# /cors


@app.post("/api/messages/")
def message():
    return request.get_json(), 201


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
