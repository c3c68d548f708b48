"""A unit to be, for a body that a document names and the system does not know."""

import re
from dataclasses import dataclass

from hoctap.kernel.vietnamese import fold
from hoctap.orgs.enums import AreaType, Kind, Line
from hoctap.orgs.matching.names import Name, Place, area_at, named, without_organs
from hoctap.orgs.matching.standing import Known, Surroundings
from hoctap.orgs.matching.words import in_full, in_short, pieces, words_of
from hoctap.orgs.models import Unit

_T, _U, _S, _N = Line.TERRITORY, Line.UNION, Line.STUDY, Line.SECTOR
# How a body's name begins: its kind and line. The longest beginning counts.
_KINDS: dict[str, tuple[Kind, Line]] = {
    "uy ban nhan dan": (Kind.COMMITTEE, _T),
    "phong": (Kind.OFFICE, _T),
    "van phong": (Kind.OFFICE, _T),
    "thanh tra": (Kind.OFFICE, _T),
    "so": (Kind.DEPARTMENT, _T),
    "bo": (Kind.MINISTRY, _N),
    "uy ban mat tran to quoc": (Kind.FRONT, _N),
    "hoi": (Kind.FRONT, _N),
    "hoi dong": (Kind.OTHER, _N),
    "doan thanh nien": (Kind.FRONT, _N),
    "hoi khuyen hoc": (Kind.ASSOCIATION, _S),
    "lien doan lao dong": (Kind.FEDERATION, _U),
    "cong doan": (Kind.SECTOR_UNION, _U),
    "cong doan co so": (Kind.BASE_UNION, _U),
    "nghiep doan": (Kind.BASE_UNION, _U),
    "ban chi huy": (Kind.FORCE, _N),
    "bo chi huy": (Kind.FORCE, _N),
    "ban tuyen giao": (Kind.PARTY, _N),
    "ban to chuc": (Kind.PARTY, _N),
    "ban dan van": (Kind.PARTY, _N),
    **{f"{area} uy": (Kind.PARTY, _N) for area in ("quan", "huyen", "tinh", "thanh", "thi", "dang")},
    "trung tam": (Kind.CENTRE, _T),
    "thu vien": (Kind.LIBRARY, _T),
    "truong": (Kind.SCHOOL, _T),
    "hoc vien": (Kind.SCHOOL, _T),
    **{
        level: (Kind.SCHOOL, _T)
        for level in ("mam non", "mau giao", "tieu hoc", "trung hoc", "trung cap", "cao dang", "dai hoc")
    },
    "benh vien": (Kind.OTHER, _T),
    "tram i te": (Kind.OTHER, _T),
    "bao tang": (Kind.OTHER, _T),
    "nha van hoa": (Kind.CENTRE, _T),
    "dai phat thanh": (Kind.OTHER, _T),
    "dai truyen thanh": (Kind.OTHER, _T),
}
_PLACELESS = {Kind.BASE_UNION, Kind.SCHOOL, Kind.MINISTRY, Kind.OTHER, Kind.LIBRARY}
_LEADS = {
    _T: (Kind.COMMITTEE,),
    _U: (Kind.FEDERATION, Kind.SECTOR_UNION),
    _S: (Kind.ASSOCIATION,),
    _N: (),  # no body read leads a front or a force
}
_WIDER = [AreaType.COMMUNE, AreaType.DISTRICT, AreaType.PROVINCE, AreaType.NATION]


@dataclass(frozen=True)
class Proposal:
    """What ``orgs.actions.found_units`` needs but the day. ``parent`` is None where nothing read leads such a body: the
    officer then says under whom it stands. ``code`` is a first try and may be taken. ``allowed``: the asking seat may."""

    name: str
    short_name: str
    code: str
    kind: Kind
    area_type: AreaType
    place: str
    line: Line
    parent: Unit | None
    allowed: bool = False


def propose(phrase: str, near: Surroundings) -> Proposal | None:
    """None: the words name no body of a known kind, or leave open of which place it is."""
    name = named(phrase)
    known = _kind(name)
    if known is None or len(phrase) > 200:
        return None
    kind, line = known
    place = _place(name, kind, near)
    if place is None and kind not in _PLACELESS:
        return None
    full = _full(phrase, name, place)
    if len(full) > 200:
        return None
    short = in_short(full)[:80].rstrip()
    code = re.sub(r"[^a-z0-9]+", "-", fold(short))[:40].strip("-")
    area = AreaType.NONE if kind in _PLACELESS else _level(place, near)
    parent = _parent(line, [place, *name.places[1:]] if place else [], area, kind, near)
    stated = place.shown if place else (near.at.place.shown if near.at.place else "")
    return Proposal(full, short, code, kind, area, stated, line, parent.unit if parent else None)


def _kind(name: Name) -> tuple[Kind, Line] | None:
    key = name.key
    begins = [" ".join(key[:size]) for size in range(min(len(key), 5), 0, -1)]
    known = next((_KINDS[begin] for begin in begins if begin in _KINDS), None)
    if known is None or (not name.places and known[0] == Kind.COMMITTEE and len(key) > 4):
        return None
    alone = len(key) == 1 or " ".join(key) in ("trung tam", "cong doan", "cong doan co so", "van phong")
    return None if alone else known


def _place(name: Name, kind: Kind, near: Surroundings) -> Place | None:
    said = name.place
    if said and said.name:
        return said
    if said:
        own = near.own(said.word)
        return own[0] if len(own) == 1 else None
    if kind in _PLACELESS:
        return None
    if kind == Kind.DEPARTMENT:
        return next((p for p in near.chain if near.levels[p] == AreaType.PROVINCE), None)
    return near.chain[0] if near.chain else None


def _full(phrase: str, name: Name, place: Place | None) -> str:
    """Without organs, in full, with its place."""
    words = words_of(phrase)
    left_out = len(words) - len(without_organs(words))
    start = 0
    for piece in pieces(phrase):
        if left_out <= 0:
            start = piece.start
            break
        left_out -= len(piece.words)
    text = in_full(phrase[start:])
    if name.bare:
        text = f"Ủy ban nhân dân {text}"
    if place and (name.place is None or not name.place.name):
        if name.place:
            size = area_at(words, len(words) - len(name.place.word.split()))
            text = text.rsplit(maxsplit=size)[0]
        text = f"{text} {place.shown}"
    return text[:1].upper() + text[1:]


def _level(place: Place | None, near: Surroundings) -> AreaType:
    if place is None:
        return AreaType.NONE
    own = next((near.levels[p] for p in near.chain if p.same(place)), AreaType.NONE)
    return own or place.level


def _parent(line: Line, places: list[Place], area: AreaType, kind: Kind, near: Surroundings) -> Known | None:
    """Who leads such bodies: the one of the same place; for a leading body, the nearest of a wider place."""
    above = sorted(
        near.ids - {near.at.pk}, key=lambda pk: _WIDER.index(near.known[pk].level or AreaType.DISTRICT)
    )
    around = [near.at, *near.homes[1:], *(near.known[pk] for pk in above)]
    leading = [known for known in around if known.unit.kind in _LEADS[line] and known.place]
    if kind in _LEADS[line]:
        wider = [k for k in leading if _is_wider(k.level, area)]
        leading = [k for k in wider if not places[1:] or any(k.place.same(p) for p in places[1:] if k.place)]
    elif places:
        leading = [k for k in leading if k.place and k.place.same(places[0])]
    return leading[0] if leading else None


def _is_wider(level: AreaType, area: AreaType) -> bool:
    return level in _WIDER and area in _WIDER and _WIDER.index(level) > _WIDER.index(area)
