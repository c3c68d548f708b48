"""Persons: entered, corrected. Whose they are is orgs' to say."""

from hoctap.kernel import journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.vietnamese import fold, sort_key, tidy
from hoctap.people.models import Person

EARLIEST_BIRTH = 1900


def add_person(*, full_name: str, birth_year: int | None = None, seat=None, **details: str) -> Person:
    """Enter a person; ``details``: contact, guardian_name, guardian_contact. Refusal when nameless."""
    name = tidy(full_name)
    if not name:
        raise Refusal("Ghi họ tên.", [("Họ tên", "Ghi họ tên.")])
    person = Person.objects.create(
        full_name=name, name_folded=fold(name), sort_key=sort_key(name), birth_year=birth_year, **details
    )
    journal.record("person.add", person, seat=seat)
    return person
