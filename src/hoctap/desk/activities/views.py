"""Hoạt động: the list, one activity's page."""

from django.http import Http404, HttpRequest, HttpResponse

from hoctap.activities import rules
from hoctap.activities.models import Activity
from hoctap.desk.access import needs
from hoctap.desk.activities import screen
from hoctap.desk.render import page
from hoctap.orgs import roles


def found(request: HttpRequest, pk: int) -> Activity:
    """The activity, or 404 for who does not see it."""
    seen = rules.seen_by(request.seat).select_related("host", "kind", "topic", "audience", "document")
    activity = seen.select_related("campaign", "planned__task").filter(pk=pk).first()
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
