"""Reading activities."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from hoctap.activities import rules
from hoctap.activities.enums import Part, SessionState
from hoctap.activities.models import Activity, ActivityKind, Attendance, CoHost, Session
from hoctap.campaigns.models import Campaign
from hoctap.kernel import clock, paths
from hoctap.kernel.vietnamese import fold
from hoctap.obligations.models import PlannedActivity
from hoctap.orgs.models import Seat, Subordination, Unit

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


def campaigns_of(unit: Unit) -> QuerySet[Campaign]:
    """The weeks and months a unit may say an activity belongs to: its own and those of units above it, latest first."""
    above = Subordination.objects.filter(unit=unit, valid__contains=clock.today()).values_list(
        "path", flat=True
    )
    units = {unit.pk, *(pk for path in above for pk in paths.ids(path))}
    return Campaign.objects.filter(Q(unit__in=units) | Q(unit=None)).order_by("-starts_on", "-pk")


def planned_of(unit: Unit) -> QuerySet[PlannedActivity]:
    """What a unit means to do, the latest first."""
    return PlannedActivity.objects.filter(task__unit=unit).order_by("-pk")


def co_hosts_before(unit: Unit, limit: int) -> list[Unit]:
    """With whom the unit has held something together, the latest first."""
    rows = CoHost.objects.filter(activity__host=unit).values("unit").annotate(last=Max("pk"))
    ids = list(rows.order_by("-last").values_list("unit", flat=True)[:limit])
    found = Unit.objects.in_bulk(ids)
    return [found[pk] for pk in ids]


def next_day(activity: Activity) -> date | None:
    """When the next of its series is due: as long after the latest as that one was after the one before; else a week."""
    days = [activity.starts_on]
    if activity.series:
        rows = Activity.objects.filter(
            host=activity.host_id, series=activity.series, is_template=False, cancelled_at=None
        )
        listed = rows.exclude(starts_on=None).order_by("-starts_on").values_list("starts_on", flat=True)
        days = list(listed.distinct()[:2]) or days
    if days[0] is None:
        return None
    return days[0] + (days[0] - days[1] if len(days) > 1 and days[1] else timedelta(weeks=1))


def latest_of(seat: Seat, limit: int) -> list[Activity]:
    """What the unit recorded last, each name once; templates first."""
    rows = Activity.objects.filter(host=seat.unit_id, cancelled_at=None).select_related("kind")
    found: dict[str, Activity] = {}
    for row in rows.order_by("-is_template", "-pk")[: 5 * limit]:
        found.setdefault(row.name_folded, row)
    return list(found.values())[:limit]


def last_session(seat: Seat) -> Session | None:
    """The session the unit wrote down last: where people usually meet."""
    rows = Session.objects.filter(activity__host=seat.unit_id).exclude(place="")
    return rows.select_related("activity__kind").order_by("-pk").first()


NEAR = 60


def hosts_near(seat: Seat) -> list[Unit]:
    """Hosts to choose among: the own unit and those right below it, by name; at most NEAR."""
    below = Subordination.objects.filter(parent=seat.unit_id, valid__contains=clock.today()).values("unit")
    return [
        seat.unit,
        *Unit.objects.filter(pk__in=below, dissolved_on=None).order_by("sort_key", "pk")[:NEAR],
    ]
