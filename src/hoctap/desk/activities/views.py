"""Hoạt động: the list, one activity's page."""

from django.http import Http404, HttpRequest, HttpResponse

from hoctap.activities import queries, rules
from hoctap.activities.models import Activity
from hoctap.desk.access import needs
from hoctap.desk.activities import screen
from hoctap.desk.render import page
from hoctap.orgs import roles
from hoctap.reports import rules as report_rules


def found(request: HttpRequest, pk: int) -> Activity:
    """The activity (``queries.whole``), or 404 for who does not see it.

    Who reads a report that it counts in sees it too.
    """
    activity, seat = queries.whole(pk), request.seat
    if activity is None or not (rules.sees(seat, activity) or report_rules.reads_deed(seat, pk)):
        raise Http404
    return activity


@needs(roles.VIEW)
def activities(request: HttpRequest) -> HttpResponse:
    """Danh sách hoạt động, the latest first."""
    return page(request, "activities/list.html", **screen.listing(request))


@needs(roles.VIEW)
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, "activities/activity.html", **screen.activity(request, found(request, pk)))
