"""What a document says, apart from how it is printed (văn bản).

Nothing here knows of Word, PDF or the database: the same :class:`Paper` goes to
:func:`hoctap.papers.pdf.render_pdf` and :func:`hoctap.papers.docx.render_docx`, and one of its
:class:`TableAppendix` to :func:`hoctap.papers.sheet.render_xlsx`.

All texts are plain text. The renderers add what the layout rules add by themselves (Nghị định
30/2020/NĐ-CP, Phụ lục I): "Số:", "V/v", dashes, ";" and ".", the closing "./.", capitals in the
boxes that want them. A line break inside a text is kept as a line break.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date
from typing import Literal

Cell = int | str | None
"""One cell of a figure table: an int is a figure (0 is zero), None a figure nobody reported (printed
"–", left empty in a sheet), a str plain text ("" where the form has no such cell)."""


@dataclass(frozen=True)
class Heading:
    """Đề mục: "I. …" (level 1), "1. …" (level 2), "a) …" (level 3); the text carries its own number."""

    text: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True)
class Centred:
    """Dòng đậm giữa trang: "QUYẾT ĐỊNH:"."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Đoạn văn. In a ``marked`` one ``**…**`` is set bold and ``*…*`` in italics."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Bullet:
    """Ý gạch đầu dòng: "- …" (level 1) or "+ …" (level 2); ``marked`` as in Paragraph."""

    text: str
    level: Literal[1, 2] = 1
    marked: bool = False


@dataclass(frozen=True)
class Signature:
    """Chức vụ, họ tên người ký: ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH"), "PHÓ CHỦ TỊCH", "Vũ Thị Mỹ Ngọc"."""

    position: str
    name: str
    authority: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """Cột của bảng số liệu.

    ``width`` is the least width on paper in millimetres; a number column grows to its longest figure
    by itself. ``grow`` shares out the room that is left over (0: the column keeps its least width).
    Neighbouring columns with the same ``group`` stand under one common heading.
    """

    label: str
    kind: Literal["text", "centre", "number"] = "text"
    width: float = 16
    grow: float = 0
    group: str = ""


@dataclass(frozen=True)
class Row:
    """Dòng của bảng: one cell for each column; ``lead`` rows (the form's numbered lines) are bold."""

    cells: tuple[Cell, ...]
    lead: bool = False


@dataclass(frozen=True)
class FigureTable:
    """Bảng số liệu.

    The first ``key`` columns say what a row is: they are repeated on every sheet of paper and frozen
    on the screen. The first ``main`` columns stay together; the others (one group for each child
    unit) go to further sheets when the paper is too narrow.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    key: int
    main: int

    def __post_init__(self) -> None:
        if not 0 < self.key <= self.main <= len(self.columns):
            raise ValueError(f"key {self.key}, main {self.main} of {len(self.columns)} columns")
        for number, row in enumerate(self.rows, 1):
            if len(row.cells) != len(self.columns):
                raise ValueError(f"row {number}: {len(row.cells)} cells for {len(self.columns)} columns")


Block = Heading | Centred | Paragraph | Bullet | FigureTable


@dataclass(frozen=True)
class TableAppendix:
    """Phụ lục có bảng số liệu; ``caption`` is "(Kèm theo Báo cáo số … ngày … của …)"."""

    title: str
    table: FigureTable
    caption: str = ""
    notes: tuple[str, ...] = ()
    landscape: bool = True


@dataclass(frozen=True)
class TextAppendix:
    """Phụ lục bằng lời (khẩu hiệu, đề cương, biểu mẫu trống), on upright sheets; without ``title`` only its name stands."""

    title: str
    blocks: tuple[Block, ...]
    caption: str = ""


Appendix = TableAppendix | TextAppendix


@dataclass(frozen=True)
class UnitStanding:
    """Đơn vị có hoặc chưa có trong số tổng hợp: ``state`` in the words of the board, e.g. "Đã tiếp nhận"."""

    name: str
    covered: bool
    state: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """Văn bản hành chính to be printed (Nghị định 30/2020/NĐ-CP, Điều 8).

    ``number`` is printed as given ("15/BC-GDĐT"); "/BC-UBND" leaves room to write the number in, ""
    prints no number line. Without ``date`` room is left for day and month of ``blank_year``. A ``draft``
    says "DỰ THẢO" where the number will stand.
    ``kind`` is "BÁO CÁO", "KẾ HOẠCH"…; None makes a công văn, whose subject stands as "V/v …" under
    the number. ``recipients`` (Nơi nhận) end with "Lưu: VT, …".

    ``motto`` (Quốc hiệu và Tiêu ngữ): None prints it on state documents only. The rule for union
    documents is not known, so the issuing union decides.
    """

    issuing_body: str
    place: str
    subject: str
    body: tuple[Block, ...]
    sign: Signature
    parent_body: str = ""
    variant: Literal["state", "union"] = "state"
    motto: bool | None = None
    number: str = ""
    date: Date | None = None
    blank_year: int | None = None
    kind: str | None = None
    addressees: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    appendices: tuple[Appendix, ...] = ()
    draft: bool = False
    demo: bool = False

    @property
    def shows_motto(self) -> bool:
        return self.variant == "state" if self.motto is None else self.motto
