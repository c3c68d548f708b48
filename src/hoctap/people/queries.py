"""Reading persons."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from hoctap.kernel.vietnamese import fold
from hoctap.people.models import Apart, Person


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


def survivor(person: Person) -> Person:
    """Who a merged row means; merging keeps the way one step long."""
    return person.merged_into or person


def apart() -> QuerySet[Apart]:
    """With ``first`` and ``second``, the ids of whom the two mean now; one and the same where they were merged after all."""
    return Apart.objects.annotate(
        first=Coalesce("one__merged_into", "one"), second=Coalesce("other__merged_into", "other")
    )
