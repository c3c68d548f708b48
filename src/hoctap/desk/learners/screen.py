"""What the learner's own page shows; the officer's view of it shows the same record."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest
from django.utils.translation import gettext as _

from hoctap.activities import calendars
from hoctap.activities.enums import CertificateState, Part, RegistrationState
from hoctap.activities.models import Certificate
from hoctap.activities.record import Record, coming, named, offered, record_of
from hoctap.activities.rules import certificate_state
from hoctap.desk.fields import choices, whole
from hoctap.kernel import clock
from hoctap.kernel.prepared import Prepared
from hoctap.orgs.models import Membership, Unit
from hoctap.people.enums import RequestKind
from hoctap.people.models import Consent, DataRequest, Person

NEW = timedelta(days=14)  # so long a certificate is pointed out to its owner
STATES = {"valid": "ok", "revoked": "recall", "superseded": "back"}


@dataclass(frozen=True)
class Held:
    """A certificate with its state, as a line of the page."""

    one: Certificate
    state: str
    word: str
    kind: str
    is_new: bool


_MEMBERSHIPS: Prepared[Membership] = Prepared(
    lambda person: (
        Membership.objects.filter(person=person).select_related("unit").order_by("-valid__startswith", "-pk")
    ),
    "person",
)
_CONSENTS: Prepared[Consent] = Prepared(
    lambda person: Consent.objects.filter(person=person).order_by("purpose", "-given_on", "-pk"), "person"
)
_ASKED: Prepared[DataRequest] = Prepared(
    lambda person: DataRequest.objects.filter(person=person, done_at=None).order_by("asked_on", "pk"),
    "person",
)


def unit_of(person: Person) -> Unit | None:
    """Where the person belongs today, or belonged last."""
    found, today = _MEMBERSHIPS(person=person.pk), clock.today()
    now = next((row for row in found if row.valid.upper is None or row.valid.upper > today), None)
    chosen = now or next(iter(found), None)
    return chosen.unit if chosen else None


def record_parts(request: HttpRequest, person: Person) -> dict:
    """The record: all of it in figures, one year of it (``?nam=2023``, the last one) in lines."""
    record = record_of(person)
    years = record.years
    asked = whole(request.GET.get("nam", ""))
    year = asked if asked in years else next(iter(years), None)
    shown = named([one for one in record.attended if one.first.year == year])
    return {
        "person": person,
        "record": record,
        "years": years,
        "year": year,
        "shown": shown,
        "held": held(record),
        "part_words": dict(Part.choices),
    }


def held(record: Record) -> list[Held]:
    """Every certificate, whatever its year; one that was replaced stands after those that hold."""
    lines = []
    for one in record.certificates:
        state = certificate_state(one)
        is_new = state == CertificateState.VALID and one.issued_at > clock.now() - NEW
        lines.append(Held(one, state.value, _(state.label), STATES[state], is_new))
    return sorted(lines, key=lambda line: line.state != "valid")


def mine(request: HttpRequest, person: Person) -> dict:
    awaited = [(one, one.state == RegistrationState.WAITING) for one in coming(person)]
    return record_parts(request, person) | {
        "coming": awaited,
        "offered": offered(person),
        "calendar": calendars.path_of("person", person.pk),
        "by_card": not request.user.is_authenticated,
    }


def data(request: HttpRequest, person: Person) -> dict:
    """What is kept about the learner, and why."""
    return {
        "person": person,
        "account": person.user if person.user_id else None,
        "memberships": _MEMBERSHIPS(person=person.pk),
        "today": clock.today(),
        "consents": _CONSENTS(person=person.pk),
        "asked": _ASKED(person=person.pk),
        "kinds": choices(RequestKind),
        "by_card": not request.user.is_authenticated,
    }
