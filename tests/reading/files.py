"""Documents as files for the tests: the same text as a Word document, a PDF and a scan, laid out as offices do."""

import io
import json
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pypdfium2 as pdfium
import typst
from docx import Document

from hoctap.directives.reading.text import normalise

SEEDS = Path(__file__).parents[2] / "src" / "hoctap" / "cli" / "demo" / "texts"
FONTS = Path(__file__).parents[2] / "src" / "hoctap" / "papers" / "fonts"
MOTTO = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
_NUMBER = re.compile(r"Số\s?:?\s?\d+ ?/")
_PLACE = re.compile(r".{3,20}, ngày \d+ tháng \d+ năm \d{4}")
_SIGNS = re.compile(r"(?:TM|KT)\. ")

Part = tuple[str, list]


def seed(name: str) -> str:
    return normalise((SEEDS / f"{name}.txt").read_text())


def parts(text: str) -> Iterator[Part]:
    """("boxes", [left lines, right lines]), ("rows", [cells, …]) or ("text", lines), in their order."""
    lines = text.split("\n")
    number = [n for n, line in enumerate(lines[:6]) if _NUMBER.match(line)]
    place = [n for n, line in enumerate(lines[:6]) if _PLACE.fullmatch(line)]
    begin = 0
    if number and place:
        begin = max(number[0], place[0]) + 1
        while number[0] + 1 < len(lines) and not lines[begin].startswith(("KẾ HOẠCH", "Kính gửi")):
            begin += 1
        left = [line for line in lines[:begin] if line != lines[place[0]]]
        yield "boxes", [left, [*MOTTO, lines[place[0]]]]
    foot = next((n for n, line in enumerate(lines) if line == "Nơi nhận:"), len(lines))
    yield from _body(lines[begin:foot])
    if foot < len(lines):
        signs = next(n for n in range(foot, len(lines)) if _SIGNS.match(lines[n]))
        yield "boxes", [lines[foot:signs], lines[signs : signs + 3]]
        yield from _body(lines[signs + 3 :])


def _body(lines: list[str]) -> Iterator[Part]:
    for is_row, group in groupby(lines, lambda line: "\t" in line):
        if is_row:
            rows = [line.split("\t") for line in group]
            width = max(map(len, rows))
            yield "rows", [row + [""] * (width - len(row)) for row in rows]
        else:
            yield "text", list(group)


def as_docx(text: str) -> bytes:
    document = Document()
    for kind, content in parts(text):
        if kind == "text":
            for line in content:
                document.add_paragraph(line)
        elif kind == "boxes":
            cells = document.add_table(rows=1, cols=2).rows[0].cells
            for cell, lines in zip(cells, content, strict=True):
                cell.text = lines[0]
                for line in lines[1:]:
                    cell.add_paragraph(line)
        else:
            table = document.add_table(rows=0, cols=len(content[0]))
            for row in content:
                for cell, said in zip(table.add_row().cells, row, strict=True):
                    cell.text = said
    return saved(document)


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


_TYPST = """
#set page(paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 15mm),
  header: context if counter(page).get().first() > 1 { align(center, counter(page).display()) })
#set text(font: "Tinos", size: 14pt, lang: "vi", hyphenate: false)
#set par(justify: sys.inputs.justify == "yes", leading: 0.65em, spacing: eval(sys.inputs.spacing),
  first-line-indent: (amount: eval(sys.inputs.indent), all: true))
#let said(line) = if line == upper(line) { align(center, strong(line)) } else { par(line) }
#for part in json(bytes(sys.inputs.parts)) {
  let (kind, content) = part
  if kind == "text" { for line in content { said(line) } }
  else if kind == "rows" {
    set text(size: 11pt)
    table(columns: content.first().map(_ => 1fr), ..content.flatten().map(cell => [#cell]))
  } else {
    set text(size: 12pt)
    set par(justify: false, first-line-indent: 0pt)
    grid(columns: (2fr, 3fr), column-gutter: 6mm, ..content.map(lines =>
      align(center, for line in lines { par(line) })))
  }
}
"""


def as_pdf(text: str, spacing: str = "0.9em", indent: str = "0pt", justify: str = "yes") -> bytes:
    """``spacing`` between paragraphs, ``indent`` of their first lines, as Typst writes lengths."""
    content = json.dumps([list(part) for part in parts(text)])
    return typeset(_TYPST, parts=content, spacing=spacing, indent=indent, justify=justify)


def typeset(source: str, **inputs: str) -> bytes:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    return typst.Compiler(source.encode(), font_paths=fonts, sys_inputs=inputs).compile(format="pdf")


def pictures(pdf: bytes, dots: int = 200) -> list:
    """Every page as a grey picture, as a scanner makes it."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [page.render(scale=dots / 72, grayscale=True).to_pil() for page in document]
    finally:
        document.close()


def as_scan(pdf: bytes, dots: int = 200) -> bytes:
    """The same pages as a PDF of pictures."""
    first, *others = pictures(pdf, dots)
    out = io.BytesIO()
    first.save(out, format="PDF", save_all=True, append_images=others, resolution=dots)
    return out.getvalue()
