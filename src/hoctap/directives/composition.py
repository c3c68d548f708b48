"""What an officer composes, as a value: clauses, deadlines, what is said once. Pure; ``composing`` words it."""

import re
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from hoctap.directives.enums import DocumentKind

KINDS = (
    DocumentKind.CV, DocumentKind.KH, DocumentKind.CT, DocumentKind.QD, DocumentKind.HD, DocumentKind.TB,
    DocumentKind.CTR, DocumentKind.PA, DocumentKind.DA, DocumentKind.NQ, DocumentKind.KL,
)  # fmt: skip
"""What is composed here; a report or a proposal gives nobody work."""


class Force(StrEnum):
    """Giao (cấp dưới), đề nghị (cơ quan không trực thuộc), khuyến khích."""

    ORDERED = "giao"
    ASKED = "de-nghi"
    ENCOURAGED = "khuyen-khich"


class Rule(StrEnum):
    """Trước ngày (that day left out), chậm nhất, đến hết."""

    BEFORE = "truoc"
    AT_LATEST = "cham-nhat"
    UNTIL_END = "den-het"


@dataclass(frozen=True)
class Section:
    """Nội dung chung: work for everybody, under a title; in a letter the title may be empty."""

    title: str
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class Assignment:
    """Giao việc: bodies by their printed names, and their tasks. A task says its role with its first words."""

    assignees: tuple[str, ...]
    tasks: tuple[str, ...]
    force: Force = Force.ORDERED

    def worded(self) -> tuple[str, ...]:
        """The tasks as printed: encouraged work says so."""
        if self.force is not Force.ENCOURAGED:
            return tuple(map(sentence, self.tasks))
        return tuple(
            task if task.lower().startswith("khuyến khích") else f"Khuyến khích {lowered(task)}"
            for task in map(tidy, self.tasks)
        )


@dataclass(frozen=True)
class Deadline:
    """Thời hạn: who sends what to whom, through whom, by when. Either ``on`` or ``month``, which comes every year,
    with its ``day`` or (without) its end."""

    what: str
    who: tuple[str, ...] = ()  # empty: "các đơn vị"
    rule: Rule = Rule.BEFORE
    on: date | None = None
    month: int | None = None
    day: int | None = None
    to: tuple[str, ...] = ()
    via: str = ""
    channel: str = ""  # "bằng văn bản", "qua hệ thống Hoctap"


@dataclass(frozen=True)
class Composition:
    """What an officer composes. Lines are plain text without marks, numbers or closing signs.

    ``asks``: how everybody together is addressed (yêu cầu, đề nghị). ``decider``: who decides, in a quyết định
    ("CHỦ TỊCH ỦY BAN NHÂN DÂN QUẬN 3"). ``opening`` leads to what follows; empty, ``opening_of`` words it.
    """

    kind: DocumentKind
    issuer: str
    subject: str
    addressees: tuple[str, ...] = ()
    asks: Force = Force.ASKED
    basis: tuple[str, ...] = ()
    decider: str = ""
    opening: str = ""
    purposes: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    slogans: tuple[str, ...] = ()  # an author in brackets at the end
    closing: str = ""

    @property
    def is_letter(self) -> bool:
        return self.kind is DocumentKind.CV


ALL_UNITS = "các đơn vị"
"""Who owes what nobody in particular is named for."""


_OUTSIDE = re.compile(
    r"(?:(?:Ủy|Uỷ) ban |UB)?(?:Mặt trận|MTTQ)|Hội(?! đồng)\b|Liên đoàn|Tổng Liên đoàn|LĐLĐ|Công đoàn|CĐCS|Đoàn\b"
    r"|(?:Tỉnh|Thành|Quận|Huyện|Thị|Đảng) (?:ủy|uỷ)|Ban (?:Tuyên giáo|Tổ chức|Dân vận|Thường vụ|Chấp hành)|Báo\b|Đài\b"
    r"|Doanh nghiệp|Các (?:hội|đoàn thể|tổ chức chính trị|doanh nghiệp)",
    re.IGNORECASE,
)


def force_for(name: str, under: bool | None) -> Force:
    """Giao to a body under the issuer, đề nghị to any other. ``under`` None, where it is not known: the Front, unions,
    associations, party bodies and enterprises are asked."""
    if under is None:
        under = not _OUTSIDE.match(tidy(name))
    return Force.ORDERED if under else Force.ASKED


def tidy(text: str) -> str:
    """One line without its dash, its closing mark and double blanks."""
    text = re.sub(r"^[-–+•]\s+", "", " ".join(text.split()))
    while text and text[-1] in " ;:,./–-" and not text.endswith(("...", "v.v.")):
        text = text[:-1]
    return text.lstrip(" ;:,.–-")


def sentence(text: str) -> str:
    """As ``tidy``, to stand at the head of a line."""
    return raised(tidy(text))


def raised(text: str) -> str:
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """For the middle of a sentence; a name or an abbreviation keeps its capital."""
    first = text.split(maxsplit=1)[0] if text else ""
    capital = text[:2].isupper() or first in _NAMES
    return text if capital else text[:1].lower() + text[1:]


_NAMES = {"Tuần", "Tháng", "Ngày", "Đề", "Chương", "Phong", "Cuộc", "Chiến"}


def as_json(made: Composition) -> dict:
    """For keeping; ``from_json`` gives the same value back."""
    said = asdict(made)
    for due in said["deadlines"]:
        due["on"] = due["on"] and due["on"].isoformat()
    return said


def from_json(said: dict) -> Composition:
    def due(given: dict) -> Deadline:
        on = given["on"] and date.fromisoformat(given["on"])
        lists = {"who": tuple(given["who"]), "to": tuple(given["to"])}
        return Deadline(**given | lists | {"on": on, "rule": Rule(given["rule"])})

    def assigned(given: dict) -> Assignment:
        return Assignment(tuple(given["assignees"]), tuple(given["tasks"]), Force(given["force"]))

    lines = ("addressees", "basis", "purposes", "targets", "slogans")
    return Composition(
        **said | {name: tuple(said[name]) for name in lines} | {
            "kind": DocumentKind(said["kind"]), "asks": Force(said["asks"]),
            "sections": tuple(Section(one["title"], tuple(one["tasks"])) for one in said["sections"]),
            "assignments": tuple(map(assigned, said["assignments"])),
            "deadlines": tuple(map(due, said["deadlines"])),
        }
    )  # fmt: skip
