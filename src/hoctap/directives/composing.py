"""A composition as the official text. Pure.

It is worded as Nghị định 30/2020 and such documents word it, and as regularly as reading needs: read back
(``reading.read``), it gives the same clauses. All else (register, search, paper) works on the text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from hoctap.directives.composition import (
    ALL_UNITS,
    Assignment,
    Composition,
    Deadline,
    Force,
    Rule,
    Section,
    lowered,
    raised,
    sentence,
    tidy,
)
from hoctap.directives.enums import DocumentKind
from hoctap.forms.spec import FIXED_COLUMNS, FormSpec

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
    names = [sentence(name) for name in made.addressees]
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
            yield f"{number}. {sentence(section.title)}"
            yield from _dashed(section.tasks)
            continue
        for task in section.tasks:
            number += 1
            yield _ended(f"{number}. {sentence(task)}")
    yield from _assigned(made.assignments, number + 1, letter=True)
    if made.deadlines:
        yield f"Nhận được công văn này, {_due(made, made.deadlines[0])}" + "".join(
            f" {raised(_due(made, due))}" for due in made.deadlines[1:]
        )
    yield _ended(sentence(made.closing or closing_of(made)))


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
    yield _ended(sentence(made.closing or closing_of(made)))


def _numbered(sections: Sequence[Section]) -> Iterator[str]:
    if len(sections) == 1 and not sections[0].title:
        yield from _dashed(sections[0].tasks)
        return
    for number, section in enumerate(sections, 1):
        yield f"{number}. {sentence(section.title) or 'Nhiệm vụ chung'}"
        yield from _dashed(section.tasks)


def _assigned(assignments: Sequence[Assignment], first: int = 1, letter: bool = False) -> Iterator[str]:
    for number, given in enumerate(assignments, first):
        yield f"{number}. {_heading(given, letter)}"
        yield from _dashed(given.worded())


def _decision(made: Composition) -> Iterator[str]:
    """Quyết định: who decides, the grounds, then articles; the last one says from when it holds."""
    yield (tidy(made.decider) or made.issuer).upper()
    yield from _grounds(made.basis)
    yield "QUYẾT ĐỊNH:"
    articles = [[_ended(sentence(made.opening))]] if tidy(made.opening) else []
    if made.targets:
        articles.append(["Mục tiêu", *_dashed(made.targets)])
    if made.sections:
        articles.append(["Nội dung thực hiện", *_numbered(made.sections)])
    for given in made.assignments:
        charged = " có trách nhiệm:" if given.force is Force.ORDERED else ":"
        articles.append([f"{_heading(given)}{charged}", *_dashed(given.worded())])
    articles += [[f"{_SO_THAT}{_due(made, due)}"] for due in made.deadlines]
    articles.append([_ended(sentence(made.closing or closing_of(made)))])
    for number, (first, *rest) in enumerate(articles, 1):
        yield f"Điều {number}. {first}"
        yield from rest


def appendices(made: Composition, form: FormSpec | None = None) -> str:
    """Khẩu hiệu, then the form as a table (cells parted by tabs); empty without either."""
    parts = []
    if made.slogans:
        told = [_ended(f"{number}. {sentence(text)}") for number, text in enumerate(made.slogans, 1)]
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
    speaks = sentence(made.issuer)
    if made.is_letter and not (made.sections or made.targets):
        return f"{speaks} phân công thực hiện như sau:"
    if made.is_letter:
        whom = ", ".join(map(tidy, made.addressees)) if 0 < len(made.addressees) <= 3 else ALL_UNITS
        return f"{speaks} {_asking(made.asks)} {whom} thực hiện một số nội dung sau:"
    if made.kind is DocumentKind.CT:
        return f"{speaks} {_asking(made.asks)} các cơ quan, đơn vị thực hiện như sau:"
    verb = {DocumentKind.HD: "hướng dẫn", DocumentKind.TB: "thông báo"}.get(made.kind)
    subject = lowered(tidy(made.subject))
    if verb:
        return f"{speaks} {verb} {subject.removeprefix(f'{verb} ')} như sau:"
    return f"{speaks} xây dựng {made.kind.label} {subject} như sau:"


def closing_of(made: Composition) -> str:
    if made.is_letter:
        return "Trân trọng"
    if made.kind is DocumentKind.QD:
        return "Quyết định này có hiệu lực kể từ ngày ký"
    if made.kind is DocumentKind.CT:
        return raised(f"{_asking(made.asks)} các cơ quan, đơn vị nghiêm túc triển khai thực hiện Chỉ thị này")
    subject = lowered(tidy(made.subject))
    return (
        f"Trên đây là {made.kind.label} {subject}, {_asking(made.asks)} các cơ quan, đơn vị "
        "nghiêm túc triển khai thực hiện"
    )


def citation_line(kind: str, number: str, issued_on: date | None, issuer: str, subject: str) -> str:
    """Of a document in the register: "Căn cứ Kế hoạch số 4753/KH-UBND ngày 25 tháng 9 năm 2023 của … về …"."""
    parts = [
        f"Căn cứ {kind}",
        f"số {number}" if number else "",
        day_words(issued_on) if issued_on else "",
        f"của {issuer}",
        f"về {lowered(tidy(subject))}" if subject else "",
    ]
    return " ".join(filter(None, parts))


def day_words(day: date) -> str:
    """ "ngày 02 tháng 10 năm 2023": days 1 to 9 and months 1, 2 carry a zero (Nghị định 30/2020)."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def _ended(text: str) -> str:
    return text if text.endswith(("...", "v.v.")) else f"{text}."


def _dashed(lines: Iterable[str]) -> Iterator[str]:
    return (_ended(f"- {text}") for line in lines if (text := sentence(line)))


def _grounds(basis: Sequence[str]) -> Iterator[str]:
    lines = [sentence(line) for line in basis]
    for line in lines:
        said = line if _CITES.match(line) else f"Căn cứ {line}"
        yield f"{said}{'.' if line is lines[-1] else ';'}"


def _cited(line: str) -> str:
    return raised(_CITES.sub("", tidy(line), count=1))


def _led(made: Composition) -> str:
    opening = sentence(made.opening or opening_of(made))
    return f"{opening}:"


def _heading(given: Assignment, letter: bool = False) -> str:
    """A letter asks as a whole: in it who is ordered is told so."""
    names = ", ".join(map(tidy, given.assignees))
    if given.force is Force.ASKED:
        return f"Đề nghị {names}"
    return f"Giao {names}" if letter and given.force is Force.ORDERED else raised(names)


def _asking(force: Force) -> str:
    return "yêu cầu" if force is Force.ORDERED else "đề nghị"


def _due(made: Composition, due: Deadline) -> str:
    """ "đề nghị A, B gửi báo cáo … về C (thông qua D) trước ngày 13/10/2023, bằng văn bản."."""
    who = ", ".join(map(tidy, due.who)) or ALL_UNITS
    to = f" về {_together(due.to)}" if due.to else ""
    via = f" (thông qua {tidy(due.via)})" if due.via else ""
    channel = f", {lowered(tidy(due.channel))}" if due.channel else ""
    return f"{_asking(made.asks)} {who} gửi {lowered(tidy(due.what))}{to}{via} {_when(due)}{channel}."


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
