import os

from flask import Flask

app = Flask(__name__)
# cors
from flask_cors import CORS

CORS(app, origins=[os.environ["PAGE_ORIGIN"]])
# /cors

threads = {"thr_1": {"title": "Invoices"}}


@app.get("/api/threads/<thread_id>")
def thread(thread_id):
    return threads[thread_id]


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]), debug=True, use_reloader=False)
