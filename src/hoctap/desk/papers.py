"""A paper as a file to save: PDF to print, DOCX to go on with."""

from django.http import Http404, HttpResponse

from hoctap.kernel.files import MEDIA
from hoctap.papers.content import Paper
from hoctap.papers.docx import render_docx
from hoctap.papers.pdf import render_pdf

KINDS = ("pdf", "docx")


def paper_file(paper: Paper, kind: str, name: str) -> HttpResponse:
    """The paper as ``name``.pdf or .docx (``kind``); 404 for another kind."""
    if kind not in KINDS:
        raise Http404
    data = render_pdf(paper) if kind == "pdf" else render_docx(paper)
    answer = HttpResponse(data, content_type=MEDIA[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
