"""Reading persons."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from hoctap.kernel.planned import planned_cursor
from hoctap.kernel.vietnamese import fold
from hoctap.people.enums import Purpose
from hoctap.people.models import Apart, Consent, Person


def standing(persons: QuerySet[Person] | None = None) -> QuerySet[Person]:
    """Persons as they are meant: without the erased and those merged into another."""
    found = Person.objects.all() if persons is None else persons
    return found.filter(merged_into=None, erased_at=None)


def named(text: str) -> Q:
    """Every word typed stands in the name, accents aside."""
    found = Q()
    for word in fold(text).split():
        found &= Q(name_folded__contains=word)
    return found


def withdrew(purpose: Purpose) -> Q:
    """Who agreed to it once, and does no longer."""
    asked = Consent.objects.filter(person=OuterRef("pk"), purpose=purpose)
    return Q(Exists(asked)) & ~Q(Exists(asked.filter(withdrawn_on=None)))


def survivor(person: Person) -> Person:
    """Who a merged row means; merging keeps the way one step long."""
    return person.merged_into or person


def apart() -> QuerySet[Apart]:
    """With ``first`` and ``second``, the ids of whom the two mean now; one and the same where they were merged after all."""
    return Apart.objects.annotate(
        first=Coalesce("one__merged_into", "one"), second=Coalesce("other__merged_into", "other")
    )


class Held(NamedTuple):
    """A person as it is now; ``erased``: without a name."""

    pk: int
    full_name: str
    erased: bool


# One table alone: a row that a merge was just changing is read as the merge left it.
_HOLD = """
SELECT id, full_name, erased_at IS NOT NULL, merged_into_id FROM people_person
WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR KEY SHARE
"""


def held(ids: Iterable[int]) -> dict[int, Held]:
    """By each id asked for, the person it means; until the caller's transaction ends nobody merges or erases them.

    Waits for a merge that is under way. Who only names people, as this does, keeps nobody else from doing so.
    """
    found: dict[int, tuple[Held, int | None]] = {}
    asked = set(ids)
    while asked:
        with planned_cursor() as cursor:
            cursor.execute(_HOLD, {"ids": sorted(asked)})
            rows = cursor.fetchall()
        found |= {pk: (Held(pk, name, erased), into) for pk, name, erased, into in rows}
        asked = {into for _pk, _name, _erased, into in rows if into} - found.keys()
    return {pk: _meant(pk, found) for pk in found}


def _meant(pk: int, found: dict[int, tuple[Held, int | None]]) -> Held:
    person, into = found[pk]
    return _meant(into, found) if into else person
