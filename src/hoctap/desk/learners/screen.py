"""What the learner's own page shows; the officer's view of it shows the same record."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from hoctap.activities.enums import RegistrationState
from hoctap.activities.models import Certificate
from hoctap.activities.record import Record, coming, record_of
from hoctap.activities.rules import certificate_state
from hoctap.desk.fields import choices, whole
from hoctap.kernel import clock
from hoctap.orgs.models import Membership, Unit
from hoctap.people.enums import RequestKind
from hoctap.people.models import Person

STATES = {"valid": "ok", "revoked": "recall", "superseded": "back"}


@dataclass(frozen=True)
class Held:
    """A certificate with its state, as a line of the page."""

    one: Certificate
    state: str
    word: str
    kind: str


def unit_of(person: Person) -> Unit | None:
    """Where the person belongs today, or belonged last."""
    rows = (
        Membership.objects.filter(person=person).select_related("unit").order_by("-valid__startswith", "-pk")
    )
    found = list(rows)
    today = next((row for row in found if row.valid.upper is None or row.valid.upper > clock.today()), None)
    chosen = today or next(iter(found), None)
    return chosen.unit if chosen else None


def record_parts(request: HttpRequest, person: Person) -> dict:
    """The record: all of it in figures, one year of it (``?nam=2023``, the last one) in lines."""
    record = record_of(person)
    years = record.years
    asked = whole(request.GET.get("nam", ""))
    year = asked if asked in years else next(iter(years), None)
    shown = record.year(year) if year else record
    return {
        "person": person,
        "record": record,
        "years": years,
        "year": year,
        "shown": shown,
        "held": held(record),
    }


def held(record: Record) -> list[Held]:
    """Every certificate, whatever its year; one that was replaced stands after those that hold."""
    lines = []
    for one in record.certificates:
        state = certificate_state(one)
        lines.append(Held(one, state.value, _(state.label), STATES[state]))
    return sorted(lines, key=lambda line: line.state != "valid")


def mine(request: HttpRequest, person: Person) -> dict:
    awaited = [(one, one.state == RegistrationState.WAITING) for one in coming(person)]
    return record_parts(request, person) | {
        "unit": unit_of(person),
        "coming": awaited,
        "consents": list(person.consents.order_by("purpose", "-given_on", "-pk")),
        "asked": list(person.requests.filter(done_at=None).order_by("asked_on", "pk")),
        "kinds": choices(RequestKind),
        "by_card": not request.user.is_authenticated,
    }
