"""A .docx as raw text: paragraphs with the numbers Word gives them, tables as rows of tabs, footnotes at the end.

Only the few parts that hold words are unpacked, within limits; nothing outside the file is ever asked for.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from hoctap.directives.reading.sources.numbering import Numbering, W, qn
from hoctap.directives.reading.text import IN_BOX
from hoctap.kernel.errors import Refusal

MAX_XML = 30 * 2**20  # bytes of a part that is read, unpacked
MAX_PARTS = 5000
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_KIND = re.compile(
    r"word[\w.-]*[.](document|styles|numbering|footnotes)(?:\.macroEnabled)?(?:\.main)?\+xml", re.IGNORECASE
)
_OTHERS = {  # by a part that no other kind of file has
    "xl/workbook.xml": "là bảng tính Excel, không phải văn bản. Chọn tệp văn bản.",
    "xl/workbook.bin": "là bảng tính Excel, không phải văn bản. Chọn tệp văn bản.",
    "ppt/presentation.xml": "là bản trình chiếu PowerPoint, không phải văn bản. Chọn tệp văn bản.",
    "content.xml": "là tệp OpenDocument (.odt). Mở bằng Word hoặc LibreOffice, lưu thành kiểu .docx rồi chọn lại.",
}
_NO_WORD = "không phải văn bản Word (.docx). Chọn tệp khác."
_BROKEN = "bị hỏng, không mở được. Mở bằng Word, lưu lại rồi chọn lại."
_SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "remove_pis": True,
    "remove_comments": True,
}


def read_docx(name: str, data: bytes) -> str:
    """Raises Refusal for what is no Word document, broken, or unpacks to far more than a document is."""
    try:
        parts = _parts(name, data)
    except (
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        ValueError,
        OSError,
        NotImplementedError,
        EOFError,
        KeyError,
    ):
        raise Refusal(f"Tệp {name} {_BROKEN}") from None
    body = parts["document"].find(qn("w:body"))
    if body is None:
        raise Refusal(f"Tệp {name} {_BROKEN}")
    numbering = Numbering(parts.get("numbering"), parts.get("styles"))
    return "\n".join([*_blocks(body, numbering), *_footnotes(parts.get("footnotes"), numbering)])


def _parts(name: str, data: bytes) -> dict[str, Any]:
    """The trees of the parts that hold words, by what they are."""
    package = zipfile.ZipFile(io.BytesIO(data))
    names = package.namelist()
    if len(names) > MAX_PARTS:
        raise Refusal(f"Tệp {name} quá lớn khi mở ra. Xóa bớt hình, tách tệp rồi chọn lại.")
    if "[Content_Types].xml" not in names or not any(part.startswith("word/") for part in names):
        raise Refusal(
            f"Tệp {name} {next((said for part, said in _OTHERS.items() if part in names), _NO_WORD)}"
        )
    found: dict[str, Any] = {}
    for kind in _tree(name, package, "[Content_Types].xml").iterchildren("{*}Override"):
        if matched := _KIND.search(kind.get("ContentType", "")):
            found[matched[1]] = _tree(name, package, kind.get("PartName", "").lstrip("/"))
    if "document" not in found:
        raise Refusal(f"Tệp {name} {_BROKEN}")
    return found


def _tree(name: str, package: zipfile.ZipFile, part: str) -> Any:
    """One part, unpacked no further than it says it is."""
    entry = package.getinfo(part)
    if entry.flag_bits & 1:
        raise Refusal(f"Tệp {name} có đặt mật khẩu nên không đọc được. Bỏ mật khẩu, lưu lại rồi chọn lại.")
    if entry.file_size > MAX_XML:
        raise Refusal(f"Tệp {name} quá lớn khi mở ra. Xóa bớt hình, tách tệp rồi chọn lại.")
    tree = etree.fromstring(package.read(entry).replace(_STRICT, _USUAL), etree.XMLParser(**_SAFE))
    if tree.getroottree().docinfo.doctype:
        raise ValueError("a document type where Word writes none")
    return tree


def _blocks(body: Any, numbering: Numbering) -> Iterator[str]:
    for element in body.iterchildren():
        if element.tag == qn("w:p"):
            yield from _paragraph(element, numbering)
        elif element.tag == qn("w:tbl"):
            yield from _rows(element, numbering)
            yield ""
        elif element.tag in _CONTAINERS:
            content = element.find(qn("w:sdtContent"))
            yield from _blocks(element if content is None else content, numbering)


_CONTAINERS = {qn("w:sdt"), qn("w:smartTag"), qn("w:ins"), qn("w:moveTo"), qn("w:customXml")}
_LEFT_OUT = {  # struck out, moved away, a copy for older programs
    qn("w:del"), qn("w:moveFrom"), qn("w:rPr"), qn("w:pPr"), qn("w:instrText"), qn("w:delText"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}  # fmt: skip


def _paragraph(element: Any, numbering: Numbering) -> Iterator[str]:
    """Its lines, the number Word prints before them; then the lines of the text boxes that hang on it."""
    parts: list[str] = []
    boxes: list[Any] = []
    _collect(element, parts, boxes)
    text = "".join(parts)
    label = numbering.label(element)
    if label and text.strip():
        text = f"{label} {text.lstrip()}"
    yield from text.split("\n")
    if element.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is None:
        yield ""
    for box in boxes:
        yield from _blocks(box, numbering)


def _collect(element: Any, parts: list[str], boxes: list[Any]) -> None:
    for node in element.iterchildren():
        if node.tag in _LEFT_OUT or (node.tag == qn("w:r") and _is_hidden(node)):
            continue
        if node.tag == qn("w:t"):
            parts.append(node.text or "")
        elif node.tag in _WRITTEN:
            parts.append(_WRITTEN[node.tag])
        elif node.tag == qn("w:txbxContent"):
            boxes.append(node)
        else:
            _collect(node, parts, boxes)


_WRITTEN = {
    qn("w:tab"): " ", qn("w:ptab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-",
}  # fmt: skip


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return mark is not None and mark.get(qn("w:val"), "1") not in ("0", "false", "off")


def _footnotes(notes: Any, numbering: Numbering) -> Iterator[str]:
    number = 0
    for note in notes.iterchildren(qn("w:footnote")) if notes is not None else ():
        text = " ".join(" ".join(_blocks(note, numbering)).split())
        if text and note.get(qn("w:type")) is None:
            number += 1
            yield f"({number}) {text}"
            yield ""


def _rows(table: Any, numbering: Numbering) -> Iterator[str]:
    rows = table.xpath("w:tr | w:sdt/w:sdtContent/w:tr | w:ins/w:tr", namespaces={"w": W})
    rows = [row for row in rows if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None]
    cells = [[_cell(cell, numbering) for cell in _cells(row)] for row in rows]
    if all(len(row) <= 1 for row in cells):
        yield from (cell for row in cells for cell in row)
    elif _places_boxes(cells):
        for column in range(max(len(row) for row in cells)):
            for row in cells:
                if column < len(row):
                    yield from row[column].split("\n")
    else:
        for row in cells:
            yield "\t".join(" ".join(cell.split()) for cell in row)


def _places_boxes(cells: list[list[str]]) -> bool:
    """A table that only sets the letterhead's or the signature's boxes side by side."""
    return len(cells) <= 6 and any(
        IN_BOX.match(line.strip()) for row in cells for cell in row for line in cell.split("\n")
    )


_MOST_COLUMNS = 60


def _cells(row: Any) -> Iterator[Any]:
    """A cell over several columns is followed by empty ones, so that columns stay in their places."""
    for cell in row.iterchildren(qn("w:tc"), qn("w:sdt")):
        if cell.tag == qn("w:sdt"):
            cell = cell.find(f"{qn('w:sdtContent')}/{qn('w:tc')}")
            if cell is None:
                continue
        yield cell
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        width = span.get(qn("w:val"), "1") if span is not None else "1"
        for _ in range(min(int(width) if width.isdecimal() else 1, _MOST_COLUMNS) - 1):
            yield None


def _cell(cell: Any, numbering: Numbering) -> str:
    if cell is None:
        return ""
    merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    if merged is not None and merged.get(qn("w:val")) != "restart":
        return ""
    return "\n".join(line for line in _blocks(cell, numbering) if line.strip())
