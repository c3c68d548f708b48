"""Reading who is expected, who came, and how many: rows for the attendance screen, figures for reports."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from hoctap.activities.enums import Part, RegistrationState, SessionState
from hoctap.activities.models import Activity, Attendance, Claim, CoHost, Registration, Session
from hoctap.kernel import clock
from hoctap.kernel.prepared import Prepared
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Membership, Seat, Unit
from hoctap.people.models import Person

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
    """Whom an officer may add by name: those of the activity already; for the host's, the host's people and whoever came to
    it before; for others, the people of the units that hold it and that their own seat reaches. Nobody's list is opened to
    another by being named a co-host."""
    if seat.unit_id == activity.host_id:
        return people_of_host(activity)
    reached = org_rules.within(org_rules.reachable_ids(seat), "pk")
    co_hosts = CoHost.objects.filter(activity=activity.pk).values("unit")
    units = Unit.objects.filter(Q(pk=activity.host_id) | Q(pk__in=co_hosts), reached)
    return _people(activity, units.values("pk"))


def people_of_host(activity: Activity) -> QuerySet[Person]:
    """Also whom a name may mean that somebody types for himself."""
    return _people(activity, [activity.host_id])


def _people(activity: Activity, units: Any) -> QuerySet[Person]:
    """Today's people of the units, whoever came to the host before where it is one of them, and those of the activity."""
    before = Q(activity=activity.pk) | Q(activity__host=activity.host_id, activity__host__in=units)
    members = Membership.objects.filter(unit__in=units, valid__contains=clock.today()).values("person")
    came = Attendance.objects.filter(session__in=Session.objects.filter(before).values("pk")).values("person")
    enrolled = Registration.objects.filter(before).values("person")
    known = Q(pk__in=members) | Q(pk__in=came) | Q(pk__in=enrolled)
    return Person.objects.filter(known, merged_into=None, erased_at=None)


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
