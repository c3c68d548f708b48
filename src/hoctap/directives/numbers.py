"""Số, ký hiệu văn bản: every printed style in, one folded key out. Pure; touches no database.

Styles (domain notes §3.3, Nghị định 30/2020/NĐ-CP and the source documents):
state ``333/KH-UBND`` · letter and union ``245/LĐLĐ``, ``1118/LĐLĐ-TG`` · party ``305-CV/BTGQU``, ``49-KL/TW``
(also misordered, ``04/CT-TU``) · joint ``42/KH-SGDĐT-HKH`` · with year ``37/2023/NQ-HĐND`` · law
``91/2025/QH15`` · blank ``/KH-UBND`` (number not yet given) · absent · anything else, kept as printed.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from hoctap.directives.enums import DocumentKind
from hoctap.kernel.vietnamese import fold


class Style(StrEnum):
    """Kiểu số, ký hiệu."""

    STATE = "state"
    LETTER = "letter"
    PARTY = "party"
    JOINT = "joint"
    YEAR = "year"
    LAW = "law"
    BLANK = "blank"
    ABSENT = "absent"
    OTHER = "other"


@dataclass(frozen=True)
class Number:
    """Số, ký hiệu. ``str()`` writes it in its style's proper order, without stray spaces.

    ``number`` is the running number ("333", "04"; empty when blank or absent), ``notation`` all that follows
    its separator ("KH-UBND", "CV/BTGQU", "2023/NQ-HĐND"), ``key`` the folded form that two spellings of one
    number share ("333/kh-ubnd", "4/ct-tu"; empty when there is no number to find it by).
    """

    number: str
    notation: str
    style: Style
    key: str

    def __str__(self) -> str:
        if self.style is Style.ABSENT:
            return ""
        if self.style is Style.OTHER:
            return f"{self.number}{self.notation}"
        party = self.style is Style.PARTY or re.match(r"[^\d/]+/", self.notation)
        return f"{self.number}{'-' if party else '/'}{self.notation}"


ABSENT = Number("", "", Style.ABSENT, "")

_KINDS = {k.value for k in DocumentKind if k not in (DocumentKind.CV, DocumentKind.OTHER)} | {
    *("QC", "QyĐ", "TC", "DA", "BB", "HĐ", "CĐ", "BGN", "BTT", "GUQ", "GGT", "GNP", "PG", "PC", "PB"),
    *("SY", "TrS", "SL", "TTLT", "NQLT", "VBHN"),
}
_KINDS_FOLDED = {fold(k) for k in _KINDS}
_PARTY_ORGAN = re.compile(r"(?:BTG|BTC|BDV|BNC|UBKT|VP|HĐLL)?(?:TW|TU|QU|HU|ĐU)")
_LABEL = re.compile(r"^s[ốo](?:\s*[:.]\s*|\s+|(?=\d)|(?=/)|$)", re.IGNORECASE)
_NUMBER = r"(\d{1,10}[A-Za-zĐđ]?)"
_ORGAN = r"[^\W\d_][\w.&()]*"
_NOTATION = rf"{_ORGAN}(?:-{_ORGAN})*"
_WITH_YEAR = re.compile(rf"{_NUMBER}?/((?:19|20)\d\d)/({_NOTATION})")
_PARTY = re.compile(rf"{_NUMBER}?-({_ORGAN})/({_NOTATION})")
_SLASH = re.compile(rf"{_NUMBER}?/({_NOTATION})")


def clean(text: str) -> str:
    """NFC, Ð (U+00D0, a scanner's) as Đ, every dash as "-", single spaces."""
    text = unicodedata.normalize("NFC", text).replace("\u00d0", "Đ").replace("\u00f0", "đ")
    return " ".join(re.sub("[\u2010-\u2015\u2212]", "-", text).split())


def printed(text: str) -> str:
    """What a document prints after "Số:", its spacing and order kept."""
    return _LABEL.sub("", clean(text))


def parse(text: str) -> Number:
    """Read a printed number, with or without "Số:"; never fails: what no style fits is kept as it stands."""
    text = printed(text)
    tight = re.sub(r"^[.…_\s]+(?=[/-])", "", text)
    tight = re.sub(r"\s*([/-])\s*", r"\1", tight)
    if not tight.strip("./-…_"):
        return ABSENT
    if found := _WITH_YEAR.fullmatch(tight):
        number, year, notation = found.groups()
        style = Style.LAW if re.fullmatch(r"QH\d+", notation) else Style.YEAR
        return _made(number or "", f"{year}/{notation}", style)
    if found := _PARTY.fullmatch(tight):
        number, kind, organ = found.groups()
        return _made(number or "", f"{kind}/{organ}", Style.PARTY)
    if found := _SLASH.fullmatch(tight):
        return _slashed(found[1] or "", found[2])
    if found := re.match(_NUMBER, tight):
        return Number(found[1], tight[found.end() :], Style.OTHER, fold(tight).replace(" ", ""))
    return Number("", tight, Style.OTHER, "")


def _slashed(number: str, notation: str) -> Number:
    parts = notation.split("-")
    if fold(parts[0]) not in _KINDS_FOLDED:
        return _made(number, notation, Style.LETTER)
    if len(parts) == 2 and _PARTY_ORGAN.fullmatch(parts[1]):
        return _made(number, "/".join(parts), Style.PARTY)
    return _made(number, notation, Style.JOINT if len(parts) > 2 else Style.STATE)


def _made(number: str, notation: str, style: Style) -> Number:
    if not number:
        return Number("", notation, Style.BLANK, "")
    tail = fold(notation).replace(" ", "")
    if style is Style.PARTY:
        tail = tail.replace("/", "-")
    return Number(number, notation, style, f"{_unpadded(number)}/{tail}")


def _unpadded(number: str) -> str:
    return fold(number).lstrip("0") or "0"


def prefix(text: str) -> str:
    """The start of a key for a number being typed in a search: "333/kh", "305-cv", "09" → "9"; else empty."""
    tight = re.sub(r"\s+", "", fold(printed(text)))
    found = re.fullmatch(r"(\d{1,10}[a-z]?)(?:([/-])([\w./&()-]*))?", tight)
    if not found:
        return ""
    number, separator, tail = found[1], found[2], found[3] or ""
    if separator == "-":
        tail = tail.replace("/", "-")
    return _unpadded(number) + ("/" if separator else "") + tail


def parts_of(key: str) -> tuple[str, int | None, str]:
    """A key's number, the year it prints (or None) and the rest: "24/2023/tt-bgddt" → ("24", 2023, "tt-bgddt")."""
    number, _, tail = key.partition("/")
    year, slash, rest = tail.partition("/")
    if slash and re.fullmatch(r"(?:19|20)\d\d", year):
        return number, int(year), rest
    return number, None, tail


def keys_of(key: str, year: int | None) -> set[str]:
    """The keys one document may be cited under: 24/2023/TT-BGDĐT is also written 24/TT-BGDĐT of 2023."""
    if "/" not in key:
        return {key} - {""}
    number, printed, tail = parts_of(key)
    if printed:
        return {key, f"{number}/{tail}"}
    return {key, f"{number}/{year}/{tail}"} if year else {key}


_IN_TEXT = re.compile(
    rf"(?<![\w/-]){_NUMBER}\s?(?:/(?:19|20)\d\d)?[/-]\s?[A-ZĐ][\w.&]*"
    r"(?:[-/][A-ZĐ][\w.&]*|[-/]\s[A-ZĐ]{2}[\w.&]*)*"
)


def first_in(text: str) -> Number:
    """The first number written inside a citation: "Kế hoạch số 4753/KH-UBND ngày …"; ABSENT when none."""
    found = _IN_TEXT.search(clean(text))
    return parse(found[0].rstrip(".")) if found else ABSENT


def suggested_notation(kind: DocumentKind, short_name: str) -> str:
    """What a unit writes first: "KH-UBND" of "UBND Quận 3", "SGDĐT" (a công văn bears no kind) of "Sở GD&ĐT"."""
    organ = ""
    for word in short_name.split():
        letters = "".join(letter for letter in word if letter.isalpha())
        organ += letters if letters.isupper() else letters[:1].upper()
        if letters.isupper():
            break
    return organ if kind in (DocumentKind.CV, DocumentKind.OTHER) else f"{kind.value}-{organ}"
