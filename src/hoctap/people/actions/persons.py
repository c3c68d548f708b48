"""Persons: entered, corrected."""

from django.db import transaction

from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.vietnamese import fold, sort_key, tidy
from hoctap.people import rules
from hoctap.people.models import Person

_DETAILS = ("contact", "guardian_name", "guardian_contact")


def add_person(*, full_name: str, birth_year: int | None = None, seat=None, **details: str) -> Person:
    """Enter a person; ``details``: contact, guardian_name, guardian_contact. Refusal when nameless or the year cannot be."""
    person = Person()
    write(person, full_name, birth_year, details)
    person.save()
    journal.record("person.add", person, seat=seat)
    return person


@transaction.atomic
def correct_person(
    *, person: Person, full_name: str, birth_year: int | None = None, seat=None, **details: str
) -> Person:
    """Sửa: as ``add_person``; what is not given becomes blank. A child keeps a guardian."""
    kept = Person.objects.select_for_update().get(pk=person.pk)
    rules.require_standing(kept)
    write(kept, full_name, birth_year, {name: details.get(name, "") for name in _DETAILS})
    rules.require_guardian(birth_year, kept.guardian_name, clock.today())
    kept.save()
    journal.record("person.correct", kept, seat=seat)
    return kept


def write(person: Person, full_name: str, birth_year: int | None, details: dict[str, str]) -> None:
    """Put the checked values on the row, not saved."""
    name = tidy(full_name)
    places = rules.name_problems(name) + rules.year_problems(birth_year, clock.today())
    if places:
        raise Refusal(places[0][1], places)
    person.full_name, person.name_folded, person.sort_key = name, fold(name), sort_key(name)[:400]
    person.birth_year = birth_year
    for field, text in details.items():
        setattr(person, field, tidy(text))
