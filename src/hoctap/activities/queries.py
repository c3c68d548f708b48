"""Reading activities."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    Window,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce, JSONObject, RowNumber

from hoctap.activities import rules
from hoctap.activities.enums import Part, RegistrationState, SessionState
from hoctap.activities.models import (
    Activity,
    ActivityKind,
    Attendance,
    Audience,
    CoHost,
    Cost,
    Partner,
    Registration,
    Session,
    Topic,
)
from hoctap.campaigns.models import Campaign
from hoctap.kernel import clock
from hoctap.kernel.prepared import Prepared
from hoctap.kernel.vietnamese import fold
from hoctap.obligations.models import PlannedActivity
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat, Subordination, Unit, UnitName

COMING, HELD, UNSAID, CANCELLED = "sap-toi", "da-dien-ra", "cho-xac-nhan", "da-huy"
STATES = (COMING, UNSAID, HELD, CANCELLED)
Days = tuple[date, date]  # both of them with


@dataclass(frozen=True)
class Filters:
    """What the list and the calendar are narrowed to; empty is all. ``unit``: the id of a host."""

    family: str = ""
    state: str = ""
    unit: int | None = None
    text: str = ""
    templates: bool = False
    document: int | None = None  # told people about this one


def kind(code: str) -> ActivityKind:
    """A kind by its code. Raises ActivityKind.DoesNotExist."""
    return ActivityKind.objects.get(code=code)


def state_of(activity: Activity) -> str:
    """One of STATES, from ``held``, ``open`` and ``unsaid`` of ``with_turns``."""
    if activity.cancelled_at:
        return CANCELLED
    if activity.open:  # type: ignore[attr-defined]
        return UNSAID if activity.unsaid else COMING  # type: ignore[attr-defined]
    return HELD if activity.held else COMING  # type: ignore[attr-defined]


def listed(seat: Seat, filters: Filters) -> QuerySet[Activity]:
    """What the seat sees of it; unordered."""
    rows = rules.seen_by(seat).filter(is_template=filters.templates)
    if filters.family:
        rows = rows.filter(kind__family=filters.family)
    if filters.unit:
        rows = rows.filter(host=filters.unit)
    if filters.document:
        rows = rows.filter(document=filters.document)
    for word in fold(filters.text).split():
        rows = rows.filter(name_folded__contains=word)
    narrowed = {
        CANCELLED: Q(cancelled_at__isnull=False),
        HELD: Q(cancelled_at=None, open=False, held=True),
        UNSAID: Q(cancelled_at=None, unsaid=True),
        COMING: Q(cancelled_at=None, unsaid=False) & (Q(open=True) | Q(held=False)),
    }
    return (
        rows.alias(**_standing(clock.dawn())).filter(narrowed[filters.state])
        if filters.state in narrowed
        else rows
    )


def unsaid(dawn: datetime) -> Q:
    """Of sessions: over before this morning, and nobody said whether it was held; it counts nowhere until then."""
    return Q(state=SessionState.PLANNED, starts_at__lt=dawn) & (Q(ends_at=None) | Q(ends_at__lt=dawn))


def hosts_unsaid(units: Iterable[int], days: Days) -> QuerySet[Activity]:
    """Activities of these hosts with an ``unsaid`` session of these days."""
    since, until = _moments(days)
    sessions = Session.objects.filter(unsaid(clock.dawn()), starts_at__gte=since, starts_at__lt=until)
    of_it = sessions.filter(activity=OuterRef("pk"))
    return Activity.objects.filter(Exists(of_it), host__in=units, cancelled_at=None, is_template=False)


def unsaid_at(unit_id: int, days: Days) -> int:
    """How many such activities the unit has."""
    since, until = _moments(days)
    return next(iter(_UNSAID(unit=unit_id, dawn=clock.dawn(), since=since, until=until)), 0)


def unsaid_count(unit, dawn) -> QuerySet:
    """How many activities of the unit have an ``unsaid`` session, for a larger query; no row for none."""
    sessions = Session.objects.filter(
        unsaid(dawn), activity__host=unit, activity__cancelled_at=None, activity__is_template=False
    )
    counted = sessions.order_by().values("activity__host").annotate(n=Count("activity", distinct=True))
    return counted.values_list("n", flat=True)


_UNSAID: Prepared[int] = Prepared(
    lambda unit, dawn, since, until: unsaid_count(unit, dawn).filter(
        starts_at__gte=since, starts_at__lt=until
    ),
    "unit",
    "dawn",
    "since",
    "until",
)


def _moments(days: Days) -> tuple[datetime, datetime]:
    return clock.start_of(days[0]), clock.start_of(days[1] + timedelta(days=1))


def _standing(dawn) -> dict[str, Exists]:
    """``held``: a session took place; ``open``: one is still planned; ``unsaid``: one of those is over."""
    sessions = Session.objects.filter(activity=OuterRef("pk"))
    return {
        "held": Exists(sessions.filter(state=SessionState.HELD)),
        "open": Exists(sessions.filter(state=SessionState.PLANNED)),
        "unsaid": Exists(sessions.filter(unsaid(dawn))),
    }


def with_turns(rows: QuerySet[Activity], dawn: Any = None) -> QuerySet[Activity]:
    """Each with ``turns`` (lượt: people at its held sessions, named and counted by hand) and where it stands: ``held`` (a
    session took place), ``open`` (one is still planned), ``unsaid`` (one of them was over before ``dawn``, today's)."""
    held = Session.objects.filter(activity=OuterRef("pk"), state=SessionState.HELD)
    named = Attendance.objects.filter(
        session__activity=OuterRef("pk"), session__state=SessionState.HELD, present=True, part=Part.LEARNER
    )
    return rows.annotate(
        turns=_number(held.order_by().values("activity").annotate(n=Sum("unnamed")).values("n"))
        + _number(named.order_by().values("session__activity").annotate(n=Count("pk")).values("n")),
        **_standing(dawn or clock.dawn()),
    )


def whole(pk: int) -> Activity | None:
    """One activity and what its pages say of it, in one query: as ``with_turns``, and ``people`` (each once; by hand the
    most at one session), ``with_units`` [{pk, name}], ``partner_names``, ``paid`` [{source, amount}], ``taken`` and
    ``waiting`` (people on its list), ``host_then`` (the host's name on its first day, where it was another)."""
    return next(iter(_WHOLE(pk=pk, today=clock.today(), dawn=clock.dawn())), None)


def _whole(pk, today, dawn) -> QuerySet[Activity]:
    of_it = {"activity": OuterRef("pk")}
    names = UnitName.objects.filter(unit=OuterRef("host"), valid__isempty=False)
    then = names.filter(valid__startswith__lte=Coalesce(OuterRef("starts_on"), today))
    places = Registration.objects.filter(**of_it, person__erased_at=None).order_by().values("activity")
    counted = places.annotate(n=Count("pk")).values("n")
    rows = Activity.objects.filter(pk=pk).select_related(
        "host", "kind", "topic", "audience", "document", "campaign", "planned__task"
    )
    came = Attendance.objects.filter(
        session__activity=OuterRef("pk"), session__state=SessionState.HELD, present=True, part=Part.LEARNER
    )
    who = Count(Coalesce("person__merged_into", "person"), distinct=True)
    held = Session.objects.filter(**of_it, state=SessionState.HELD).order_by().values("activity")
    return with_turns(rows, dawn).annotate(
        people=_number(came.order_by().values("session__activity").annotate(n=who).values("n"))
        + _number(held.annotate(n=Max("unnamed")).values("n")),
        with_units=ArraySubquery(
            CoHost.objects.filter(**of_it)
            .order_by("unit__sort_key")
            .values(said=JSONObject(pk="unit", name="unit__name"))
        ),
        partner_names=ArraySubquery(Partner.objects.filter(**of_it).order_by("pk").values("name")),
        paid=ArraySubquery(
            Cost.objects.filter(**of_it)
            .order_by("source")
            .values(said=JSONObject(source="source", amount="amount"))
        ),
        taken=_number(counted.filter(state=RegistrationState.TAKEN)),
        waiting=_number(counted.filter(state=RegistrationState.WAITING)),
        host_then=Coalesce(
            Subquery(then.order_by("-valid").values("name")[:1]),
            Subquery(names.order_by("valid").values("name")[:1]),
        ),
    )


_WHOLE: Prepared[Activity] = Prepared(_whole, "pk", "today", "dawn")


def _number(rows: QuerySet) -> Coalesce:
    return Coalesce(Subquery(rows, output_field=IntegerField()), Value(0))


def total_turns(rows: QuerySet[Activity]) -> int:
    """Lượt of all of ``with_turns``, those cancelled left out."""
    return rows.filter(cancelled_at=None).aggregate(n=Coalesce(Sum("turns"), 0))["n"]


def latest_first(rows: QuerySet[Activity], after: tuple[date | None, int] | None) -> QuerySet[Activity]:
    """The latest day first, those without a day last; ``after``: from behind the one of that day and id."""
    if after:
        day, pk = after
        later = Q(starts_on=day, pk__lt=pk) if day else Q(starts_on=None, pk__lt=pk)
        rows = rows.filter(later | Q(starts_on__lt=day) | Q(starts_on=None) if day else later)
    return rows.order_by(F("starts_on").desc(nulls_last=True), "-pk")


def campaigns_of(unit: Unit) -> QuerySet[Campaign]:
    """The weeks and months a unit may say an activity belongs to: its own and those of units above it."""
    return _campaigns(unit.pk, clock.today())


def _campaigns(unit, today) -> QuerySet[Campaign]:
    own = RawSQL("SELECT %s::bigint AS unit_id", _value(unit))
    above = org_rules.ids_at_or_above(own, _value(today))
    return Campaign.objects.filter(Q(unit__in=above) | Q(unit=None))


def _value(given) -> list:
    """A value, or the name of one that a prepared query is given later, as a parameter."""
    return given.params if isinstance(given, RawSQL) else [given]


def planned_of(unit: Unit) -> QuerySet[PlannedActivity]:
    """What a unit means to do."""
    return PlannedActivity.objects.filter(task__unit=unit)


def choices_for(unit: Unit) -> dict[str, list[tuple[int, str]]]:
    """What the form of an activity offers, (id, words): ``topic``, ``audience``, ``campaign`` and ``planned`` (the latest
    first). One query."""
    found: dict[str, list[tuple[int, str]]] = {"topic": [], "audience": [], "campaign": [], "planned": []}
    for what, pk, words, _place in sorted(
        _CHOICES(unit=unit.pk, today=clock.today()), key=lambda row: row[3]
    ):
        found[what].append((pk, words))
    return found


def _choices(unit, today) -> QuerySet:
    def listed(what: str, rows: QuerySet, words: str, *order: str) -> QuerySet:
        place = Window(RowNumber(), order_by=list(order))
        return rows.order_by().values_list(Value(what, CharField()), "pk", Cast(words, CharField()), place)

    return listed("topic", Topic.objects.all(), "name", "order").union(
        listed("audience", Audience.objects.all(), "name", "order"),
        listed("campaign", _campaigns(unit, today), "name", "-starts_on", "-pk"),
        listed("planned", PlannedActivity.objects.filter(task__unit=unit), "what", "-pk"),
        all=True,
    )


_CHOICES: Prepared[tuple] = Prepared(_choices, "unit", "today")


def co_hosts_before(unit: Unit, limit: int) -> list[Unit]:
    """With whom the unit has held something together, the latest first."""
    rows = Unit.objects.filter(co_hosted__activity__host=unit).annotate(last=Max("co_hosted__pk"))
    return list(rows.order_by("-last")[:limit])


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
    """What the unit recorded last, of its last twenty; each name once, templates first."""
    found: dict[str, Activity] = {}
    for row in _LATEST(unit=seat.unit_id):
        found.setdefault(row.name_folded, row)
    return list(found.values())[:limit]


_LATEST: Prepared[Activity] = Prepared(
    lambda unit: Activity.objects.filter(host=unit, cancelled_at=None).order_by("-is_template", "-pk")[:20],
    "unit",
)


def last_session(seat: Seat) -> Session | None:
    """The session the unit wrote down last: where people usually meet."""
    return next(iter(_LAST(unit=seat.unit_id)), None)


_LAST: Prepared[Session] = Prepared(
    lambda unit: (
        Session.objects.filter(activity__host=unit)
        .exclude(place="")
        .select_related("activity__kind")
        .order_by("-pk")[:1]
    ),
    "unit",
)


NEAR = 60


def hosts_near(seat: Seat) -> list[tuple[int, str]]:
    """Hosts to choose among, (id, short name): the own unit and those right below it, by name; at most NEAR."""
    own = (seat.unit_id, seat.unit.short_name)
    return [own, *_BELOW(unit=seat.unit_id, today=clock.today())]


def _below(unit, today) -> QuerySet:
    under = Subordination.objects.filter(parent=unit, valid__contains=today).values("unit")
    rows = Unit.objects.filter(pk__in=under, dissolved_on=None).order_by("sort_key", "pk")
    return rows.values_list("pk", "short_name")[:NEAR]


_BELOW: Prepared[tuple[int, str]] = Prepared(_below, "unit", "today")
