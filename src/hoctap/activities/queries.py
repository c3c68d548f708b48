"""Reading activities."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from hoctap.activities import rules
from hoctap.activities.enums import Part, SessionState
from hoctap.activities.models import Activity, ActivityKind, Attendance, Session
from hoctap.kernel import clock
from hoctap.kernel.vietnamese import fold
from hoctap.orgs.models import Seat

COMING, HELD, UNSAID, CANCELLED = "sap-toi", "da-dien-ra", "cho-xac-nhan", "da-huy"
STATES = (COMING, UNSAID, HELD, CANCELLED)


@dataclass(frozen=True)
class Filters:
    """What the list and the calendar are narrowed to; empty is all. ``unit``: the id of a host."""

    family: str = ""
    state: str = ""
    unit: int | None = None
    text: str = ""
    templates: bool = False


def kind(code: str) -> ActivityKind:
    """A kind by its code. Raises ActivityKind.DoesNotExist."""
    return ActivityKind.objects.get(code=code)


def state_of(activity: Activity) -> str:
    """One of STATES, from ``held`` and ``open`` of ``with_turns``: UNSAID is past and not yet said to have been held."""
    if activity.cancelled_at:
        return CANCELLED
    if activity.open:  # type: ignore[attr-defined]
        return UNSAID if activity.ends_on and activity.ends_on < clock.today() else COMING
    return HELD if activity.held else COMING  # type: ignore[attr-defined]


def listed(seat: Seat, filters: Filters) -> QuerySet[Activity]:
    """What the seat sees of it, with ``turns``, ``held`` and ``open``; unordered."""
    rows = with_turns(rules.seen_by(seat).filter(is_template=filters.templates))
    if filters.family:
        rows = rows.filter(kind__family=filters.family)
    if filters.unit:
        rows = rows.filter(host=filters.unit)
    for word in fold(filters.text).split():
        rows = rows.filter(name_folded__contains=word)
    today = clock.today()
    narrowed = {
        CANCELLED: Q(cancelled_at__isnull=False),
        HELD: Q(cancelled_at=None, open=False, held=True),
        UNSAID: Q(cancelled_at=None, open=True, ends_on__lt=today),
        COMING: Q(cancelled_at=None, open=True, ends_on__gte=today)
        | Q(cancelled_at=None, open=False, held=False),
    }
    return rows.filter(narrowed[filters.state]) if filters.state in narrowed else rows


def with_turns(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """Each with ``turns`` (lượt: people at its held sessions, named and counted by hand), ``held`` (a session took
    place) and ``open`` (one is still planned)."""
    sessions = Session.objects.filter(activity=OuterRef("pk"))
    held = sessions.filter(state=SessionState.HELD)
    named = Attendance.objects.filter(
        session__activity=OuterRef("pk"), session__state=SessionState.HELD, present=True, part=Part.LEARNER
    )
    return rows.annotate(
        turns=_number(held.order_by().values("activity").annotate(n=Sum("unnamed")).values("n"))
        + _number(named.order_by().values("session__activity").annotate(n=Count("pk")).values("n")),
        held=Exists(held),
        open=Exists(sessions.filter(state=SessionState.PLANNED)),
    )


def _number(rows: QuerySet) -> Coalesce:
    return Coalesce(Subquery(rows, output_field=IntegerField()), Value(0))


def latest_first(rows: QuerySet[Activity], after: tuple[date | None, int] | None) -> QuerySet[Activity]:
    """The latest day first, those without a day last; ``after``: from behind the one of that day and id."""
    if after:
        day, pk = after
        later = Q(starts_on=day, pk__lt=pk) if day else Q(starts_on=None, pk__lt=pk)
        rows = rows.filter(later | Q(starts_on__lt=day) | Q(starts_on=None) if day else later)
    return rows.order_by(F("starts_on").desc(nulls_last=True), "-pk")
