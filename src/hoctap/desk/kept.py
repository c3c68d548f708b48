"""A file to be saved by who may have it: a kept one (kernel.files), or one made just now."""

import logging

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from hoctap.desk import errors
from hoctap.kernel import files

log = logging.getLogger("hoctap.requests")


def kept_file(
    request: HttpRequest, sha256: str, name: str, content_type: str | None = None
) -> HttpResponseBase:
    """Always saved as ``name``, never opened in the page; a page that says so where the store has it no more."""
    try:
        content = files.opened(sha256)
    except FileNotFoundError:
        log.error("kept file %s is not in the store", files.name_of(sha256))
        return errors.file_gone(request, name)
    answer = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def saved(data: bytes | str, name: str, content_type: str) -> HttpResponse:
    """Made for this one answer; no cache keeps it."""
    answer = HttpResponse(data, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
