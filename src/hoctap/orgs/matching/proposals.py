"""A unit to be, for a body that a document names and the system does not know."""

import re
from dataclasses import dataclass

from hoctap.kernel.vietnamese import fold
from hoctap.orgs.enums import AreaType, Kind, Line
from hoctap.orgs.matching.names import COMMITTEE, Name, Place, area_at, named, without_organs
from hoctap.orgs.matching.standing import Known, Surroundings
from hoctap.orgs.matching.words import in_full, in_short, words_of
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
# A part of a body, or a person: nothing to found.
_WITHIN = {
    "bo phan",
    "bo mon",
    "bo truong",
    "van phong ban",
    "van phong hoi",
    "van phong so",
    "van phong phong",
    "trung tam ban",
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
    if place is None and (kind not in _PLACELESS or name.place):
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
    said_alone = len(key) == 1 or " ".join(key) in ("trung tam", "cong doan", "cong doan co so", "van phong")
    if said_alone or {"cac", "nao"} & set(key) or any(begin in _WITHIN for begin in begins):
        return None
    return next((_KINDS[begin] for begin in begins if begin in _KINDS), None)


def _place(name: Name, kind: Kind, near: Surroundings) -> Place | None:
    said = name.place
    if said and said.name:
        return said
    if said:
        meant = near.own(said.word)
        return meant[0] if len(meant) == 1 else None
    if kind in _PLACELESS or (kind == Kind.OFFICE and near.at.unit.kind != Kind.COMMITTEE):
        return None  # a library's "phòng" is its own
    if kind == Kind.COMMITTEE and name.key != COMMITTEE:
        return None  # "Ủy ban nhân dân Bình Thạnh": a quận or a phường
    if kind == Kind.DEPARTMENT or name.key[:2] in (("tinh", "uy"), ("thanh", "uy")):
        return next((p for p in near.chain if near.levels[p] == AreaType.PROVINCE), None)
    own = near.chain[0] if near.chain else None
    if name.key[1:2] == ("uy",) and name.key[0] in ("quan", "huyen", "thi"):
        return own if own and own.word.split()[:1] == [name.key[0]] else None
    return own


def _full(phrase: str, name: Name, place: Place | None) -> str:
    """Without organs, in full, with its place."""
    words = words_of(phrase)
    text = in_full(phrase)
    starts = [word.start() for word in re.finditer(r"[^\W_]+", text)]
    text = text[starts[len(words) - len(without_organs(words))] :]
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
    """Who leads such bodies here: the one of the same place; for a leading body, one of a wider place."""
    leading = [(k, k.place) for k in near.homes if k.unit.kind in _LEADS[line] and k.place]
    if kind in _LEADS[line]:
        wider = [(k, own) for k, own in leading if _is_wider(k.level, area)]
        leading = [(k, own) for k, own in wider if not places[1:] or any(own.same(p) for p in places[1:])]
    elif places:
        leading = [(k, own) for k, own in leading if own.same(places[0])]
    return leading[0][0] if leading else None


def _is_wider(level: AreaType, area: AreaType) -> bool:
    return level in _WIDER and area in _WIDER and _WIDER.index(level) > _WIDER.index(area)
