"""A name taken apart: the body, and the places it is of. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hoctap.orgs.enums import AreaType
from hoctap.orgs.matching.words import Word, same_accents, words_of

COMMITTEE = ("uy", "ban", "nhan", "dan")
LEVELS = {
    ("phuong",): AreaType.COMMUNE,
    ("xa",): AreaType.COMMUNE,
    ("thi", "tran"): AreaType.COMMUNE,
    ("dac", "khu"): AreaType.COMMUNE,
    ("quan",): AreaType.DISTRICT,
    ("huyen",): AreaType.DISTRICT,
    ("thi", "xa"): AreaType.DISTRICT,
    ("thanh", "pho"): AreaType.NONE,  # of a province or a province itself
    ("tinh",): AreaType.PROVINCE,
}
_SHOWN = {
    "phuong": "phường",
    "xa": "xã",
    "thi tran": "thị trấn",
    "dac khu": "đặc khu",
    "quan": "quận",
    "huyen": "huyện",
    "thi xa": "thị xã",
    "thanh pho": "thành phố",
    "tinh": "tỉnh",
}
_NO_AREA = {
    "xa": {"hoi"},
    "quan": {"su", "li", "tri", "doi", "nhan", "khu", "uy", "i", "chuyen", "doan"},
    "huyen": {"uy"},
    "tinh": {"uy", "nguyen", "doan"},
    "phuong": {"tien", "phap", "an"},
}
_BEFORE = {"xã": {"tac"}, "xa": {"tac"}, "quan": {"co", "hai", "lien", "si"}}
# What leads or speaks for a body is the body itself.
_ORGANS = [
    tuple(organ.split())
    for organ in (
        "ban chap hanh", "ban thuong vu", "ban thuong truc", "thuong truc", "ban giam doc", "ban giam hieu",
        "ban lanh dao", "lanh dao", "thu truong", "pho chu tich", "chu tich", "pho giam doc", "giam doc",
        "pho hieu truong", "hieu truong", "chanh",
    )
]  # fmt: skip
_SCHOOLS = [
    ("mam", "non"), ("mau", "giao"), ("tieu", "hoc"), ("trung", "hoc"), ("trung", "cap"), ("cao", "dang"), ("dai", "hoc"),
]  # fmt: skip


@dataclass(frozen=True)
class Place:
    """ "Quận 3": ``word`` quan, ``name`` 3. No word: "Gò Vấp"; no name: "quận", as said of one's own."""

    word: str
    name: str
    shown: str = ""

    @property
    def level(self) -> AreaType:
        return LEVELS.get(tuple(self.word.split()), AreaType.NONE)

    def same(self, other: "Place") -> bool:
        """A word may be left out, but not before a number."""
        if self.name != other.name or not self.name:
            return False
        both = self.word and other.word
        return self.word == other.word or (not both and not self.name[0].isdigit())


@dataclass(frozen=True)
class Name:
    """``body`` and ``places`` (the nearest first) of a name; ``bare``: nothing but a place was said ("Phường 12")."""

    body: tuple[Word, ...]
    places: tuple[Place, ...] = ()
    bare: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        return texts(self.body)

    @property
    def place(self) -> Place | None:
        return self.places[0] if self.places else None


def texts(words: Iterable[Word]) -> tuple[str, ...]:
    return tuple(word.text for word in words)


def named(text: str) -> Name:
    """The name as it stands in a document, organs ("Ban Chấp hành …") left out."""
    return _named(tuple(words_of(text)))


def place_named(text: str) -> Place | None:
    """``"Tp. Thủ Đức"``, ``"Gò Vấp"``."""
    words = words_of(text)
    if not words:
        return None
    found = _named(tuple(words))
    if found.bare:
        return found.place
    return Place("", " ".join(texts(words)), " ".join(w.shown for w in words).title())


def without_organs(words: Sequence[Word]) -> Sequence[Word]:
    """Without "Ban Chấp hành", "Chủ tịch" … before a body; alone they stay."""
    while organ := next((organ for organ in _ORGANS if _begins(words, organ)), None):
        if len(words) == len(organ):
            break
        words = words[len(organ) :]
    if _begins(words, ("truong", "phong")) and words[0].shown != "trường":
        words = words[1:]
    return words


def same_said(some: Sequence[Word], other: Sequence[Word]) -> bool:
    return all(same_accents(one, two) for one, two in zip(some, other, strict=True))


def area_at(words: Sequence[Word], at: int) -> int:
    """How many words from ``at`` on say the kind of an area ("quận", "thị xã"); 0: none."""
    for size in (2, 1):
        here = words[at : at + size]
        text = " ".join(texts(here))
        if len(here) < size or text not in _SHOWN:
            continue
        shown = " ".join(word.shown for word in here)
        after = words[at + size].text if at + size < len(words) else ""
        before = words[at - 1].text if at else ""
        if (
            shown not in (_SHOWN[text], text)
            or after in _NO_AREA.get(text, ())
            or before in _BEFORE.get(shown, ())
        ):
            continue
        return size
    return 0


@lru_cache(maxsize=8192)
def _named(words: tuple[Word, ...]) -> Name:
    words = tuple(without_organs(words))
    for at in range(len(words)):
        if area_at(words, at) and (places := _chain(words[at:])):
            body = words[:at]
            if texts(body)[-2:] == ("viet", "nam"):
                body = body[:-2]  # "Hội … Việt Nam Quận 3"
            if not body:
                return Name(tuple(Word(w, w) for w in COMMITTEE), places, bare=True)
            return Name(_school(body), places)
    return Name(_school(words))


def _chain(words: Sequence[Word]) -> tuple[Place, ...]:
    """Places to the very end, or none."""
    found: list[Place] = []
    at = 0
    while at < len(words):
        size = area_at(words, at)
        if not size:
            return ()
        end = at + size
        while end < len(words) and not area_at(words, end) and not words[end].linked:
            end += 1
        found += _place(words[at : at + size], words[at + size : end])
        at = end
    return tuple(found) if all(place.name for place in found[:-1]) else ()


def _place(area: Sequence[Word], name: Sequence[Word]) -> list[Place]:
    if len(name) > 5:
        return []
    word = " ".join(texts(area))
    kind = _SHOWN[word].capitalize()
    if len(name) > 1 and name[0].text.isdecimal():  # "Phường 14 Gò Vấp"
        return [Place(word, name[0].text, f"{kind} {name[0].text}"), _unworded(name[1:])]
    said = " ".join(w.shown for w in name)
    return [Place(word, " ".join(texts(name)), f"{kind} {said.title()}".strip())]


def _unworded(name: Sequence[Word]) -> Place:
    return Place("", " ".join(texts(name)), " ".join(w.shown for w in name).title())


def _school(body: tuple[Word, ...]) -> tuple[Word, ...]:
    """ "Trường THCS …" is "THCS …", its union's name too."""
    return tuple(
        word
        for at, word in enumerate(body)
        if word.text != "truong" or not any(_begins(body[at + 1 :], school) for school in _SCHOOLS)
    )


def _begins(words: Sequence[Word], with_: tuple[str, ...]) -> bool:
    return texts(words[: len(with_)]) == with_
