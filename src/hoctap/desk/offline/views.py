"""The service worker: at the root, because it looks after every page."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse

from hoctap.desk.access import open_to_all

_WORKER = Path(__file__).parents[1] / "static/hoctap/sw.js"


@open_to_all()
def worker(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(_WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer
