"""Hoạt động: the list, one activity's page."""

from django.http import Http404, HttpRequest, HttpResponse

from hoctap.activities import queries, rules
from hoctap.activities.models import Activity
from hoctap.desk.access import needs
from hoctap.desk.activities import screen
from hoctap.desk.render import page
from hoctap.orgs import roles
from hoctap.reports import rules as report_rules

AROUND = ("host", "kind", "topic", "audience", "document", "campaign", "planned__task")  # what its pages name


def found(request: HttpRequest, pk: int) -> Activity:
    """The activity with its turns (``queries.with_turns``), or 404 for who does not see it.

    Who reads a report that it counts in sees it too.
    """
    counted = report_rules.reads_deed(request.seat, pk)
    seen = Activity.objects.all() if counted else rules.seen_by(request.seat)
    activity = queries.with_turns(seen.select_related(*AROUND).filter(pk=pk)).first()
    if activity is None:
        raise Http404
    return activity


@needs(roles.VIEW)
def activities(request: HttpRequest) -> HttpResponse:
    """Danh sách hoạt động, the latest first."""
    return page(request, "activities/list.html", **screen.listing(request))


@needs(roles.VIEW)
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, "activities/activity.html", **screen.activity(request, found(request, pk)))
