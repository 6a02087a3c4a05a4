"""The application of every set-up of Django: its urls and views, and what serves it."""
import os
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt


def threads(request):
    return JsonResponse([{"id": "thr_1", "title": "Invoices"}], safe=False)


@csrf_exempt
def messages(request):
    return JsonResponse({"text": "hello"}, status=201)


def login_required(get_response):
    """As many write it: nobody gets past it without a token."""

    def middleware(request):
        if request.headers.get("Authorization") != "Bearer secret":
            return JsonResponse({"error": "not logged in"}, status=401)
        return get_response(request)

    return middleware


urlpatterns = [path("api/threads/", threads), path("api/messages/", messages)]


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    sys.modules["application"] = sys.modules["__main__"]
    with make_server("127.0.0.1", int(os.environ["PORT"]), get_wsgi_application(), handler_class=Quiet) as server:
        server.serve_forever()
