"""A directive composed here: a small value in, the official text out. Pure.

The text is worded as Nghị định 30/2020 and such documents word it, and as regularly as reading needs: read back
(``reading.read``), it gives the same clauses. All else (register, search, paper) works on the text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from hoctap.directives.enums import DocumentKind
from hoctap.forms.spec import FIXED_COLUMNS, FormSpec

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
            return tuple(map(tidy, self.tasks))
        return tuple(
            task if task.lower().startswith("khuyến khích") else f"Khuyến khích {_lowered(task)}"
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
_CITES = re.compile(r"(?:Căn cứ|Thực hiện|Triển khai|Theo|Xét)\b\s*", re.IGNORECASE)
_RULES = {Rule.BEFORE: "trước", Rule.AT_LATEST: "chậm nhất", Rule.UNTIL_END: "đến hết"}
_SO_THAT = "Nhằm theo dõi kịp thời tình hình thực hiện, "
_ROMAN = ("I", "II", "III", "IV", "V")


def body(made: Composition, form: FormSpec | None = None) -> str:
    """The text from Kính gửi or Căn cứ on, with the appendices; number, date and signature stand in the register."""
    appended = appendices(made, form)
    return "\n".join([main(made), *([appended] if appended else [])])


def main(made: Composition) -> str:
    """The text without appendices, one paragraph a line."""
    if made.kind is DocumentKind.QD:
        lines = _decision(made)
    else:
        lines = _letter(made) if made.is_letter else _plan(made)
    return "\n".join(lines)


def _letter(made: Composition) -> Iterator[str]:
    """Công văn: what is carried out and what is asked in one paragraph, then numbered points."""
    names = [tidy(name) for name in made.addressees]
    yield f"Kính gửi: {names[0]}." if len(names) == 1 else "Kính gửi:"
    yield from (f"- {name}{';' if name is not names[-1] else '.'}" for name in names if len(names) > 1)
    points = [*made.sections, *_aims(made)]
    cited = "; ".join(_cited(line) for line in made.basis)
    led = _led(made) if points or made.assignments or made.opening else ""
    yield from filter(None, [f"{f'Thực hiện {cited}. ' if cited else ''}{led}".strip()])
    number = 0
    for section in points:
        if section.title:
            number += 1
            yield f"{number}. {tidy(section.title)}"
            yield from _dashed(section.tasks)
            continue
        for task in section.tasks:
            number += 1
            yield _ended(f"{number}. {tidy(task)}")
    yield from _assigned(made.assignments, number + 1)
    if made.deadlines:
        yield f"Nhận được công văn này, {_due(made, made.deadlines[0])}" + "".join(
            f" {_raised(_due(made, due))}" for due in made.deadlines[1:]
        )
    yield _ended(tidy(made.closing or closing_of(made)))


def _aims(made: Composition) -> list[Section]:
    return [Section("Mục tiêu", made.targets)] if made.targets else []


def _plan(made: Composition) -> Iterator[str]:
    """Kế hoạch, chỉ thị, hướng dẫn …: chapters I, II, III, as far as there is something to say in them."""
    yield from _grounds(made.basis)
    yield _led(made)
    work = [section for section in made.sections if section.tasks]
    chapters = [
        ("MỤC ĐÍCH, YÊU CẦU", list(_dashed(made.purposes))),
        ("MỤC TIÊU", list(_dashed(made.targets))),
        ("NỘI DUNG THỰC HIỆN", list(_numbered(work))),
        ("TỔ CHỨC THỰC HIỆN", list(_assigned(made.assignments))),
        (
            "CHẾ ĐỘ THÔNG TIN, BÁO CÁO",
            [f"{_SO_THAT}{_due(made, due)}" for due in made.deadlines],
        ),
    ]
    for roman, (title, lines) in zip(_ROMAN, [c for c in chapters if c[1]], strict=False):
        yield f"{roman}. {title}"
        yield from lines
    yield _ended(tidy(made.closing or closing_of(made)))


def _numbered(sections: Sequence[Section]) -> Iterator[str]:
    if len(sections) == 1 and not sections[0].title:
        yield from _dashed(sections[0].tasks)
        return
    for number, section in enumerate(sections, 1):
        yield f"{number}. {tidy(section.title) or 'Nhiệm vụ chung'}"
        yield from _dashed(section.tasks)


def _assigned(assignments: Sequence[Assignment], first: int = 1) -> Iterator[str]:
    for number, given in enumerate(assignments, first):
        yield f"{number}. {_heading(given)}"
        yield from _dashed(given.worded())


def _decision(made: Composition) -> Iterator[str]:
    """Quyết định: who decides, the grounds, then articles; the last one says from when it holds."""
    yield (tidy(made.decider) or made.issuer).upper()
    yield from _grounds(made.basis)
    yield "QUYẾT ĐỊNH:"
    articles = [[_ended(tidy(made.opening))]] if tidy(made.opening) else []
    if made.targets:
        articles.append(["Mục tiêu", *_dashed(made.targets)])
    if made.sections:
        articles.append(["Nội dung thực hiện", *_numbered(made.sections)])
    for given in made.assignments:
        charged = " có trách nhiệm:" if given.force is Force.ORDERED else ":"
        articles.append([f"{_heading(given)}{charged}", *_dashed(given.worded())])
    articles += [[f"{_SO_THAT}{_due(made, due)}"] for due in made.deadlines]
    articles.append([_ended(tidy(made.closing or closing_of(made)))])
    for number, (first, *rest) in enumerate(articles, 1):
        yield f"Điều {number}. {first}"
        yield from rest


def appendices(made: Composition, form: FormSpec | None = None) -> str:
    """Khẩu hiệu, then the form as a table (cells parted by tabs); empty without either."""
    parts = []
    if made.slogans:
        told = [_ended(f"{number}. {tidy(text)}") for number, text in enumerate(made.slogans, 1)]
        parts.append(["MỘT SỐ KHẨU HIỆU TUYÊN TRUYỀN", *told])
    if form:
        title = " ".join(form.title.split()).upper()
        parts.append([title, *("\t".join(row) for row in form_rows(form))])
    numbered = len(parts) > 1
    return "\n".join(
        line
        for place, part in enumerate(parts)
        for line in (f"Phụ lục {_ROMAN[place]}" if numbered else "Phụ lục", *part)
    )


def form_rows(form: FormSpec) -> list[list[str]]:
    """The empty form: headings in one line, or two where columns stand under a common one; then its lines."""
    grouped = any(column.group for column in form.columns)
    top, under, last = [], [], ""
    for column in form.columns:
        top.append(column.label if not column.group else column.group if column.group != last else "")
        under.append(column.label if column.group else "")
        last = column.group
    figures = [""] * len(form.figure_columns)
    rows = [[line.printed, line.label, line.unit_of_measure, *figures, ""] for line in form.lines]
    order = {key: place for place, key in enumerate(_in_row(form))}
    placed = [[row[order[column.key]] for column in form.columns] for row in rows]
    cells = [[" ".join(cell.split()) for cell in row] for row in placed]
    return [top, *([under] if grouped else []), *cells]


def _in_row(form: FormSpec) -> list[str]:
    number, label, unit, note = FIXED_COLUMNS
    return [number, label, unit, *(column.key for column in form.figure_columns), note]


def opening_of(made: Composition) -> str:
    """The sentence that leads to what follows, where the officer words none; a quyết định has none."""
    if made.kind is DocumentKind.QD:
        return ""
    speaks = tidy(made.issuer)
    if made.is_letter and not (made.sections or made.targets):
        return f"{speaks} phân công thực hiện như sau:"
    if made.is_letter:
        whom = ", ".join(map(tidy, made.addressees)) if 0 < len(made.addressees) <= 3 else ALL_UNITS
        return f"{speaks} {_asking(made.asks)} {whom} thực hiện một số nội dung sau:"
    if made.kind is DocumentKind.CT:
        return f"{speaks} {_asking(made.asks)} các cơ quan, đơn vị thực hiện như sau:"
    verb = {DocumentKind.HD: "hướng dẫn", DocumentKind.TB: "thông báo"}.get(made.kind)
    subject = _lowered(tidy(made.subject))
    if verb:
        return f"{speaks} {verb} {subject.removeprefix(f'{verb} ')} như sau:"
    return f"{speaks} xây dựng {made.kind.label} {subject} như sau:"


def closing_of(made: Composition) -> str:
    if made.is_letter:
        return "Trân trọng"
    if made.kind is DocumentKind.QD:
        return "Quyết định này có hiệu lực kể từ ngày ký"
    if made.kind is DocumentKind.CT:
        return _raised(
            f"{_asking(made.asks)} các cơ quan, đơn vị nghiêm túc triển khai thực hiện Chỉ thị này"
        )
    subject = _lowered(tidy(made.subject))
    return (
        f"Trên đây là {made.kind.label} {subject}, {_asking(made.asks)} các cơ quan, đơn vị "
        "nghiêm túc triển khai thực hiện"
    )


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


def citation_line(kind: str, number: str, issued_on: date | None, issuer: str, subject: str) -> str:
    """Of a document in the register: "Căn cứ Kế hoạch số 4753/KH-UBND ngày 25 tháng 9 năm 2023 của … về …"."""
    parts = [
        f"Căn cứ {kind}",
        f"số {number}" if number else "",
        day_words(issued_on) if issued_on else "",
        f"của {issuer}",
        f"về {_lowered(tidy(subject))}" if subject else "",
    ]
    return " ".join(filter(None, parts))


def day_words(day: date) -> str:
    """ "ngày 02 tháng 10 năm 2023": days 1 to 9 and months 1, 2 carry a zero (Nghị định 30/2020)."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def tidy(text: str) -> str:
    """One line without its dash, its closing mark and double blanks."""
    text = re.sub(r"^[-–+•]\s+", "", " ".join(text.split()))
    while text and text[-1] in " ;:,./–-" and not text.endswith(("...", "v.v.")):
        text = text[:-1]
    return _raised(text.lstrip(" ;:,.–-"))


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lowered(text: str) -> str:
    """For the middle of a sentence; a name or an abbreviation keeps its capital."""
    first = text.split(maxsplit=1)[0] if text else ""
    capital = text[:2].isupper() or first in _NAMES
    return text if capital else text[:1].lower() + text[1:]


_NAMES = {"Tuần", "Tháng", "Ngày", "Đề", "Chương", "Phong", "Cuộc", "Chiến"}


def _ended(text: str) -> str:
    return text if text.endswith(("...", "v.v.")) else f"{text}."


def _dashed(lines: Iterable[str]) -> Iterator[str]:
    return (_ended(f"- {text}") for line in lines if (text := tidy(line)))


def _grounds(basis: Sequence[str]) -> Iterator[str]:
    lines = [tidy(line) for line in basis]
    for line in lines:
        said = line if _CITES.match(line) else f"Căn cứ {_lowered(line)}"
        yield f"{said}{'.' if line is lines[-1] else ';'}"


def _cited(line: str) -> str:
    return _raised(_CITES.sub("", tidy(line), count=1))


def _led(made: Composition) -> str:
    opening = tidy(made.opening) or tidy(opening_of(made))
    return f"{opening}:"


def _heading(given: Assignment) -> str:
    names = ", ".join(map(tidy, given.assignees))
    return f"Đề nghị {names}" if given.force is Force.ASKED else names


def _asking(force: Force) -> str:
    return "yêu cầu" if force is Force.ORDERED else "đề nghị"


def _due(made: Composition, due: Deadline) -> str:
    """ "đề nghị A, B gửi báo cáo … về C (thông qua D) trước ngày 13/10/2023, bằng văn bản."."""
    who = ", ".join(map(tidy, due.who)) or ALL_UNITS
    to = f" về {_together(due.to)}" if due.to else ""
    via = f" (thông qua {tidy(due.via)})" if due.via else ""
    channel = f", {_lowered(tidy(due.channel))}" if due.channel else ""
    return f"{_asking(made.asks)} {who} gửi {_lowered(tidy(due.what))}{to}{via} {_when(due)}{channel}."


def _together(names: Sequence[str]) -> str:
    """ "A, B và C"."""
    *before, last = map(tidy, names)
    return f"{', '.join(before)} và {last}" if before else last


def _when(due: Deadline) -> str:
    if due.on:
        return f"{_RULES[due.rule]} ngày {due.on:%d/%m/%Y}"
    if due.day:
        return f"{_RULES[due.rule]} ngày {due.day:02d} tháng {due.month} hằng năm"
    return f"chậm nhất vào cuối tháng {due.month} hằng năm"


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
