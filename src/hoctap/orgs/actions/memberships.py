"""Who belongs to which unit, and since when."""

from datetime import date, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles, rules
from hoctap.orgs.enums import Standing
from hoctap.orgs.models import Membership, Seat, Unit
from hoctap.people import rules as people_rules
from hoctap.people.actions import add_person, give_consent
from hoctap.people.enums import ConsentWay, Purpose
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


@transaction.atomic
def leave(*, seat: Seat | None, membership: Membership, on: date) -> None:
    """Rời đơn vị: ``on`` is the first day on which the person is not of the unit any more."""
    kept = Membership.objects.select_for_update(of=("self",)).select_related("unit").get(pk=membership.pk)
    if seat is not None:
        rules.require(seat, roles.KEEP_PEOPLE)
        rules.require_reach(seat, kept.unit)
    if on <= kept.valid.lower:
        after = kept.valid.lower + timedelta(days=1)
        raise Refusal(
            f"Người này vào {kept.unit.name} từ ngày {kept.valid.lower:%d/%m/%Y}; ngày rời sớm nhất là {after:%d/%m/%Y}.",
            [("Từ ngày", "Ngày rời phải sau ngày vào.")],
        )
    if kept.valid.upper and kept.valid.upper <= on:
        return
    kept.valid = DateRange(kept.valid.lower, on)
    kept.save(update_fields=["valid"])
    journal.record("membership.leave", kept, seat=seat)


@transaction.atomic
def enter_person(
    *,
    seat: Seat | None,
    unit: Unit,
    standing: Standing,
    since: date,
    full_name: str,
    birth_year: int | None = None,
    consent: ConsentWay | None = None,
    **details: str,
) -> Person:
    """Thêm người: the person and the membership at once, and the consent to keep the record where it was given in that way.

    ``details`` as for ``add_person``. Refusal, besides, for a child without a guardian's name.
    """
    today = clock.today()
    people_rules.require_guardian(birth_year, details.get("guardian_name", ""), today)
    person = add_person(full_name=full_name, birth_year=birth_year, seat=seat, **details)
    join(seat=seat, person=person, unit=unit, standing=standing, since=since)
    if consent:
        give_consent(
            person=person,
            purpose=Purpose.RECORD,
            way=consent,
            given_on=today,
            by_guardian=people_rules.may_be_child(birth_year, today),
            seat=seat,
        )
    return person
