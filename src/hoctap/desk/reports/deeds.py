"""Các hoạt động phía sau một báo cáo: which, and where each counts."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from hoctap.activities import rules as activity_rules
from hoctap.activities.models import Activity
from hoctap.desk.access import needs
from hoctap.desk.fields import whole
from hoctap.desk.render import page
from hoctap.desk.reports.screen import spec_of
from hoctap.desk.reports.views import found_to_read
from hoctap.forms.rules import cell_name
from hoctap.forms.spec import FormSpec
from hoctap.obligations.models import Obligation
from hoctap.obligations.rules import is_owner, visible
from hoctap.orgs import roles
from hoctap.orgs.models import Seat
from hoctap.reports import deeds, queries
from hoctap.reports.filling import sources_of
from hoctap.reports.models import Counted, Revision


@dataclass(frozen=True)
class Row:
    """One activity, and where it counts: ``here``, at another unit (its name), or nowhere yet."""

    activity: Activity
    here: bool
    at: str
    others: list[str]  # who else may count it
    opens: bool  # to this seat


@needs(roles.VIEW)
def of_report(request: HttpRequest, pk: int) -> HttpResponse:
    """All of a report's activities; with ``?o=`` those behind one cell, with ``?ban=`` of an earlier revision."""
    obligation, follower = found_to_read(request, pk)
    spec = spec_of(obligation)
    position, number = whole(request.GET.get("o", "")), whole(request.GET.get("ban", ""))
    sent = _sent(obligation, number)
    cell = None
    if spec and position is not None and position < spec.size:
        cell = cell_name(spec.line_of[position], spec.cells[position])
        known = deeds.read(obligation.round, _behind(request.seat, obligation, sent, spec, position))
    elif number is None and is_owner(request.seat, obligation):
        known = deeds.of_report(obligation, spec).deeds  # also what it may count yet
    else:
        known = deeds.read(obligation.round, sorted(sources_of(sent.content)) if sent else [])
    context = {
        "obligation": obligation,
        "follower": follower,
        "cell": cell,
        "revision": sent if number is not None else None,
        "rows": rows(request.seat, known, obligation.pk),
    }
    return page(request, "reports/deeds.html", **context)


def _sent(obligation: Obligation, number: int | None) -> Revision | None:
    """The revision of that number, 404 for none; the one that stands where none is asked for."""
    if number is None:
        report = queries.report_of(obligation)
        return report.sent if report else None
    chosen = queries.revision(obligation, number)
    if chosen is None:
        raise Http404
    return chosen


def _behind(
    seat: Seat, obligation: Obligation, sent: Revision | None, spec: FormSpec, position: int
) -> list[int]:
    """The activities of one cell: as sent, though one was cancelled since; before that, as the unit would send it now."""
    if sent:
        return sorted(sent.content.get("sources", {}).get(str(position), ()))
    if not is_owner(seat, obligation):
        return []
    fact = deeds.of_report(obligation, spec).cells.get(position)
    return sorted(fact.sources) if fact else []


def activities(ids) -> QuerySet[Activity]:
    return (
        Activity.objects.filter(pk__in=list(ids)).select_related("host", "kind").order_by("starts_on", "pk")
    )


def open_to(seat: Seat, activities: Iterable[int]) -> set[int]:
    """Which of these the seat may open (``desk.activities.views.found``), in one query."""
    obligations = Obligation.objects.filter(visible(seat))
    read = Exists(Counted.objects.filter(activity=OuterRef("pk"), obligation__in=obligations))
    seen = Q(pk__in=activity_rules.seen_by(seat)) | read
    return set(Activity.objects.filter(seen, pk__in=list(activities)).values_list("pk", flat=True))


def rows(seat: Seat, known: list[deeds.Deed], here: int) -> list[Row]:
    opens = open_to(seat, [deed.activity for deed in known])
    by_activity = {deed.activity: deed for deed in known}
    named = {pk for deed in known for pk in (*deed.candidates, deed.counted) if pk}
    units = dict(Obligation.objects.filter(pk__in=named).values_list("pk", "unit__short_name"))
    drawn = []
    for activity in activities(by_activity):
        deed = by_activity[activity.pk]
        others = [units[pk] for pk in deed.candidates if pk not in (here, deed.counted)]
        at = units.get(deed.counted or 0, "")
        drawn.append(Row(activity, deed.counted == here, at, others, activity.pk in opens))
    return drawn
