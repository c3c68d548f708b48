"""A .docx as raw text: paragraphs with the numbers Word gives them, tables as rows of tabs."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from hoctap.kernel.errors import Refusal

MAX_UNPACKED = 100 * 2**20
MAX_PARTS = 2000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_docx(name: str, data: bytes) -> str:
    """Raises Refusal for what is no Word document, broken, or unpacks to far more than it is."""
    _check(name, data)
    try:
        document = Document(io.BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile, SyntaxError, AttributeError):
        raise Refusal(f"Tệp {name} bị hỏng, không mở được. Mở bằng Word, lưu lại rồi chọn lại.") from None
    numbers = _Numbers(document)
    return "\n".join(_blocks(document.element.body, numbers))


def _check(name: str, data: bytes) -> None:
    try:
        listed = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Refusal(f"Tệp {name} bị hỏng, không mở được. Mở bằng Word, lưu lại rồi chọn lại.") from None
    names = {entry.filename for entry in listed}
    if "word/document.xml" not in names:
        raise Refusal(f"Tệp {name} không phải văn bản Word (.docx). Chọn tệp khác.")
    if len(listed) > MAX_PARTS or sum(entry.file_size for entry in listed) > MAX_UNPACKED:
        raise Refusal(f"Tệp {name} quá lớn khi mở ra. Xóa bớt hình, tách tệp rồi chọn lại.")


def _blocks(body: Any, numbers: "_Numbers") -> Iterator[str]:
    for element in body.iterchildren():
        if element.tag == qn("w:p"):
            yield from _paragraph(element, numbers)
        elif element.tag == qn("w:tbl"):
            yield from _rows(element, numbers)
            yield ""
        elif element.tag in (qn("w:sdt"), qn("w:smartTag")):
            content = element.find(qn("w:sdtContent"))
            yield from _blocks(element if content is None else content, numbers)


def _paragraph(element: Any, numbers: "_Numbers") -> list[str]:
    """Its lines; what was struck out by tracked changes is left out, and the number Word prints is put before it."""
    parts: list[str] = []
    for node in element.iter():
        if node.tag == qn("w:t") and node.text and not _in_deleted(node):
            parts.append(node.text)
        elif node.tag in (qn("w:tab"), qn("w:ptab")) and node.getparent().tag == qn("w:r"):
            parts.append(" ")
        elif node.tag in (qn("w:br"), qn("w:cr")):
            parts.append("\n")
        elif node.tag == qn("w:noBreakHyphen"):
            parts.append("-")
    text = "".join(parts)
    label = numbers.label(element)
    if label and text.strip():
        text = f"{label} {text.lstrip()}"
    return [*text.split("\n"), ""]


def _in_deleted(node: Any) -> bool:
    return any(parent.tag == qn("w:del") for parent in node.iterancestors())


def _rows(table: Any, numbers: "_Numbers") -> Iterator[str]:
    rows = [row for row in table.iterchildren(qn("w:tr"))]
    cells = [[_cell(cell, numbers) for cell in _cells(row)] for row in rows]
    if all(len(row) <= 1 for row in cells):
        yield from (cell for row in cells for cell in row)
        return
    if _places_boxes(cells):
        for column in range(max(len(row) for row in cells)):
            for row in cells:
                if column < len(row):
                    yield from row[column].split("\n")
        return
    for row in cells:
        yield "\t".join(" ".join(cell.split()) for cell in row)


_BOX = re.compile(
    r"\s*(?:CỘNG H|Độc lập|ĐẢNG CỘNG SẢN|Số\s*:?\s*\d*\s*[-/]|Nơi nhận|NƠI NHẬN|(?:TM|KT|TL|TUQ|Q)\.\s?[A-ZĐ])"
)


def _places_boxes(cells: list[list[str]]) -> bool:
    """A table that only sets the letterhead's or the signature's boxes side by side."""
    return any(_BOX.match(line) for row in cells for cell in row for line in cell.split("\n"))


def _cells(row: Any) -> Iterator[Any]:
    """A cell over several columns is followed by empty ones, so that columns stay in their places."""
    for cell in row.iterchildren(qn("w:tc"), qn("w:sdt")):
        if cell.tag == qn("w:sdt"):
            cell = cell.find(f"{qn('w:sdtContent')}/{qn('w:tc')}")
            if cell is None:
                continue
        yield cell
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        for _ in range(min(int(span.get(qn("w:val"), 1)), 60) - 1 if span is not None else 0):
            yield None


def _cell(cell: Any, numbers: "_Numbers") -> str:
    if cell is None:
        return ""
    merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    if merged is not None and merged.get(qn("w:val")) != "restart":
        return ""
    return "\n".join(line for line in _blocks(cell, numbers) if line.strip())


class _Numbers:
    """The labels of automatic lists: Word keeps them apart from the paragraphs' text."""

    def __init__(self, document: Any):
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}  # (list, level) → format, text, start
        self._counts: dict[str, list[int | None]] = {}
        self._of_style: dict[str, tuple[str, int]] = {}
        try:
            numbering = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            numbering = None
        if numbering is not None:
            self._read(numbering)
        for style in document.styles.element.findall(qn("w:style")):
            found = self._number_of(style.find(qn("w:pPr")))
            if found and found[0]:
                self._of_style[style.get(qn("w:styleId"), "")] = found

    def _read(self, numbering: Any) -> None:
        abstract: dict[str, dict[int, tuple[str, str, int]]] = {}
        for item in numbering.findall(qn("w:abstractNum")):
            levels = {}
            for level in item.findall(qn("w:lvl")):
                start = int(_value(level, "w:start", "1") or 1)
                how = (_value(level, "w:numFmt", "decimal"), _value(level, "w:lvlText", ""), start)
                levels[int(level.get(qn("w:ilvl"), 0))] = how
            abstract[item.get(qn("w:abstractNumId"), "")] = levels
        for item in numbering.findall(qn("w:num")):
            for level, how in abstract.get(_value(item, "w:abstractNumId", ""), {}).items():
                self._levels[item.get(qn("w:numId"), ""), level] = how

    def _number_of(self, properties: Any) -> tuple[str, int] | None:
        number = properties.find(qn("w:numPr")) if properties is not None else None
        if number is None:
            return None
        return _value(number, "w:numId", ""), int(_value(number, "w:ilvl", "0") or 0)

    def label(self, paragraph: Any) -> str:
        """ "1.", "a)", "-"; empty where Word prints none."""
        properties = paragraph.find(qn("w:pPr"))
        found = self._number_of(properties)
        if found is None and properties is not None:
            found = self._of_style.get(_value(properties, "w:pStyle", ""))
        if found is None or found[0] in ("", "0") or found not in self._levels:
            return ""
        number, level = found
        how, text, start = self._levels[found]
        if how == "none":
            return ""
        if how == "bullet":
            return "-" if text not in ("+", "o") else "+"
        counts = self._counts.setdefault(number, [None] * 9)
        counts[level] = start if counts[level] is None else (counts[level] or 0) + 1
        counts[level + 1 :] = [None] * (8 - level)
        return re.sub(r"%([1-9])", lambda place: self._written(number, int(place[1]) - 1), text)

    def _written(self, number: str, level: int) -> str:
        how, _, start = self._levels.get((number, level), ("decimal", "", 1))
        count = self._counts[number][level] or start
        if how in ("upperRoman", "lowerRoman"):
            letters = _roman(count)
            return letters if how == "upperRoman" else letters.lower()
        if how in ("upperLetter", "lowerLetter"):
            letter = "abcdefghijklmnopqrstuvwxyz"[(count - 1) % 26]
            return letter.upper() if how == "upperLetter" else letter
        return f"{count:02d}" if how == "decimalZero" else str(count)


def _value(element: Any, name: str, default: str) -> str:
    found = element.find(qn(name))
    return default if found is None else found.get(qn("w:val"), default)


def _roman(count: int) -> str:
    out = ""
    for value, letters in (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        while count >= value:
            out, count = out + letters, count - value
    return out
