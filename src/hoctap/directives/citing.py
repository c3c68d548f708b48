"""What the words of a citation say, and whether a document is the one they mean. Pure.

Numbers start again every year and every body has its own, so a number alone proves little: a date or an issuer
must agree, or the document must stand in the citing unit's own register.
"""

import re
from dataclasses import dataclass
from datetime import date

from hoctap.directives import numbers
from hoctap.kernel.vietnamese import fold

_DATE = re.compile(
    r"ngày\s+(\d{1,2})(?:\s*[/.-]\s*|\s+tháng\s+)(\d{1,2})(?:\s*[/.-]\s*|\s+năm\s+)(\d{4})", re.IGNORECASE
)
_ISSUER = re.compile(
    r"\bcủa\s+(.{2,150}?)(?=\s+(?:về|ngày|phê duyệt|ban hành|quy định|triển khai)\b|[,;(“]|\.?$)",
    re.IGNORECASE,
)
_ORGAN_OF = re.compile(r"^(?:ban thuong vu|ban chap hanh|thuong truc|dong chi)\s+(?=\S+\s)")
_SHORT = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "ldld": "lien doan lao dong",
    "tldldvn": "tong lien doan lao dong viet nam",
    "mttq": "mat tran to quoc",
    "hkh": "hoi khuyen hoc",
    "gddt": "giao duc va dao tao",
    "sgddt": "so giao duc va dao tao",
    "tp": "thanh pho",
    "hcm": "ho chi minh",
    "tphcm": "thanh pho ho chi minh",
    "tw": "trung uong",
}


@dataclass(frozen=True)
class CitationData:
    """A citation as a person gives it: the words, and what they say of number, date and issuer.

    ``is_basis``: căn cứ at the head of the document, not a mention in its text.
    """

    text: str
    number_text: str = ""
    issued_on: date | None = None
    issuer_name: str = ""
    is_basis: bool = False

    @property
    def key(self) -> str:
        return numbers.parse(self.number_text).key


def read(text: str) -> CitationData:
    """Number, date and issuer as far as one line names them: "Kế hoạch số 4753/KH-UBND ngày … của …"."""
    text = numbers.clean(text)
    issuer = _ISSUER.search(text)
    return CitationData(
        text=text,
        number_text=str(numbers.first_in(text)),
        issued_on=date_in(text),
        issuer_name=issuer[1].strip() if issuer else "",
        is_basis=fold(text).startswith(("can cu", "thuc hien")),
    )


def date_in(text: str) -> date | None:
    """The first full date written as "ngày 25 tháng 9 năm 2023" or "ngày 16/5/2023"."""
    found = _DATE.search(text)
    if not found:
        return None
    day, month, year = (int(part) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def same_number(cited_key: str, cited_on: date | None, key: str, issued_on: date | None) -> bool:
    """Equal numbers, where either side may leave out the year that the other prints or is dated in."""
    if cited_key == key:
        return True
    return _with_year(cited_key, cited_on) == _with_year(key, issued_on) is not None


def _with_year(key: str, day: date | None) -> tuple[str, int, str] | None:
    number, year, tail = numbers.parts_of(key)
    year = year or (day.year if day else None)
    return (number, year, tail) if year else None


def same_issuer(cited: str, *names: str) -> bool:
    """Whether one name only says more than the other: "Liên đoàn Lao động Thành phố" and "LĐLĐ Thành phố Hồ Chí Minh"."""
    said = _name_words(cited)
    return any(said <= words or words <= said for words in map(_name_words, names) if words and said)


def _name_words(name: str) -> set[str]:
    folded = re.sub(r"\bq\.?\s?(?=\d)", "quan ", re.sub(r"[&.,]", "", fold(name)))
    words = " ".join(_SHORT.get(word, word) for word in folded.split())
    return set(_ORGAN_OF.sub("", words).split())
