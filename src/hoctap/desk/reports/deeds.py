"""Các hoạt động phía sau một báo cáo: which, and where each counts."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from hoctap.activities.models import Activity
from hoctap.desk.access import needs
from hoctap.desk.fields import whole
from hoctap.desk.render import page
from hoctap.desk.reports.screen import spec_of
from hoctap.desk.reports.views import found_to_read
from hoctap.forms.rules import cell_name
from hoctap.forms.spec import FormSpec
from hoctap.obligations.models import Obligation
from hoctap.obligations.rules import is_owner
from hoctap.orgs import roles
from hoctap.orgs.models import Seat
from hoctap.reports import deeds, queries
from hoctap.reports.filling import sources_of


@dataclass(frozen=True)
class Row:
    """One activity, and where it counts: ``here``, at another unit (its name), or nowhere yet."""

    activity: Activity
    here: bool
    at: str
    others: list[str]  # who else may count it


@needs(roles.VIEW)
def of_report(request: HttpRequest, pk: int) -> HttpResponse:
    """All of a report's activities; with ``?o=`` those behind one cell."""
    obligation, follower = found_to_read(request, pk)
    spec = spec_of(obligation)
    position = whole(request.GET.get("o", ""))
    known, cell = _known(request.seat, obligation, spec), None
    if spec and position is not None and position < spec.size:
        cell = cell_name(spec.line_of[position], spec.cells[position])
        wanted = _behind(request.seat, obligation, spec, position)
        known = [deed for deed in known if deed.activity in wanted]
    context = {
        "obligation": obligation,
        "follower": follower,
        "cell": cell,
        "rows": rows(known, obligation.pk),
    }
    return page(request, "reports/deeds.html", **context)


def _known(seat: Seat, obligation: Obligation, spec: FormSpec | None) -> list[deeds.Deed]:
    """What the unit may count; to others, what was sent: nobody else reads what is not."""
    if is_owner(seat, obligation):
        return deeds.of_report(obligation, spec).deeds
    report = queries.report_of(obligation)
    sources = sources_of(report.sent.content) if report and report.sent else set()
    return deeds.read(obligation.round, sorted(sources))


def _behind(seat: Seat, obligation: Obligation, spec: FormSpec, position: int) -> set[int]:
    report = queries.report_of(obligation)
    if report and report.sent:
        return set(report.sent.content.get("sources", {}).get(str(position), ()))
    if not is_owner(seat, obligation):
        return set()
    fact = deeds.of_report(obligation, spec).cells.get(position)
    return set(fact.sources) if fact else set()


def activities(ids) -> QuerySet[Activity]:
    return (
        Activity.objects.filter(pk__in=list(ids)).select_related("host", "kind").order_by("starts_on", "pk")
    )


def rows(known: list[deeds.Deed], here: int) -> list[Row]:
    by_activity = {deed.activity: deed for deed in known}
    named = {pk for deed in known for pk in (*deed.candidates, deed.counted) if pk}
    units = dict(Obligation.objects.filter(pk__in=named).values_list("pk", "unit__short_name"))
    drawn = []
    for activity in activities(by_activity):
        deed = by_activity[activity.pk]
        others = [units[pk] for pk in deed.candidates if pk not in (here, deed.counted)]
        drawn.append(Row(activity, deed.counted == here, units.get(deed.counted or 0, ""), others))
    return drawn
