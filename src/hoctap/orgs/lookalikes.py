"""Persons who may be one: the same name, accents aside, and nothing that says otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from django.db.models import Count

from hoctap.kernel.vietnamese import fold
from hoctap.orgs import rules
from hoctap.orgs.models import Membership, Seat, Unit
from hoctap.people.models import Person
from hoctap.people.queries import apart, standing

MOST_GROUPS = 50


class Likeness(Enum):
    SAME = "same"
    MAYBE = "maybe"
    OTHER = "other"


@dataclass(frozen=True)
class Traits:
    """What is compared of two persons of one folded name."""

    birth_year: int | None
    contact: str
    units: frozenset[int]


def likeness(one: Traits, other: Traits) -> Likeness:
    """How alike two of the same name are. Two years of birth that differ are two persons."""
    if None not in (one.birth_year, other.birth_year) and one.birth_year != other.birth_year:
        return Likeness.OTHER
    same_unit, same_year = bool(one.units & other.units), one.birth_year == other.birth_year is not None
    same_contact = bool(one.contact) and fold(one.contact) == fold(other.contact)
    if same_contact or (same_unit and same_year and not (one.contact and other.contact)):
        return Likeness.SAME
    return Likeness.MAYBE if same_unit or same_year else Likeness.OTHER


def traits_of(persons: Iterable[Person]) -> dict[int, Traits]:
    """By id; the units of today and of before."""
    found = list(persons)
    units: dict[int, set[int]] = {person.pk: set() for person in found}
    for person_id, unit_id in Membership.objects.filter(person__in=found).values_list("person", "unit"):
        units[person_id].add(unit_id)
    return {p.pk: Traits(p.birth_year, p.contact, frozenset(units[p.pk])) for p in found}


def like(
    seat: Seat, unit: Unit, *, full_name: str, birth_year: int | None, contact: str = ""
) -> list[Person]:
    """Whom the seat reaches and who is, or may be, the one about to be entered at the unit."""
    ours = (
        standing(rules.persons_reached(seat)).filter(name_folded=fold(full_name)).order_by("sort_key", "pk")
    )
    own, traits = Traits(birth_year, contact, frozenset({unit.pk})), traits_of(ours)
    return [p for p in ours if likeness(own, traits[p.pk]) != Likeness.OTHER]


def groups_of(seat: Seat) -> list[list[Person]]:
    """Of the persons the seat may merge, those who may be one, first by name; at most MOST_GROUPS names are looked at."""
    ours = standing(rules.persons_kept(seat))
    names = (
        ours.order_by("name_folded")
        .values("name_folded")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)[: MOST_GROUPS * 4]
    )
    persons = ours.filter(name_folded__in=[row["name_folded"] for row in names]).order_by("sort_key", "pk")
    traits, told = traits_of(persons), _told_apart(persons)
    by_name: dict[str, list[Person]] = {}
    for person in persons:
        by_name.setdefault(person.name_folded, []).append(person)
    groups = [group for some in by_name.values() for group in _alike(some, traits, told)]
    return groups[:MOST_GROUPS]


def _told_apart(persons: Iterable[Person]) -> set[frozenset[int]]:
    """Pairs of them of whom somebody said that they are two."""
    pks = [person.pk for person in persons]
    found = apart().filter(first__in=pks, second__in=pks)  # type: ignore[misc]
    return {frozenset((row.first, row.second)) for row in found}  # type: ignore[attr-defined]


def _alike(persons: list[Person], traits: dict[int, Traits], told: set[frozenset[int]]) -> list[list[Person]]:
    """Each with those it may be the same as; who is like nobody is left out."""

    def may_be(one: Person, other: Person) -> bool:
        if frozenset((one.pk, other.pk)) in told:
            return False
        return likeness(traits[one.pk], traits[other.pk]) != Likeness.OTHER

    groups: list[list[Person]] = []
    for person in persons:
        near = next((g for g in groups if all(may_be(person, other) for other in g)), None)
        if near is None:
            groups.append([person])
        else:
            near.append(person)
    return [group for group in groups if len(group) > 1]
