import os

from flask import Flask

app = Flask(__name__)
# cors
from flask_cors import CORS

CORS(app, resources={r"/api/*": {"origins": "*"}})
# /cors


@app.get("/v1/threads")
def threads():
    return [{"id": "thr_1", "title": "Invoices"}]


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
