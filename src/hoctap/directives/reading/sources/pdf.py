"""A .pdf as raw text: lines in reading order, columns and ruled tables as tabs. Pages without text are read as pictures."""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from hoctap.directives.reading.sources.layout import Page, Piece, Table, paragraphs, visual
from hoctap.kernel.errors import Refusal

MAX_PAGES = 1000
_MOST_LINES = 200  # of one table, across or down
_FEW = 20  # characters on a page below which it is a picture of one


def read_pdf(name: str, data: bytes, *, recognise: bool = True) -> str:
    """Raises Refusal for a broken or locked file, and for a scan where nothing can read scans.

    Without ``recognise`` raises Scanned for a page that is a picture.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Refusal(
                f"Tệp {name} có đặt mật khẩu nên không đọc được. Bỏ mật khẩu rồi chọn lại."
            ) from None
        raise Refusal(f"Tệp {name} bị hỏng, không mở được. Tải lại tệp từ nơi gửi rồi chọn lại.") from None
    try:
        if len(document) > MAX_PAGES:
            raise Refusal(
                f"Tệp {name} có {len(document)} trang, chỉ đọc được {MAX_PAGES}. Tách tệp rồi chọn lại."
            )
        pages = [_page(document[number]) for number in range(len(document))]
        pictures = [number for number, page in enumerate(pages) if _is_picture(document, number, page)]
        if pictures and not recognise:
            from hoctap.directives.reading.sources import Scanned

            raise Scanned
        if pictures:
            from hoctap.directives.reading.sources.scans import read_pages

            for number, page in zip(pictures, read_pages(name, document, pictures), strict=True):
                pages[number] = page
        text = "\n\n".join(paragraphs(pages))
        if len("".join(text.split())) < _FEW:
            raise Refusal(f"Không thấy chữ nào trong tệp {name}. Quét lại rõ hơn rồi chọn lại.")
        return text
    finally:
        document.close()


def _is_picture(document: pdfium.PdfDocument, number: int, page: Page) -> bool:
    """Hardly a letter, and a picture over most of it."""
    if _letters(page) >= _FEW:
        return False
    opened = document[number]
    try:
        for thing in opened.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
            left, bottom, right, top = thing.get_bounds()
            if (right - left) * (top - bottom) > 0.3 * page.width * page.height:
                return True
        return False
    finally:
        opened.close()


def _letters(page: Page) -> int:
    rows = [cell for table in page.tables for row in table.rows for cell in row]
    return sum(len(text.replace(" ", "")) for text in (*rows, *(piece.text for piece in page.pieces)))


def _page(page: pdfium.PdfPage) -> Page:
    try:
        width, height = page.get_size()
        grids = _grids(page)
        pieces = list(_pieces(page, grids))
        inside = {id(piece): grid for grid in grids for piece in pieces if grid.holds(piece)}
        tables = [grid.table([p for p in pieces if inside.get(id(p)) is grid]) for grid in grids]
        return Page(width, height, [p for p in pieces if id(p) not in inside], tables)
    finally:
        page.close()


def _pieces(page: pdfium.PdfPage, grids: list["_Grid"]) -> Iterator[Piece]:
    """Letters that follow one another on a line and in a cell; blanks where the page's own order has them."""
    text = page.get_textpage()
    box = raw.FS_RECTF()
    left = right = bottom = top = 0.0
    letters: list[str] = []
    try:
        for index in range(text.count_chars()):
            code = raw.FPDFText_GetUnicode(text, index)
            if code <= 32 or code in (0xA0, 0xFFFE):
                if code in (10, 13) and letters:
                    yield Piece(left, bottom, right, top, "".join(letters).strip())
                    letters = []
                elif code in (2, 0xFFFE):  # a hyphen at the end of a line
                    letters.append("-")
                elif letters:
                    letters.append(" ")
                continue
            raw.FPDFText_GetLooseCharBox(text, index, box)
            height = max(box.top - box.bottom, 1)
            apart = (
                box.left - right > 1.2 * height or box.right < left or abs(box.bottom - bottom) > 0.6 * height
            )
            if letters and (
                apart or any(grid.parts(right, box.left, (box.bottom + box.top) / 2) for grid in grids)
            ):
                yield Piece(left, bottom, right, top, "".join(letters).strip())
                letters = []
            if not letters:
                left, bottom, right, top = box.left, box.bottom, box.right, box.top
            letters.append(chr(code))
            right, top = max(right, box.right), max(top, box.top)
        if letters:
            yield Piece(left, bottom, right, top, "".join(letters).strip())
    finally:
        text.close()


@dataclass(frozen=True)
class _Grid:
    """A ruled table: its horizontal and vertical lines, from the top and from the left."""

    rows: list[float]
    columns: list[float]

    def holds(self, piece: Piece) -> bool:
        across = (piece.left + piece.right) / 2
        return self.rows[-1] <= piece.middle <= self.rows[0] and self.columns[0] <= across <= self.columns[-1]

    def parts(self, right: float, left: float, y: float) -> bool:
        """Whether a line between two columns stands between these letters."""
        if not self.rows[-1] <= y <= self.rows[0]:
            return False
        return bisect(self.columns, right - 0.5) < bisect(self.columns, left + 0.5)

    def table(self, pieces: list[Piece]) -> Table:
        cells: dict[tuple[int, int], list[Piece]] = {}
        for piece in pieces:
            row = sum(piece.middle < y for y in self.rows[1:])
            column = sum((piece.left + min(piece.right, piece.left + 8)) / 2 > x for x in self.columns[1:])
            cells.setdefault((min(row, len(self.rows) - 2), min(column, len(self.columns) - 2)), []).append(
                piece
            )
        out = []
        for row in range(len(self.rows) - 1):
            texts = [
                " ".join(line.text for line in visual(cells.get((row, column), [])))
                for column in range(len(self.columns) - 1)
            ]
            if any(texts):
                out.append([" ".join(text.split()) for text in texts])
        return Table(self.rows[0], self.columns, out)


def _grids(page: pdfium.PdfPage) -> list[_Grid]:
    """Tables by the lines drawn on the page: where at least two rows and two columns cross."""
    across: list[tuple[float, float, float]] = []  # y, from x, to x
    down: list[tuple[float, float, float]] = []  # x, from y, to y
    for count, thing in enumerate(page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=3)):
        if count > 20_000:
            break
        left, bottom, right, top = thing.get_bounds()
        if top - bottom < 2.5 and right - left > 8:
            across.append(((top + bottom) / 2, left, right))
        elif right - left < 2.5 and top - bottom > 4:
            down.append(((left + right) / 2, bottom, top))
        elif right - left > 8 and top - bottom > 4 and right - left < 2000:
            across += [(top, left, right), (bottom, left, right)]
            down += [(left, bottom, top), (right, bottom, top)]
    grids = []
    for low, high in _extents(down):
        crossing = [line for line in across if low - 3 <= line[0] <= high + 3]
        rows = _merged([y for y, _, _ in crossing])
        columns = _merged([x for x, bottom, top in down if bottom >= low - 3 and top <= high + 3])
        if 3 <= len(rows) <= _MOST_LINES and 3 <= len(columns) <= _MOST_LINES:
            grids.append(_Grid(sorted(rows, reverse=True), sorted(columns)))
    return grids


def _extents(down: list[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """The heights over which vertical lines follow one another without a gap."""
    found: list[list[float]] = []
    for _, bottom, top in sorted(down, key=lambda line: line[1]):
        if found and bottom <= found[-1][1] + 3:
            found[-1][1] = max(found[-1][1], top)
        else:
            found.append([bottom, top])
    return [(low, high) for low, high in found if high - low > 15]


def _merged(values: list[float]) -> list[float]:
    """Nearly the same lines as one."""
    return [
        median(value for _, value in pairs)
        for _, pairs in groupby(_stepped(sorted(values)), key=lambda pair: pair[0])
    ]


def _stepped(values: list[float]) -> Iterator[tuple[int, float]]:
    step, last = 0, None
    for value in values:
        if last is not None and value - last > 3:
            step += 1
        yield step, value
        last = value
