import os

from flask import Flask, abort
from flask_cors import cross_origin

app = Flask(__name__)
# cors
# /cors

threads = {"thr_1": {"title": "Invoices"}}


@app.get("/api/threads/<thread_id>")
@cross_origin()
def thread(thread_id):
    if thread_id not in threads:
        abort(404)
    return threads[thread_id]


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
