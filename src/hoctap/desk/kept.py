"""A kept file (kernel.files) to be saved by who may have it."""

import logging

from django.http import FileResponse, HttpRequest
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
