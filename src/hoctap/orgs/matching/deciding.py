"""Which of the units read a name means, and how surely. No queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from hoctap.orgs.matching.groups import Group
from hoctap.orgs.matching.names import COMMITTEE, Name, Place, same_said
from hoctap.orgs.matching.standing import Known, Surroundings
from hoctap.orgs.models import Unit

MOST = 5000
"""Units of one class: all communes of the nation, all base unions of a province; more are no list to confirm."""
_OFFERED = 10
# How names of bodies begin that a district or commune does not have.
_ONLY_ABOVE = (("so",), ("bo",), ("tinh", "uy"), ("thanh", "uy"))

UNKNOWN = "Không thấy đơn vị này trong hệ thống"


@dataclass(frozen=True)
class Found:
    """Units and whether they are surely meant; ``note`` why not, or how many of how many. ``similar``: where none is
    called so, those whose names say more."""

    units: tuple[Unit, ...] = ()
    certain: bool = False
    note: str = UNKNOWN
    group: bool = False
    expected: int | None = None
    similar: tuple[Unit, ...] = ()


@dataclass(frozen=True)
class _Fit:
    """A unit whose name agrees; ``rank``: 0 named in full or one's own, 1 and more: of the places above, in turn."""

    known: Known
    rank: int
    accents: bool
    here: bool


def decide_one(name: Name, candidates: Sequence[Known], near: Surroundings) -> Found:
    fits = [fit for known in candidates if (fit := _fit(name, known, near))]
    if not fits:
        similar = [known.unit for known in candidates if _is_similar(name, known, near)]
        return Found(similar=tuple(similar[:_OFFERED]))
    here = [fit for fit in fits if fit.here]
    best = [fit for fit in here if fit.accents] or here
    best = [fit for fit in best if fit.rank == min(other.rank for other in best)]
    if not best:
        return Found(_units(fits), note=_elsewhere(fits))
    if len(best) > 1:
        return Found(_units(best), note=f"Có {len(best)} đơn vị cùng tên")
    only = best[0]
    unit = only.known.unit
    if not only.accents:
        return Found((unit,), note="Tên chỉ khác dấu, xem lại có đúng đơn vị này không")
    if only.rank and not any(name.key[: len(begin)] == begin for begin in _ONLY_ABOVE):
        return Found((unit,), note=f"Văn bản không ghi địa bàn; có đơn vị này ở {only.known.place.shown}")  # type: ignore[union-attr]
    if name.bare and near.at.names[0].key != COMMITTEE:
        return Found((unit,), note="Văn bản chỉ ghi địa bàn, không ghi tên cơ quan")
    return Found((unit,), certain=True, note="")


def _fit(name: Name, known: Known, near: Surroundings) -> _Fit | None:
    best = None
    for own in known.names:
        rank = _rank(name, own, known, near)
        if rank is None or not _beyond_agrees(name, known, near):
            continue
        accents = own.key != name.key or same_said(name.body, own.body)
        here = near.stands_here(known, name.places[1:] if own.place else name.places)
        if best is None or (accents, -rank) > (best.accents, -best.rank):
            best = _Fit(known, rank, accents, here)
    return best


def _rank(name: Name, own: Name, known: Known, near: Surroundings) -> int | None:
    """None: another name."""
    said, its = name.place, _place_of(own, known)
    if said is None:
        if name.key == own.key:
            return 0 if its is None else _turn(its, near)
        named = its and not its.name[0].isdecimal() and name.key == (*own.key, *its.name.split())
        return 0 if named else None
    places = [its] if its else near.anchors(known)
    if not said.name:
        mine = near.own(said.word)
        is_own = name.key == own.key and any(place.same(other) for place in places for other in mine)
        return 0 if is_own else None
    if name.key == own.key:
        return 0 if any(said.same(place) for place in places) else None
    unworded = its is None and not said.name[0].isdecimal() and own.key == (*name.key, *said.name.split())
    return 0 if unworded else None


def _place_of(own: Name, known: Known) -> Place | None:
    """The place a name is of: said in it, or, for a body of an area, where it stands."""
    return own.place or (known.place if known.is_named or known.unit.area_type else None)


def _is_similar(name: Name, known: Known, near: Surroundings) -> bool:
    """Whether the unit's name says all that is said and more, and it stands here."""
    words = set(name.key)
    for own in known.names:
        if len(words) > 1 and words < set(own.key):
            places = [place] if (place := _place_of(own, known)) else near.anchors(known)
            said = [name.place] if name.place and name.place.name else near.chain
            return near.stands_here(known) and any(p.same(other) for p in places for other in said)
    return False


def _turn(place: Place, near: Surroundings) -> int | None:
    return next((turn for turn, own in enumerate(near.chain) if place.same(own)), None)


def _beyond_agrees(name: Name, known: Known, near: Surroundings) -> bool:
    """Further places ("Phường 1, Quận 3") are those it stands under; the speaker's own, where that is not known."""
    above = near.places_above(known) or near.chain
    return all(any(place.same(other) for other in above) for place in name.places[1:] if place.name)


def _units(fits: Sequence[_Fit]) -> tuple[Unit, ...]:
    return tuple(fit.known.unit for fit in fits[:_OFFERED])


def _elsewhere(fits: Sequence[_Fit]) -> str:
    if len(fits) == 1:
        return "Có một đơn vị tên này, nhưng ở địa bàn khác hoặc chưa rõ cấp trên"
    return f"Có {len(fits)} đơn vị tên này, ở địa bàn khác hoặc chưa rõ cấp trên"


def belongs(group: Group, known: Known) -> bool:
    """Whether the unit is of the class, wherever it stands."""
    if group.areas and not (known.place and _is_area(known, group.areas)):
        return False
    if group.vague or known.unit.kind in group.kinds:
        return known.unit.kind in group.kinds
    return any(_begins(name, begin, bool(group.areas)) for name in known.names for begin in group.begins)


def _begins(name: Name, begin: tuple[str, ...], whole: bool) -> bool:
    return name.key == begin if whole else name.key[: len(begin)] == begin


def _is_area(known: Known, areas: Sequence[str]) -> bool:
    place = known.place
    assert place
    if place.word:
        return place.word in areas
    return any(Place(area, "").level == known.level for area in areas)


def decide_group(group: Group, found: Sequence[tuple[Known, int]] | None, near: Surroundings) -> Found:
    """``found``: units of the class in the scope, each with how deep below its top it stands; None: too many."""
    if found is None or len(found) > MOST:
        note = f"Hơn {MOST} đơn vị; hãy chọn theo cấp trên của chúng"
        return Found(group=True, expected=group.said, note=note)
    units = tuple(known.unit for known, _ in sorted(found, key=lambda pair: pair[0].unit.sort_key))
    count, said = len(units), group.said
    if not units:
        note = "Không thấy đơn vị nào thuộc nhóm này" if said is None else f"Khớp 0/{said} đơn vị"
        return Found(group=True, expected=said, note=note)
    note = f"Khớp {count}/{said} đơn vị" if said else f"{count} đơn vị"
    if group.vague or group.narrowed:
        note = f"Cách gọi chung: {count} đơn vị có thể thuộc nhóm này, chọn lại cho đúng"
    elif said is None and len({depth for _, depth in found}) > 1:
        note = f"{count} đơn vị ở nhiều cấp, chọn lại cho đúng"
    elif group.bare and near.at.names[0].key != COMMITTEE:
        note = f"Văn bản chỉ ghi địa bàn: {count} Ủy ban nhân dân?"
    elif said is None or said == count:
        return Found(units, True, note, True, said)
    return Found(units, False, note, True, said)
