"""Units read for matching: their names taken apart, where they stand, and what stands around the one that speaks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q, QuerySet

from hoctap.kernel import paths
from hoctap.orgs.enums import AreaType, Kind
from hoctap.orgs.matching.names import Name, Place, named, place_named
from hoctap.orgs.matching.words import pieces
from hoctap.orgs.models import Subordination, Unit

_HEIGHT = [AreaType.COMMUNE, AreaType.DISTRICT, AreaType.NONE, AreaType.PROVINCE, AreaType.NATION]
_SPELLED = {"quan": ("quan", "q"), "phuong": ("phuong", "p"), "thanh pho": ("thanh pho", "tp"), "huyen": ("huyen", "h"),
            "xa": ("xa", "x"), "thi xa": ("thi xa", "tx"), "thi tran": ("thi tran", "tt")}  # fmt: skip

_HOMES = 300  # bodies of one place


@dataclass(frozen=True)
class Known:
    """A unit and where it stands: (line, path) in each of its lines."""

    unit: Unit
    stands: tuple[tuple[str, str], ...] = ()

    @property
    def pk(self) -> int:
        return self.unit.pk

    @cached_property
    def above(self) -> list[list[int]]:
        """The superiors' ids in each line, the nearest first."""
        return [paths.ids(path)[-2::-1] for _, path in self.stands]

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Its name and short name; a place said without its word ("… Y tế Thái Bình") is taken from the end."""
        return tuple(
            self._with_place(named(text)) for text in dict.fromkeys((self.unit.name, self.unit.short_name))
        )

    @cached_property
    def place(self) -> Place | None:
        """Where it stands, named in its name or noted beside it; none for what is the nation's."""
        if self.unit.area_type == AreaType.NATION:
            return None
        said = [name.place for name in self.names if name.place]
        return next((place for place in said if place.word), None) or next(iter(said), None) or self._noted

    @property
    def level(self) -> AreaType:
        return (self.place.level if self.place else None) or AreaType(self.unit.area_type)

    @property
    def is_named(self) -> bool:
        return any(name.place for name in self.names)

    @property
    def parents(self) -> set[int]:
        return {line[0] for line in self.above if line}

    @cached_property
    def _noted(self) -> Place | None:
        return place_named(self.unit.place)

    def _with_place(self, name: Name) -> Name:
        noted = self._noted
        if name.places or not noted or noted.name.isdecimal():
            return name
        size = len(noted.name.split())
        if len(name.body) <= size or " ".join(name.key[-size:]) != noted.name:
            return name
        return Name(name.body[:-size], (Place("", noted.name, noted.shown),))


class Surroundings:
    """What a speaking unit means by "quận", "trực thuộc", and by a name without its place.

    ``ids``: itself and its superiors; ``chain``: their places, the nearest first; ``known``: every unit read so far, by id.
    """

    def __init__(self, at: Unit, on: date):
        self.on = on
        self.known: dict[int, Known] = {}
        self.at = self.read([at.pk])[at.pk]
        above = [self.known[pk] for line in self.at.above for pk in line]
        self.ids = {self.at.pk, *(known.pk for known in above)}
        ordered = [self.at, *sorted(above, key=lambda known: _HEIGHT.index(known.level))]
        self.chain: list[Place] = []
        self.levels: dict[Place, AreaType] = {}
        for known in ordered:
            place = known.place
            if place and not any(place.same(other) for other in self.chain):
                self.chain.append(place)
                self.levels[place] = known.level

    def read(self, ids: Iterable[int]) -> dict[int, Known]:
        """Units by id with all their superiors; three queries however many."""
        wanted = list(ids)
        units = Unit.objects.in_bulk(wanted)
        rows = Subordination.objects.filter(unit__in=wanted, valid__contains=self.on)
        stands: dict[int, list[tuple[str, str]]] = {}
        for unit, line, path in rows.order_by("line").values_list("unit", "line", "path"):
            stands.setdefault(unit, []).append((line, path))
        found = {pk: Known(unit, tuple(stands.get(pk, ()))) for pk, unit in units.items()}
        self.known |= found
        more = {pk for known in found.values() for line in known.above for pk in line} - self.known.keys()
        self.known |= {pk: Known(unit) for pk, unit in Unit.objects.in_bulk(more).items()}
        return found

    @property
    def is_nation(self) -> bool:
        return self.at.unit.area_type == AreaType.NATION

    @cached_property
    def homes(self) -> list[Known]:
        """Itself and the other bodies of its place, in whatever line: the district's committee, front, federation."""
        place, area = self.at.place, self.at.unit.area_type
        if not place or not area:
            return [self.at]
        found = standing(self.on).filter(has_place(place), area_type=area).exclude(pk=self.at.pk)
        read = self.read(found.order_by().values_list("pk", flat=True)[:_HOMES])
        return [self.at, *(known for known in read.values() if known.place and known.place.same(place))]

    def own(self, word: str) -> list[Place]:
        """The places that "quận" or "thành phố" may be here."""
        level = Place(word, "").level
        return [p for p in self.chain if p.word == word or (not p.word and level and self.levels[p] == level)]

    def has(self, place: Place) -> bool:
        return any(place.same(own) for own in self.chain)

    def places_above(self, known: Known) -> list[Place]:
        return [place for line in known.above for pk in line if (place := self.known[pk].place)]

    def anchors(self, known: Known) -> list[Place]:
        """The places in which its name says enough: its own where the name leaves it out, else the nearest above."""
        own = known.place
        if own and not known.is_named:
            return [own]
        lines = ([self.known[pk].place for pk in line] for line in known.above)
        nearest = (
            next((place for place in line if place and not (own and place.same(own))), None) for line in lines
        )
        return [place for place in nearest if place]

    def stands_here(self, known: Known, said: Sequence[Place] = ()) -> bool:
        """Whether its name, said here, can mean this unit alone; ``said``: further places named with it."""
        if known.pk in self.ids or known.parents & self.ids:
            return True
        if known.level == AreaType.NATION or known.unit.kind == Kind.MINISTRY:
            return True
        if known.level == AreaType.PROVINCE and known.is_named:
            return True
        if not self._one_province(known):
            return False
        anchors = self.anchors(known)
        if not anchors:
            own = known.place
            return bool(own and known.level != AreaType.COMMUNE and self.has(own))
        return any(self.has(place) or any(place.same(other) for other in said) for place in anchors)

    def _one_province(self, known: Known) -> bool:
        some, other = self._provinces(known), self._provinces(self.at)
        return not some or not other or any(one.same(two) for one in some for two in other)

    def _provinces(self, known: Known) -> list[Place]:
        line = [known, *(self.known[pk] for path in known.above for pk in path)]
        return [k.place for k in line if k.place and k.level == AreaType.PROVINCE]


def standing(on: date) -> QuerySet[Unit]:
    """Units that are not dissolved on the day."""
    return Unit.objects.exclude(dissolved_on__lte=on)


def has_words(text: str, unit: str = "") -> Q:
    """Every word in a unit's name, terms in full or abbreviated, through the index of names."""
    found = Q()
    for piece in pieces(text):
        ways = piece.term.spelled if piece.term else _ways(piece.words[0].text)
        found &= _any(ways, unit)
    return found


def has_place(place: Place, unit: str = "") -> Q:
    """A place in a unit's name; a number only behind its word."""
    if not place.name[0].isdigit():
        found = Q()
        for word in place.name.split():
            found &= _any(_ways(word), unit)
        return found
    words = _SPELLED.get(place.word, (place.word,))
    return _any([(f" {word}{gap}{place.name} ",) for word in words for gap in (" ", "", " 0")], unit)


def _ways(word: str) -> list[tuple[str, ...]]:
    """With y for i where names are written either way, 01 for 1."""
    if word.isdecimal():
        return [(f" {word} ",), (f" 0{word} ",)]
    begins = word[:-1].removeprefix("qu")
    either = word.endswith("i") and not set(begins) & set("aeiou")
    return [(f" {word} ",), (f" {word[:-1]}y ",)] if either else [(f" {word} ",)]


def _any(ways: Iterable[Sequence[str]], unit: str) -> Q:
    found = Q()
    for fragments in ways:
        every = Q()
        for fragment in fragments:
            every &= Q(**{f"{unit}name_folded__contains": fragment})
        found |= every
    return found
