"""Who belongs to which unit, and since when."""

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hoctap.kernel import journal
from hoctap.orgs import roles, rules
from hoctap.orgs.enums import Standing
from hoctap.orgs.models import Membership, Seat, Unit
from hoctap.people.models import Person


@transaction.atomic
def join(*, seat: Seat | None, person: Person, unit: Unit, standing: Standing, since: date) -> Membership:
    """The person belongs to the unit from that day; already so: that membership."""
    if seat is not None:
        rules.require(seat, roles.KEEP_PEOPLE)
        rules.require_reach(seat, unit)
    standing_now = Membership.objects.filter(
        person=person, unit=unit, standing=standing, valid__overlap=DateRange(since, None)
    ).first()
    if standing_now:
        return standing_now
    made = Membership.objects.create(
        person=person, unit=unit, standing=standing, valid=DateRange(since, None)
    )
    journal.record("membership.join", made, seat=seat)
    return made
