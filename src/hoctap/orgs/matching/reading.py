"""The units that phrases may mean, read for all of them at once."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Length

from hoctap.kernel import paths
from hoctap.orgs.enums import AreaType
from hoctap.orgs.matching.deciding import MOST, belongs
from hoctap.orgs.matching.groups import Group
from hoctap.orgs.matching.names import Name
from hoctap.orgs.matching.standing import Known, Surroundings, has_place, has_words, standing
from hoctap.orgs.models import Subordination

_EACH = 40  # units looked at for one name in one way
_ROWS = 2 * MOST  # of one class; many units stand in two lines
_AT_ONCE = 100  # phrases in one query


def candidates(names: Sequence[Name], near: Surroundings) -> list[list[Known]]:
    """For each name the units that hold its words; four queries for up to a hundred names."""
    found = _together([query for n, name in enumerate(names) for query in _ways(n, name, near)])
    known = near.read({pk for _, pk in found})
    return [[known[pk] for pk in sorted({pk for of, pk in found if of == n})] for n in range(len(names))]


def members(groups: Sequence[Group], near: Surroundings) -> list[list[tuple[Known, int]] | None]:
    """For each class its units below the speaker, or below its place's other bodies, and how deep they stand there;
    None where they are too many to be all read."""
    rows = _together([_class(n, group, near) for n, group in enumerate(groups)])
    many = {n for n, count in Counter(row[0] for row in rows).items() if count > _ROWS}
    rows = {row for row in rows if row[0] not in many}
    known = near.read({row[1] for row in rows})
    known |= {home.pk: home for home in near.homes}
    found: list[list[tuple[Known, int]] | None] = []
    for n, group in enumerate(groups):
        if n in many:
            found.append(None)
            continue
        own, all_ = _depths((row for row in rows if row[0] == n), group, known, near)
        if group.vague and not group.direct:
            all_ |= {
                home.pk: 1 for home in near.homes if home.unit.kind in group.kinds and home is not near.at
            }
            own = all_
        chosen = own if own and (group.said in (None, len(own)) or len(all_) != group.said) else all_
        if group.direct:
            chosen = {pk: depth for pk, depth in own.items() if depth == 1}
        found.append([(known[pk], depth) for pk, depth in chosen.items()])
    return found


def _ways(n: int, name: Name, near: Surroundings) -> Iterable[QuerySet]:
    """By its words and a place; by its words anywhere; by its words near the speaker. Names that say least more first."""
    text = " ".join(word.shown for word in name.body)
    if not text:
        return
    said = name.place
    places = near.chain if said is None else [said] if said.name else near.own(said.word)
    here = Q()
    for place in places:
        here |= has_place(place)
    units = standing(near.on).filter(has_words(text)).annotate(of=Value(n))
    if here:
        yield units.filter(here).order_by(Length("name")).values_list("of", "pk")[:_EACH]
    yield units.values_list("of", "pk")[:_EACH]
    below = _below([near.at]) | Q(parent__in=near.ids)
    rows = _rows(near).filter(below).filter(has_words(text, "unit__"))
    yield rows.annotate(of=Value(n)).order_by(Length("unit__name")).values_list("of", "unit")[:_EACH]


def _class(n: int, group: Group, near: Surroundings) -> QuerySet:
    which = Q(unit__kind__in=group.kinds) if group.kinds else Q()
    for begin in group.begins:
        if len(begin) == 1:  # "so" stands in many names, at the beginning of few
            which |= Q(unit__name_folded__startswith=f" {begin[0]} ")
        else:
            which |= has_words(" ".join(begin), "unit__")
    if group.vague:
        scope = Q(parent__in=[near.at.pk] if group.direct else [home.pk for home in near.homes])
    else:
        scope = _below(near.homes)
        if near.is_nation:
            scope |= Q(unit__area_type=AreaType.PROVINCE)
    rows = _rows(near).filter(scope).filter(which)
    return rows.annotate(of=Value(n)).values_list("of", "unit", "line", "path")[: _ROWS + 1]


def _rows(near: Surroundings) -> QuerySet[Subordination]:
    lives = Q(unit__dissolved_on__isnull=True) | Q(unit__dissolved_on__gt=near.on)
    return Subordination.objects.filter(lives, valid__contains=near.on).order_by()


def _below(tops: Iterable[Known]) -> Q:
    below = Q()
    for line, path in {place for top in tops for place in top.stands}:
        below |= Q(line=line, path__startswith=path)
    return below or Q(pk=0)


def _depths(
    rows: Iterable[tuple], group: Group, known: dict[int, Known], near: Surroundings
) -> tuple[dict[int, int], dict[int, int]]:
    """Units of the class by id, with their depth: those under the speaker, and those under any body of its place."""
    own: dict[int, int] = {}
    all_: dict[int, int] = {}
    for _, pk, line, path in rows:
        if not _is_one(group, known[pk], near) or pk == near.at.pk:
            continue
        if near.is_nation and known[pk].unit.area_type == AreaType.PROVINCE:
            own[pk] = all_[pk] = 1  # provinces stand at the head of their lines
            continue
        for top in near.homes:
            for of, above in top.stands:
                if of == line and path.startswith(above) and path != above:
                    depth = len(paths.ids(path)) - len(paths.ids(above))
                    for found in (own, all_) if top is near.at else (all_,):
                        found[pk] = min(depth, found.get(pk, depth))
    return own, all_


def _is_one(group: Group, known: Known, near: Surroundings) -> bool:
    if not group.vague:
        own = (
            group.areas and known.place and near.has(known.place)
        )  # "các thành phố" of a city are not itself
        return not own and belongs(group, known)
    area = known.unit.area_type
    return known.unit.kind in group.kinds and (group.direct or not area or area == near.at.unit.area_type)


def _together(queries: Sequence[QuerySet]) -> set[tuple]:
    """The rows of all, asked at once."""
    found: set[tuple] = set()
    for start in range(0, len(queries), 3 * _AT_ONCE):
        first, *rest = queries[start : start + 3 * _AT_ONCE]
        found |= set(first.union(*rest, all=True) if rest else first)
    return found
