"""A document written here on paper: PDF and DOCX in the layout of Nghị định 30/2020."""

import re

from django.http import Http404, HttpRequest, HttpResponse

from hoctap.desk.access import needs
from hoctap.desk.papers import paper_file
from hoctap.directives import queries
from hoctap.directives.models import Directive
from hoctap.kernel.vietnamese import fold
from hoctap.orgs import roles
from hoctap.papers.directives import directive_paper, has_paper


@needs(roles.VIEW)
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    about = queries.dossier(request.seat, pk)
    if about is None or not has_paper(about.directive, about.body):
        raise Http404
    return paper_file(directive_paper(about.directive), kind, _file_name(about.directive))


def _file_name(directive: Directive) -> str:
    """ "van-ban-333-kh-ubnd"; without a number its place in the register."""
    number = re.sub(r"[^a-z0-9]+", "-", fold(directive.number_label)).strip("-")
    return f"van-ban-{number or directive.pk}"
