"""The paragraph styles of a document, named as officers name its parts (Nghị định 30/2020/NĐ-CP)."""

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from .word import element, set_face, set_up, spacing

_CENTRE, _LEFT, _JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
_FIRST_LINE = Mm(12.7)
_SPILL = Mm(-1.5)  # the longest names fill their box: let them not break over a hair

# name: (size in points, "b"/"i", alignment, points before, points after)
_PARTS = {
    "Quốc hiệu": (12, "b", _CENTRE, 0, 0),
    "Tiêu ngữ": (13, "b", _CENTRE, 0, 2),
    "Cơ quan chủ quản": (12, "", _CENTRE, 0, 0),
    "Cơ quan ban hành": (12, "b", _CENTRE, 0, 2),
    "Gạch": (2, "", _CENTRE, 0, 0),
    "Số ký hiệu": (13, "", _CENTRE, 4, 0),
    "Trích yếu công văn": (12, "", _CENTRE, 4, 0),
    "Địa danh và thời gian": (13, "i", _CENTRE, 4, 0),
    "Tên loại": (14, "b", _CENTRE, 18, 0),
    "Trích yếu": (14, "b", _CENTRE, 0, 2),
    "Kính gửi": (14, "", _CENTRE, 0, 3),
    "Chức vụ người ký": (14, "b", _CENTRE, 0, 0),
    "Họ tên người ký": (14, "b", _CENTRE, 78, 0),
    "Nơi nhận": (12, "bi", _LEFT, 0, 0),
    "Nơi nhận, dòng": (11, "", _LEFT, 0, 0),
    "Giữa trang": (14, "b", _CENTRE, 6, 6),
    "Số trang": (13, "", _CENTRE, 0, 0),
    "Chân trang": (11, "i", _CENTRE, 0, 0),
    "Phụ lục": (14, "b", _CENTRE, 0, 0),
    "Phụ lục, tên": (14, "b", _CENTRE, 0, 0),
    "Phụ lục, kèm theo": (14, "i", _CENTRE, 0, 4),
    "Phụ lục, tiếp": (12, "i", _CENTRE, 0, 4),
    "Phụ lục, ghi chú": (12, "i", _JUSTIFY, 6, 0),
}


def define_styles(document: WordDocument) -> None:
    styles = document.styles
    set_up(document)
    set_face(styles["Normal"], 14)
    spacing(styles["Normal"])
    for name, (size, face, alignment, before, after) in _PARTS.items():
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        set_face(style, size, bold="b" in face, italic="i" in face)
        spacing(style, before=before, after=after)
        style.paragraph_format.alignment = alignment
    for name in ("Cơ quan chủ quản", "Cơ quan ban hành", "Địa danh và thời gian"):
        shape = styles[name].paragraph_format
        shape.left_indent = shape.right_indent = _SPILL
    _define_text(document)
    outline = element("w:outlineLvl", val=0)
    styles["Phụ lục"].element.get_or_add_pPr().append(outline)


def _define_text(document: WordDocument) -> None:
    """The text itself and its headings: justified, first line indented 1,27 cm, 6 points apart."""
    styles = document.styles
    for name, face in (("Nội dung", ""), ("Căn cứ", "i")):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        set_face(style, 14, italic="i" in face)
    for level in (1, 2, 3):
        style = styles[f"Heading {level}"]
        style.base_style = styles["Normal"]
        set_face(style, 14, bold=level < 3)
        style.paragraph_format.keep_with_next = True
    for name in ("Nội dung", "Căn cứ", "Heading 1", "Heading 2", "Heading 3"):
        style = styles[name]
        spacing(style, before=3, after=3, line=1.1)
        style.paragraph_format.alignment = _JUSTIFY
        style.paragraph_format.first_line_indent = _FIRST_LINE
        style.paragraph_format.widow_control = True


def define_table_style(document: WordDocument, size: float) -> str:
    """The style of a figure table's cells; made once for each letter size."""
    name = f"Bảng số liệu {size:g}"
    if name not in [style.name for style in document.styles]:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        set_face(style, size)
        spacing(style, before=1, after=1)
    return name
