"""The words the layout rules add to a document's own text; the same for PDF and DOCX.

Nghị định 30/2020/NĐ-CP, Phụ lục I: zero-padded dates, "Số:", "V/v", dashes and ends of lists, "./.".
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date as Date

from hoctap.directives.blocks import Run, runs

from .content import Block, Bullet, Cell, FigureTable, Paper, Paragraph

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
DEMO = "Số liệu minh họa"
DRAFT = "DỰ THẢO"
WRITE_IN = "\u00a0" * 8  # room for a number, a day or a month written by hand
_SHORT_PLACE = 16  # letters; a longer one leaves less room, so that all stands on one line
NOT_REPORTED = "–"
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Cn"}
_DASH = re.compile(r"^[-–+]\s+")


def clean(text: str) -> str:
    """The text as it can be printed: composed accents (NFC), no control or invisible characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in _UNPRINTABLE).strip()


def caps(text: str) -> str:
    return clean(text).upper()


def date_words(day: Date) -> str:
    """A day as documents write it, "ngày 02 tháng 10 năm 2023": days 1–9 and months 1, 2 carry a zero."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def place_and_date(paper: Paper) -> str:
    if paper.date:
        words = date_words(paper.date)
    else:
        room = WRITE_IN if len(paper.place) <= _SHORT_PLACE else WRITE_IN[:4]
        words = f"ngày{room}tháng{room}năm {paper.blank_year or room}"
    return f"{clean(paper.place)}, {words}" if paper.place else words


def number_line(paper: Paper) -> str:
    if paper.draft:
        return DRAFT
    number = clean(paper.number)
    if not number:
        return ""
    return f"Số:{WRITE_IN}{number}" if number.startswith("/") else f"Số: {number}"


def about(paper: Paper) -> str:
    """Trích yếu công văn: "V/v tổ chức tuần lễ …"; an abbreviation keeps its capitals."""
    subject = clean(paper.subject)
    if subject[:3].lower() == "v/v":
        return subject
    return f"V/v {subject if subject[:2].isupper() else subject[:1].lower() + subject[1:]}"


def ended(lines: Iterable[str]) -> list[str]:
    """The lines of a list, each closed with a semicolon and the last with a full stop."""
    kept = [_open_ended(line) for line in map(clean, lines) if line]
    return [f"{line};" for line in kept[:-1]] + [f"{line}." for line in kept[-1:]]


def dashed(lines: Iterable[str]) -> list[str]:
    """As :func:`ended`, every line behind a dash."""
    return [f"- {_DASH.sub('', line)}" for line in ended(lines)]


def closed(text: str) -> str:
    """The last sentence with the end mark joined to it."""
    if text.endswith("./."):
        return text
    return f"{text}/." if text.endswith("...") else f"{_open_ended(text)}./."


def _open_ended(text: str) -> str:
    """Without its own closing mark; an ellipsis is part of the words and stays."""
    return text if text.endswith("...") else re.sub(r"\s*[.;:,]?\s*$", "", text)


def body_blocks(paper: Paper) -> list[Block]:
    """The body as :func:`written_out`, with the end mark on its last paragraph."""
    blocks = written_out(paper.body)
    if blocks and isinstance(blocks[-1], Paragraph | Bullet):
        blocks[-1] = replace(blocks[-1], text=closed(blocks[-1].text))
    return blocks


def written_out(blocks: Iterable[Block]) -> list[Block]:
    """One block a paragraph, dashes written out."""
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, FigureTable):
            out.append(block)
            continue
        for line in filter(None, map(str.strip, clean(block.text).split("\n"))):
            if isinstance(block, Bullet):
                line = f"{'-' if block.level == 1 else '+'} {_DASH.sub('', line)}"
            out.append(replace(block, text=line))
    return out


def runs_of(block: Block) -> list[Run]:
    """The stretches of a paragraph: only a marked one has more than one."""
    return runs(block.text) if getattr(block, "marked", False) else [Run(block.text)]


def figure(value: int) -> str:
    """A whole number as it is written here: 1234567 is "1.234.567"."""
    return f"{value:,}".replace(",", ".").replace("-", "−")


def cell_text(value: Cell) -> str:
    if value is None:
        return NOT_REPORTED
    return clean(value) if isinstance(value, str) else figure(value)


def appendix_name(position: int, total: int) -> str:
    """ "Phụ lục", or "Phụ lục II" where there are several."""
    if total == 1:
        return "Phụ lục"
    numeral, left = "", position
    for value, letters in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        numeral, left = numeral + letters * (left // value), left % value
    return f"Phụ lục {numeral}"
