"""Reading who is expected, who came, and how many: rows for the attendance screen, figures for reports."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from hoctap.activities.enums import Part, RegistrationState, SessionState
from hoctap.activities.models import Activity, Attendance, Claim, CoHost, Registration, Session
from hoctap.kernel import clock
from hoctap.kernel.prepared import Prepared
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Membership, Seat, Unit
from hoctap.people.models import Person
from hoctap.people.queries import named, standing

MOST_OTHERS = 300  # people of the unit, besides the class, that the screen holds for the hours without a net


@dataclass(frozen=True)
class Present:
    """Who came to an activity's held sessions, learners only.

    ``turns`` (lượt): named people at each session, added up. ``people`` (người): the same, each once. ``unnamed_turns``:
    people counted by hand, added up; ``unnamed_people``: the most at one session, since they may have been the same.
    """

    turns: int = 0
    people: int = 0
    unnamed_turns: int = 0
    unnamed_people: int = 0


def _learners(activity_ids: Iterable[int]) -> QuerySet[Attendance]:
    return Attendance.objects.filter(
        session__activity__in=list(activity_ids),
        session__state=SessionState.HELD,
        present=True,
        part=Part.LEARNER,
    ).annotate(who=Coalesce("person__merged_into", "person"))


def present_learners(activity_ids: Iterable[int]) -> dict[int, Present]:
    """By activity, in two statements; one without anybody is not in it."""
    ids = list(activity_ids)
    named = _learners(ids).order_by().values(activity=F("session__activity"))
    counted = named.annotate(turns=Count("pk"), people=Count("who", distinct=True))
    counts = {
        pk: {"turns": turns, "people": people}
        for pk, turns, people in counted.values_list("activity", "turns", "people")
    }
    held = Session.objects.filter(activity__in=ids, state=SessionState.HELD, unnamed__gt=0).order_by()
    by_hand = held.values("activity").annotate(unnamed_turns=Sum("unnamed"), unnamed_people=Max("unnamed"))
    for pk, turns, most in by_hand.values_list("activity", "unnamed_turns", "unnamed_people"):
        counts.setdefault(pk, {}).update(unnamed_turns=turns, unnamed_people=most)
    return {activity: Present(**row) for activity, row in counts.items()}


def distinct_learners(activity_ids: Iterable[int]) -> int:
    """Named people at any of the activities, each once however many they came to."""
    return _learners(activity_ids).aggregate(n=Count("who", distinct=True))["n"]


def people_for(activity: Activity, seat: Seat) -> QuerySet[Person]:
    """Whom an officer may add: those of the activity already; the people of each unit that holds it and that the seat
    reaches, and of all units under that one; where that is the host, also whoever came to it before. Nobody's list is opened
    to another by being named a co-host. To be filtered by ids or a whole name; for lists there is ``listed_for``."""
    tops, today = _tops(activity, seat), clock.today()
    members = Membership.objects.filter(org_rules.at_or_under(tops, today), valid__contains=today)
    return _where(_few(_ties(activity, tops, members)))


def near(activity: Activity, seat: Seat) -> QuerySet[Person]:
    """Of ``people_for`` those whom a name alone means: without the people of units below."""
    tops = _tops(activity, seat)
    return _where(_few(_ties(activity, tops, _members(tops))))


def near_host(activity: Activity) -> QuerySet[Person]:
    """Whom a name may mean that somebody types for himself: those of the activity, the host's people, who came before."""
    tops = [activity.host_id]
    return _where(_few(_ties(activity, tops, _members(tops))))


class Listed(NamedTuple):
    """Somebody who may be added. ``unit``: whose he is, where that is not the host."""

    pk: int
    full_name: str
    birth_year: int | None
    unit: str | None
    sort_key: str


def listed_for(
    activity: Activity, seat: Seat, text: str = "", *, without: Collection[int] = (), most: int
) -> list[Listed]:
    """Those of ``people_for`` with each word of the text in the name, in dictionary order; without a text only the ``near``,
    as long as there are any."""
    tops, today = _tops(activity, seat), clock.today()
    close, *others = [tie.order_by().values("person") for tie in _ties(activity, tops, _members(tops))]
    found = _rows_of(activity, Q(pk__in=close.union(*others)), text, without, most)
    if text or not found:
        # Members alone: then the database walks the names in their order, however many people stand below.
        below = reduce(or_, [Q(unit__in=org_rules.ids_under(top)) for top in tops], Q(unit__in=[]))
        members = Membership.objects.filter(below, valid__contains=today).values("person")
        found += _rows_of(activity, Q(pk__in=members), text, without, most)
    return sorted({one.pk: one for one in found}.values(), key=lambda one: (one.sort_key, one.pk))[:most]


def _rows_of(activity: Activity, known: Q, text: str, without: Collection[int], most: int) -> list[Listed]:
    own = Case(When(unit=activity.host_id, then=0), default=1)
    name = Case(When(unit=activity.host_id, then=None), default="unit__short_name")
    today = Membership.objects.filter(person=OuterRef("pk"), valid__contains=clock.today())
    of = Subquery(today.order_by(own, "pk").annotate(name=name).values("name")[:1])
    rows = _where(known).filter(named(text)).annotate(of=of).order_by("sort_key", "pk")
    found = rows.values_list("pk", "full_name", "birth_year", "of", "sort_key")[: most + len(without)]
    return [Listed(*row) for row in found if row[0] not in without]


def _tops(activity: Activity, seat: Seat) -> list[int]:
    """The units that hold it and that the seat reaches."""
    if seat.unit_id == activity.host_id:
        return [activity.host_id]
    reached = org_rules.within(org_rules.reachable_ids(seat), "pk")
    co_hosts = CoHost.objects.filter(activity=activity.pk).values("unit")
    holding = Unit.objects.filter(Q(pk=activity.host_id) | Q(pk__in=co_hosts), reached)
    return list(holding.values_list("pk", flat=True))


def _members(units: list[int]) -> QuerySet[Membership]:
    return Membership.objects.filter(unit__in=units, valid__contains=clock.today())


def _ties(activity: Activity, tops: list[int], members: QuerySet[Membership]) -> list[QuerySet]:
    """What ties people to it, each row with its ``person``."""
    if activity.host_id in tops:
        came = Attendance.objects.filter(session__activity__host=activity.host_id)
        enrolled = Registration.objects.filter(activity__host=activity.host_id)
    else:
        came = Attendance.objects.filter(session__activity=activity.pk)
        enrolled = Registration.objects.filter(activity=activity.pk)
    return [members, came, enrolled]


def _few(ties: list[QuerySet]) -> Q:
    """Asked person by person."""
    return reduce(or_, [Q(Exists(tie.filter(person=OuterRef("pk")))) for tie in ties])


def _where(known: Q) -> QuerySet[Person]:
    return standing(Person.objects.filter(known))


def the_class(activity: Activity) -> QuerySet[Registration]:
    """Danh sách lớp: who has a place, in dictionary order; whose data were erased is on no list."""
    rows = activity.registrations.filter(state=RegistrationState.TAKEN, person__erased_at=None)
    return rows.select_related("person", "unit").order_by("person__sort_key", "person_id")


class Marked(NamedTuple):
    """One mark, as a phone shows it. ``by``: the officer's name, None where people marked themselves."""

    person: int
    name: str
    present: bool
    walk_in: bool
    part: str
    at: datetime
    by: str | None


def marked(session: Session) -> list[Marked]:
    """The marks of a session in dictionary order of names; who was erased is not in it."""
    return [Marked(*row) for row in _MARKED(session=session.pk)]


def counts(
    session: Session, rows: list[Marked] | None = None, enrolled: list[Registration] | None = None
) -> dict[str, Any]:
    """``present`` and ``walk_ins`` (learners), ``unnamed``, ``expected`` (places taken by learners), ``claims`` (names that
    an officer is to confirm); ``rows``, ``enrolled``: its marks and the class, where they are at hand."""
    rows = marked(session) if rows is None else rows
    came = [one for one in rows if one.present and one.part == Part.LEARNER]
    if enrolled is None:
        expected = sum(_EXPECTED(activity=session.activity_id))
    else:
        expected = sum(one.part == Part.LEARNER for one in enrolled)
    claims = _CLAIMS(session=session.pk)
    return {
        "present": len(came),
        "walk_ins": sum(one.walk_in for one in came),
        "unnamed": session.unnamed,
        "expected": expected,
        "claims": sum(claims),
    }


_MARKED: Prepared[tuple] = Prepared(
    lambda session: (
        Attendance.objects.filter(session=session, person__erased_at=None)
        .order_by("person__sort_key", "person_id")
        .values_list(
            "person", "person__full_name", "present", "walk_in", "part", "at", "seat__user__full_name"
        )
    ),
    "session",
)
_EXPECTED: Prepared[int] = Prepared(
    lambda activity: (
        Registration.objects.filter(activity=activity, state=RegistrationState.TAKEN, part=Part.LEARNER)
        .order_by()
        .values("activity")
        .annotate(n=Count("pk"))
        .values_list("n", flat=True)
    ),
    "activity",
)

_CLAIMS: Prepared[int] = Prepared(
    lambda session: (
        Claim.objects.filter(session=session)
        .order_by()
        .values("session")
        .annotate(n=Count("pk"))
        .values_list("n", flat=True)
    ),
    "session",
)


@dataclass(frozen=True)
class Meant:
    """A claim, and whom it may mean: persons by that name whom the officer may add."""

    claim: Claim
    people: list[Person]
    alone: bool  # no other waits with this name, with or without a year


def claimed(session: Session, seat: Seat) -> list[Meant]:
    """What waits to be confirmed, in the order it was typed."""
    claims = list(session.claims.order_by("at", "pk"))
    people = people_for(session.activity, seat)
    people = people.filter(name_folded__in={claim.name_folded for claim in claims})
    found = list(people.order_by("birth_year", "pk")) if claims else []
    names = Counter(claim.name_folded for claim in claims)
    return [
        Meant(c, [one for one in found if one.name_folded == c.name_folded], names[c.name_folded] == 1)
        for c in claims
    ]


def the_class_at(session: Session) -> list[Registration]:
    """``the_class``, also who was erased since and has a place; each with ``missed``: marked absent, or not at all, at the
    session before that was held."""
    return _CLASS(activity=session.activity_id, starts_at=session.starts_at)


def _class(activity, starts_at) -> QuerySet[Registration]:
    before = Session.objects.filter(activity=activity, starts_at__lt=starts_at, state=SessionState.HELD)
    last = Subquery(before.order_by("-starts_at").values("pk")[:1])
    came = Attendance.objects.filter(session=last, person=OuterRef("person"), present=True)
    rows = Registration.objects.filter(activity=activity, state=RegistrationState.TAKEN)
    return (
        rows.annotate(missed=Exists(before) & ~Exists(came))
        .select_related("person", "unit")
        .order_by("person__sort_key", "person_id")
    )


_CLASS: Prepared[Registration] = Prepared(_class, "activity", "starts_at")
