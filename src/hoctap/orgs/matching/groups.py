"""Words that mean a class of bodies, not one: "Ủy ban nhân dân 12 phường", "các trường MN, TH, THCS". Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hoctap.orgs.enums import Kind
from hoctap.orgs.matching.names import COMMITTEE, Place, area_at, named, texts, without_organs
from hoctap.orgs.matching.words import Word, words_of

_HOW_MANY = {("cac",), ("nhung",), ("toan", "the"), ("tat", "ca", "cac"), ("tat", "ca"), ("moi",), ("qui",)}
_TAIL = {
    ("truc", "thuoc"), ("thuoc",), ("tren", "dia", "ban"), ("trong",), ("cua",), ("o",), ("tai",), ("cap",), ("toan",),
    ("cung", "cap"), ("dong", "cap"), ("co", "lien", "quan"), ("lien", "quan"),
}  # fmt: skip

_ALL = (
    Kind.OFFICE, Kind.DEPARTMENT, Kind.FRONT, Kind.PARTY, Kind.FORCE, Kind.FEDERATION, Kind.SECTOR_UNION,
    Kind.ASSOCIATION,
)  # fmt: skip
_SERVICES = (Kind.CENTRE, Kind.SCHOOL, Kind.LIBRARY, Kind.OTHER)
# Words that name no class of their own: which kinds may be meant.
_VAGUE: dict[str, tuple[Kind, ...]] = {
    "so": (Kind.DEPARTMENT,),
    "phong": (Kind.OFFICE,),
    "ban": (Kind.OFFICE, Kind.DEPARTMENT, Kind.PARTY),
    "nganh": (Kind.OFFICE, Kind.DEPARTMENT, Kind.FORCE),
    "bo": (Kind.MINISTRY,),
    "hoi": (Kind.FRONT, Kind.ASSOCIATION),
    "doan the": (Kind.FRONT, Kind.FEDERATION, Kind.ASSOCIATION),
    "to chuc chinh tri xa hoi": (Kind.FRONT, Kind.FEDERATION),
    "to chuc": _ALL,
    "co quan": _ALL,
    "co quan ngang bo": (Kind.MINISTRY,),
    "don vi su nghiep": _SERVICES,
    "don vi": (*_ALL, *_SERVICES, Kind.BASE_UNION),
}
_BASE_UNION = "cong doan co so"
# Classes: how their names begin, and the kind that says it too where names differ. () begins no name.
_CLASSES: dict[str, tuple[tuple[str, ...], Kind | None]] = {
    _BASE_UNION: (("cong", "doan", "co", "so"), Kind.BASE_UNION),
    "truong": ((), Kind.SCHOOL),
    "truong hoc": ((), Kind.SCHOOL),
    "nha truong": ((), Kind.SCHOOL),
    "don vi truong hoc": ((), Kind.SCHOOL),
    "co so giao duc": ((), Kind.SCHOOL),
    "thu vien": (("thu", "vien"), Kind.LIBRARY),
    **{
        text: (tuple(text.split()), None)
        for text in (
            "mam non", "mau giao", "tieu hoc", "trung hoc co so", "trung hoc pho thong", "dai hoc", "cao dang",
            "trung cap", "hoc vien", "so", "nghiep doan", "lien doan lao dong", "hoi khuyen hoc",
            "trung tam hoc tap cong dong", "trung tam giao duc nghe nghiep giao duc thuong xuyen",
            "trung tam giao duc thuong xuyen", "phong giao duc dao tao", "so giao duc dao tao", "uy ban nhan dan",
            "hoi lien hiep phu nu", "hoi cuu chien binh", "hoi nong dan", "trung tam van hoa the thao",
            "phong van hoa thong tin", "ban chi huy cong an", "ban chi huy quan su", "tram i te", "trung tam i te",
            "benh vien",
        )
    },
}  # fmt: skip
_SCHOOL_LEVELS = re.compile(
    r"(?:truong )?((?:mam non|mau giao|tieu hoc|trung hoc co so|trung hoc pho thong)\b ?)+"
)
_LEVEL = re.compile(r"mam non|mau giao|tieu hoc|trung hoc co so|trung hoc pho thong")
_VAGUE_WORD = re.compile("|".join(sorted(_VAGUE, key=len, reverse=True)))


@dataclass(frozen=True)
class Group:
    """A class of units.

    ``begins`` and ``kinds``: a unit belongs by the beginning of its body's name or by its kind. ``areas``: only units of
    such places. ``said``: the number stated. ``vague``: the words name no class; ``narrowed``: further words say which of
    the class, and nothing known here tells; ``direct``: those directly under the speaker. ``place``: where, as said.
    """

    begins: tuple[tuple[str, ...], ...] = ()
    kinds: tuple[Kind, ...] = ()
    areas: tuple[str, ...] = ()
    said: int | None = None
    vague: bool = False
    narrowed: bool = False
    direct: bool = False
    bare: bool = False
    place: Place | None = None
    shown: str = ""


def group_of(phrase: str) -> Group | None:
    """The class that the words mean, or None when they are a single body's name or mean nothing known."""
    words = tuple(without_organs(words_of(phrase)))
    for at in range(len(words)):
        size, said = _how_many(words, at)
        if size:
            return _counted(words[:at], tuple(without_organs(words[at + size :])), said)
    classes, tail = _parted(words)
    if classes and _directly(tail) and (known := _listed(classes)):
        return _with(known, tail)
    return None


def class_of(phrase: str) -> Group | None:
    """A class named without "các", asked when no unit is called so: "Ủy ban nhân dân phường", "trường học". Sure only of
    base unions, whom their federations call so ("Ban Chấp hành Công đoàn cơ sở")."""
    words = tuple(without_organs(words_of(phrase)))
    name = named(phrase)
    if name.place and not name.place.name and len(name.places) == 1 and not name.bare:
        return Group(begins=(name.key,), areas=(name.place.word,), narrowed=True, shown=name.place.word)
    text = " ".join(texts(words))
    if text not in _CLASSES:
        return None
    return replace(_group_of_class(*_CLASSES[text], text), narrowed=text != _BASE_UNION)


def _how_many(words: Sequence[Word], at: int) -> tuple[int, int | None]:
    """The words that make it many, and the number they say; (0, None): none here."""
    for size in (3, 2, 1):
        if texts(words[at : at + size]) in _HOW_MANY:
            return size, None
    number = words[at].text
    before = words[at - 1].text if at else ""
    if (
        not number.isdecimal()
        or len(number) > 5
        or before in ("so", "khoi", "to", "khu", "doi")
        or at + 1 == len(words)
    ):
        return 0, None
    named_before = at and (area_at(words, at - 1) or (at > 1 and area_at(words, at - 2) == 2))
    area = area_at(words, at + 1)
    if area and not named_before and _only_areas(words[at + 1 :]):
        return 1, int(number)
    known = not at and not area and _listed(_parted(tuple(without_organs(words[1:])))[0])
    return (1, int(number)) if known else (0, None)


def _counted(body: Sequence[Word], rest: tuple[Word, ...], said: int | None) -> Group | None:
    areas, tail = _areas(rest)
    key = texts(body)
    if areas and (not tail or _is_tail(tail)):
        if key[-1:] == ("cua",):
            key = key[:-1]
        known = Group(
            begins=(key or COMMITTEE,), areas=areas, said=said, bare=not key, shown=", ".join(areas)
        )
        return _with(known, tail)
    classes, tail = _parted(rest)
    if not key:
        listed = _listed(classes)
        return _with(listed, tail, said) if listed else None
    text = " ".join(key)
    if text in _CLASSES:  # "Công đoàn cơ sở các cơ quan, doanh nghiệp"
        begins, kind = _CLASSES[text]
        return Group(begins=(begins,), kinds=(kind,) if kind else (), said=said, narrowed=True, shown=text)
    return None


def _with(known: Group, tail: Sequence[Word], said: int | None = None) -> Group:
    text = " ".join(texts(tail))
    if text == "truc thuoc trung uong":
        return known
    place = next((p for at in range(len(tail)) if area_at(tail, at) for p in _places(tail[at:])), None)
    told = ("truc thuoc", "thuoc", "tren dia ban", "trong", "cua", "o", "tai", "toan", "cap")
    narrowed = known.narrowed or "lien quan" in text or "cung cap" in text or "dong cap" in text
    if tail and not narrowed and not place and not text.startswith(told):
        narrowed = True
    direct = _directly(tail) or known.direct
    kinds = tuple(Kind) if direct and known.shown == "don vi" else known.kinds
    return replace(known, kinds=kinds, said=said or known.said, narrowed=narrowed, direct=direct, place=place)


def _places(words: Sequence[Word]) -> tuple[Place, ...]:
    return named(" ".join(word.shown for word in words)).places


def _directly(tail: Sequence[Word]) -> bool:
    return texts(tail[:2]) == ("truc", "thuoc")


def _areas(words: Sequence[Word]) -> tuple[tuple[str, ...], tuple[Word, ...]]:
    """ "phường, xã, thị trấn" and what follows."""
    found: list[str] = []
    at = 0
    while at < len(words) and (size := area_at(words, at)):
        found.append(" ".join(texts(words[at : at + size])))
        at += size
    return tuple(found), tuple(words[at:])


def _only_areas(words: Sequence[Word]) -> bool:
    areas, tail = _areas(words)
    return bool(areas) and (not tail or _is_tail(tail))


def _is_tail(words: Sequence[Word]) -> bool:
    return any(texts(words[:size]) in _TAIL for size in (1, 2, 3))


def _parted(words: tuple[Word, ...]) -> tuple[list[str], tuple[Word, ...]]:
    """The classes named one after another, and the words behind them that say where."""
    end = next((at for at in range(len(words)) if _ends(words, at)), len(words))
    classes: list[list[str]] = []
    for word in words[:end]:
        if word.linked or not classes:
            classes.append([])
        classes[-1].append(word.text)
    return [" ".join(parts) for parts in classes], words[end:]


def _ends(words: Sequence[Word], at: int) -> bool:
    return bool(at) and (_is_tail(words[at:]) or bool(area_at(words, at)))


def _listed(classes: Sequence[str]) -> Group | None:
    """Many classes as one; None when none of them is known."""
    if not classes:
        return None
    if classes != ["so"] and all(_vague_words(text) for text in classes):
        kinds = {kind: None for text in classes for word in _vague_words(text) for kind in _VAGUE[word]}
        return Group(kinds=tuple(kinds), vague=True, shown=", ".join(classes))
    known = [group for text in classes for group in _class(text)]
    if not any(group.begins or group.kinds for group in known):
        return None
    return Group(
        begins=tuple(begins for group in known for begins in group.begins),
        kinds=tuple(kind for group in known for kind in group.kinds),
        narrowed=any(group.narrowed for group in known),
        shown=", ".join(classes),
    )


def _vague_words(text: str) -> list[str]:
    """ "ban nganh" → ["ban", "nganh"]; [] when anything else stands there."""
    words = _VAGUE_WORD.findall(text)
    return words if " ".join(words) == text else []


def _class(text: str) -> Iterator[Group]:
    if _SCHOOL_LEVELS.fullmatch(text):
        for level in _LEVEL.findall(text):
            yield Group(begins=(tuple(level.split()),))
        return
    level = text.removeprefix("truong ")
    text = level if any(f"{level} ".startswith(f"{name} ") for name in _CLASSES) else text
    if text in _CLASSES:
        yield _group_of_class(*_CLASSES[text], text)
        return
    wider = max((c for c in _CLASSES if text.startswith(f"{c} ")), key=len, default=None)
    group = _group_of_class(*_CLASSES[wider], text) if wider and wider != "so" else Group()
    yield Group(group.begins, group.kinds, narrowed=True)


def _group_of_class(begins: tuple[str, ...], kind: Kind | None, shown: str) -> Group:
    return Group(begins=(begins,) if begins else (), kinds=(kind,) if kind else (), shown=shown)
