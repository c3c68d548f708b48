"""Sổ học tập of one person: what was attended, for how long, the certificates, what was learned elsewhere.

Only sessions that were held count, and only as a learner do their hours. A session without an end, one of a whole day or
of more than ``LONGEST`` has no known length: it counts as a session, never as hours, and every total says how many such
there are.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Case, Count, DurationField, F, Max, Min, Q, QuerySet, Sum, When

from hoctap.activities.enums import Part, RegistrationState, SessionState
from hoctap.activities.models import Attendance, Certificate, Completion, Registration
from hoctap.kernel import clock
from hoctap.kernel.prepared import Prepared
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat
from hoctap.people.models import Person
from hoctap.people.queries import survivor

LONGEST = timedelta(hours=12)  # an exhibition open for three days is no lesson of three days
KNOWN = Q(
    session__ends_at__isnull=False,
    session__whole_day=False,
    session__ends_at__lte=F("session__starts_at") + LONGEST,
)


@dataclass(frozen=True)
class Lengths:
    """Sessions attended, the minutes of those whose length is known, and how many of them have none."""

    sessions: int = 0
    minutes: int = 0
    unknown: int = 0

    @property
    def hours(self) -> Decimal:
        return hours_of(self.minutes)

    def __add__(self, other: "Lengths") -> "Lengths":
        return Lengths(
            self.sessions + other.sessions, self.minutes + other.minutes, self.unknown + other.unknown
        )


@dataclass(frozen=True)
class Attended:
    """One activity as this person attended it; days in Vietnam."""

    activity_id: int
    name: str
    kind: str
    host: str
    part: Part
    first: date
    last: date
    lengths: Lengths

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
        days = [one.first for one in self.attended] + [one.on for one in self.completions]
        days += [issued_on(one) for one in self.certificates]
        return sorted({day.year for day in days}, reverse=True)

    @property
    def total(self) -> Lengths:
        return sum((one.lengths for one in self.attended if one.counts), Lengths())

    @property
    def activities(self) -> int:
        """Activities attended as a learner."""
        return sum(one.counts for one in self.attended)

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
        [_attended(row) for row in _ATTENDED(person=person.pk)],
        _CERTIFICATES(person=person.pk),
        _COMPLETIONS(person=person.pk),
    )


def _attended_rows(person) -> QuerySet:
    length = F("session__ends_at") - F("session__starts_at")
    about = {
        "name": F("session__activity__name"),
        "kind": F("session__activity__kind__name"),
        "host": F("session__activity__host__name"),
    }
    return (
        Attendance.objects.filter(person=person, present=True, session__state=SessionState.HELD)
        .values("session__activity", "part", **about)
        .annotate(
            first=Min("session__starts_at"),
            last=Max("session__starts_at"),
            sessions=Count("pk"),
            length=Sum(Case(When(KNOWN, then=length), output_field=DurationField())),
            unknown=Count("pk", filter=~KNOWN),
        )
        .values_list(
            "session__activity",
            "name",
            "kind",
            "host",
            "part",
            "first",
            "last",
            "sessions",
            "length",
            "unknown",
        )
        .order_by("-last", "-session__activity", "part")
    )


_ATTENDED: Prepared[tuple] = Prepared(_attended_rows, "person")
_CERTIFICATES: Prepared[Certificate] = Prepared(
    lambda person: (
        Certificate.objects.filter(person=person)
        .select_related("activity", "issued_by__unit", "superseded_by")
        .order_by("-issued_at", "-pk")
    ),
    "person",
)
_COMPLETIONS: Prepared[Completion] = Prepared(
    lambda person: Completion.objects.filter(person=person).select_related("file").order_by("-on", "-pk"),
    "person",
)


def _attended(row: tuple) -> Attended:
    activity, name, kind, host, part, first, last, sessions, length, unknown = row
    lengths = Lengths(sessions, minutes_of(length), unknown)
    return Attended(activity, name, kind, host, Part(part), _day(first), _day(last), lengths)


def minutes_of(length: timedelta | None) -> int:
    return round(length.total_seconds() / 60) if length else 0


def hours_of(minutes: int) -> Decimal:
    """As certificates and pages show them: one digit after the comma."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)


def issued_on(certificate: Certificate) -> date:
    return _day(certificate.issued_at)


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.VIETNAM).date()


def coming(person: Person, limit: int = 20) -> QuerySet[Registration]:
    """What the person is registered for, or waits for, and that is still to be held: each with ``next_at`` (a moment)."""
    planned = Q(
        activity__sessions__state=SessionState.PLANNED, activity__sessions__starts_at__gte=clock.now()
    )
    found = Registration.objects.filter(person=person, activity__cancelled_at=None).exclude(
        state=RegistrationState.GIVEN_UP
    )
    return (
        found.annotate(next_at=Min("activity__sessions__starts_at", filter=planned))
        .exclude(next_at=None)
        .select_related("activity__host")
        .order_by("next_at", "pk")[:limit]
    )


def known_to(seat: Seat, pk: int) -> Person | None:
    """The person, where the seat reaches a unit he or she belongs or belonged to; a merged row means the other one."""
    person = Person.objects.select_related("merged_into").filter(pk=pk, erased_at=None).first()
    person = survivor(person) if person else None
    return person if person and org_rules.reaches_person(seat, person) else None
