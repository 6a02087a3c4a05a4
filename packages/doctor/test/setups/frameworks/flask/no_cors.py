import os

from flask import Flask, request

app = Flask(__name__)
# cors
# /cors


@app.post("/api/messages")
def message():
    return request.get_json(), 201


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
