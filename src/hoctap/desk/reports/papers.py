"""A unit's report on paper: every revision as it was sent, and the draft, for the leader who reads it printed."""

from django.http import Http404, HttpRequest, HttpResponse

from hoctap.desk.access import needs
from hoctap.desk.papers import paper_file
from hoctap.desk.reports.views import found
from hoctap.obligations import rules as obligation_rules
from hoctap.orgs import roles
from hoctap.papers.revisions import draft_paper, revision_paper
from hoctap.reports import queries
from hoctap.reports.content import Content


@needs(roles.VIEW)
def sent(request: HttpRequest, pk: int, number: int, kind: str) -> HttpResponse:
    obligation = found(request, pk)
    chosen = queries.revision(obligation, number)
    if chosen is None:
        raise Http404
    return paper_file(revision_paper(chosen), kind, f"bao-cao-{obligation.unit.code}-{number}")


@needs(roles.VIEW)
def draft(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Bản in dự thảo: what is kept of the form (the page's button keeps it first), to the unit itself only; nothing kept
    yet prints the form empty."""
    obligation = found(request, pk)
    if not obligation_rules.is_owner(request.seat, obligation):
        raise Http404
    kept = getattr(queries.report_of(obligation), "draft", None)
    content = Content.of_draft(kept) if kept else Content()
    return paper_file(draft_paper(obligation, content), kind, f"du-thao-{obligation.unit.code}")
