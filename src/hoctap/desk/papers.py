"""A paper as a file to save: PDF to print, DOCX to go on with."""

from django.http import Http404, HttpResponse

from hoctap.desk.kept import saved
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
    return saved(data, f"{name}.{kind}", MEDIA[kind])
