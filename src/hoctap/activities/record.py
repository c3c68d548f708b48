"""Sổ học tập of one person: what was attended, for how long, the certificates, what was learned elsewhere.

Only sessions that were held count, and only as a learner do their hours. A session without an end, one of a whole day or
of more than ``LONGEST`` has no known length: it counts as a session, never as hours, and every total says how many such
there are.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import (
    Aggregate,
    Case,
    Count,
    DateField,
    DateTimeField,
    DurationField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from hoctap.activities.enums import Opening, Part, RegistrationState, SessionState
from hoctap.activities.models import (
    Activity,
    Attendance,
    Certificate,
    CoHost,
    Completion,
    Registration,
    Session,
)
from hoctap.kernel import clock
from hoctap.kernel.prepared import Prepared, one_of
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Membership, Seat
from hoctap.people.models import Person

MOST_OFFERED = 10
LONGEST = timedelta(hours=12)  # an exhibition open for three days is no lesson of three days
KNOWN = Q(
    session__ends_at__isnull=False,
    session__whole_day=False,
    session__ends_at__lte=F("session__starts_at") + LONGEST,
)


class Lengths(NamedTuple):
    """Sessions attended, the minutes of those whose length is known, and how many of them have none."""

    sessions: int = 0
    minutes: int = 0
    unknown: int = 0

    @property
    def hours(self) -> Decimal:
        return hours_of(self.minutes)


class Attended(NamedTuple):
    """One activity as this person attended it, in one part; days in Vietnam. Without its names until ``named``.

    As the database gives it: a record has hundreds, a page shows those of a year.
    """

    activity_id: int
    part: str
    first: date
    last: date
    sessions: int
    minutes: int
    unknown: int
    name: str = ""
    host: str = ""

    @property
    def lengths(self) -> Lengths:
        return Lengths(self.sessions, self.minutes, self.unknown)

    @property
    def counts(self) -> bool:
        return self.part == Part.LEARNER


@dataclass(frozen=True)
class Record:
    """All of it, newest first; ``year`` leaves one year of it."""

    person: Person
    attended: list[Attended]
    certificates: list[Certificate]
    completions: list[Completion]

    @property
    def years(self) -> list[int]:
        """Years with something in them, the last first; an activity stands in the year it began in for this person."""
        found = {one.first.year for one in self.attended} | {one.on.year for one in self.completions}
        return sorted(found | {issued_on(one).year for one in self.certificates}, reverse=True)

    @cached_property
    def total(self) -> Lengths:
        counted = [one[4:7] for one in self.attended if one.part == Part.LEARNER]
        return Lengths(*map(sum, zip(*counted, strict=True))) if counted else Lengths()

    @cached_property
    def activities(self) -> int:
        """Activities attended as a learner."""
        return len({one.activity_id for one in self.attended if one.part == Part.LEARNER})

    @property
    def outside_hours(self) -> Decimal:
        """Hours of what was learned elsewhere, as far as they were entered."""
        return sum((one.hours for one in self.completions if one.hours), Decimal())

    def year(self, year: int) -> "Record":
        return Record(
            self.person,
            [one for one in self.attended if one.first.year == year],
            [one for one in self.certificates if issued_on(one).year == year],
            [one for one in self.completions if one.on.year == year],
        )


def record_of(person: Person) -> Record:
    """Three queries, however much there is."""
    return Record(
        person,
        [Attended(*row) for row in _ATTENDED(person=person.pk)],
        _CERTIFICATES(person=person.pk),
        _COMPLETIONS(person=person.pk),
    )


def named(attended: list[Attended]) -> list[Attended]:
    """The same with the names of activities and hosts; one query."""
    rows = _NAMES(pks=list({one.activity_id for one in attended})) if attended else []
    names = {pk: (name, host) for pk, name, host in rows}
    return [one._replace(name=names[one.activity_id][0], host=names[one.activity_id][1]) for one in attended]


def _attended_rows(person) -> QuerySet:
    """A person's marks, an activity and part a row. No names are joined: hundreds of rows are added up, a page shows those
    of a year."""
    length = F("session__ends_at") - F("session__starts_at")
    return (
        Attendance.objects.filter(
            person=person,
            present=True,
            session__state=SessionState.HELD,
            session__activity__cancelled_at=None,
        )
        .values("session__activity", "part")
        .annotate(
            first=_vietnam_day(Min("session__starts_at")),
            last=_vietnam_day(Max("session__starts_at")),
            sessions=Count("pk"),
            minutes=_minutes(Sum(Case(When(KNOWN, then=length), output_field=DurationField()))),
            unknown=Count("pk", filter=~KNOWN),
        )
        .values_list("session__activity", "part", "first", "last", "sessions", "minutes", "unknown")
        .order_by("-last", "-session__activity", "part")
    )


def _vietnam_day(moment: Aggregate) -> Cast:
    in_vietnam = Func(
        moment, template="(%(expressions)s AT TIME ZONE 'Asia/Ho_Chi_Minh')", output_field=DateTimeField()
    )
    return Cast(in_vietnam, DateField())


def _minutes(length: Aggregate) -> Func:
    """As ``minutes_of``, by the database: hundreds of lengths are not made here to be thrown away."""
    return Func(
        length,
        template="coalesce(round(extract(epoch FROM %(expressions)s) / 60), 0)::integer",
        output_field=IntegerField(),
    )


_ATTENDED: Prepared[tuple] = Prepared(_attended_rows, "person")
_NAMES: Prepared[tuple] = Prepared(
    lambda pks: Activity.objects.filter(pk__in=one_of(pks)).values_list("pk", "name", "host__name"), "pks"
)
_CERTIFICATES: Prepared[Certificate] = Prepared(
    lambda person: (
        Certificate.objects.filter(person=person)
        .select_related("activity", "issued_by__unit", "superseded_by")
        .order_by("-issued_at", "-pk")
    ),
    "person",
)
_COMPLETIONS: Prepared[Completion] = Prepared(
    lambda person: Completion.objects.filter(person=person).order_by("-on", "-pk"), "person"
)


def minutes_of(length: timedelta | None) -> int:
    return round(length.total_seconds() / 60) if length else 0


def hours_of(minutes: int) -> Decimal:
    """As certificates and pages show them: one digit after the comma."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)


def issued_on(certificate: Certificate) -> date:
    return _day(certificate.issued_at)


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.VIETNAM).date()


def coming(person: Person) -> list[Registration]:
    """What the person is registered for, or waits for, and that is still to be held: each with ``next_at`` (a moment)."""
    return _COMING(person=person.pk, now=clock.now())


def _coming(person, now) -> QuerySet[Registration]:
    planned = Q(activity__sessions__state=SessionState.PLANNED, activity__sessions__starts_at__gte=now)
    found = Registration.objects.filter(person=person, activity__cancelled_at=None).filter(planned)
    return (
        found.exclude(state=RegistrationState.GIVEN_UP)
        .annotate(next_at=Min("activity__sessions__starts_at"))
        .select_related("activity__host")
        .order_by("next_at", "pk")
    )


_COMING: Prepared[Registration] = Prepared(_coming, "person", "now")


class Offered(NamedTuple):
    """An activity that takes registrations, with the moment of its next session."""

    pk: int
    name: str
    host: str
    ends_at: datetime | None
    next_at: datetime


def offered(person: Person) -> list[Offered]:
    """What the person may register for now, of her units, those above and what they co-hold: open to their people or to all,
    still to be held, not closed, and she is not on its list; the next first. One query."""
    rows = _OFFERED(person=person.pk, today=clock.today(), now=clock.now())
    return [Offered(*row) for row in rows[:MOST_OFFERED]]


_OF = "SELECT unit_id FROM orgs_membership WHERE person_id = %s AND valid @> %s::date"


def _offered(person, today, now) -> QuerySet:
    units = org_rules.ids_at_or_above(RawSQL(_OF, [*person.params, *today.params]), today.params)
    on_list = Registration.objects.filter(activity=OuterRef("pk"), person=person)
    planned = Session.objects.filter(
        activity=OuterRef("pk"), state=SessionState.PLANNED, starts_at__gte=now
    ).order_by("starts_at")
    co_held = CoHost.objects.filter(unit__in=units).values("activity")
    return (
        Activity.objects.filter(
            Q(host__in=units) | Q(pk__in=co_held),
            Q(registration_ends_at=None) | Q(registration_ends_at__gt=now),
            opening__in=[Opening.UNIT, Opening.PUBLIC],
            is_template=False,
            cancelled_at=None,
        )
        .filter(~Exists(on_list.exclude(state=RegistrationState.GIVEN_UP)))
        .annotate(next_at=Subquery(planned.values("starts_at")[:1]))
        .filter(next_at__isnull=False)
        .order_by("next_at", "pk")
        .values_list("pk", "name", "host__name", "registration_ends_at", "next_at")
    )


_OFFERED: Prepared[tuple] = Prepared(_offered, "person", "today", "now")


def known_to(seat: Seat, pk: int) -> list[Membership]:
    """``orgs.rules.known``, where the person was not erased."""
    held = org_rules.known(seat, pk)
    return held if held and held[0].person.erased_at is None else []
