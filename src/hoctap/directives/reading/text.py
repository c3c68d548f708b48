"""Raw text to the normalised text that every offset points into: one paragraph a line, table cells joined by tabs. Pure.

What a printer, a scanner or a text processor put in goes: page numbers and running headers, emphasis marks, ligatures,
lines broken by the edge of a page. No word of the document itself is dropped, added or moved.
"""

import re
import unicodedata
from collections import Counter
from itertools import pairwise, zip_longest
from statistics import median

from hoctap.directives.reading.copied import mended
from hoctap.directives.reading.stacked import rows_of

LONGEST = 3_000_000  # characters read at all; a thousand pages have as many
LONGEST_LINE = 2000
MOST_PARAGRAPHS = 40_000  # likewise

_LIGATURES = str.maketrans({
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "Ð": "Đ", "ð": "đ", "\u00a0": " ", "\u2007": " ",
    "\u202f": " ", "\u3000": " ", "\u2003": " ", "\u2002": " ", "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "",
    "\u2060": "", "\ufeff": "", "\f": "\n", "\v": "\n", "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\u2010": "-",
    "\u2011": "-", "\u2012": "-", "\u2015": "–", "\u2212": "-", "\uf02d": "-", "\uf0b7": "-", "\uf0a7": "-", "\0": " ",
})  # fmt: skip
_HALVES = re.compile("[\ud800-\udfff]")  # of letters beyond the first plane, as a PDF gives them
_EMPHASIS = re.compile(r"(?<!\w)\*+(?=\S)|(?<=\S)\*+(?!\w)|\*\*|__|(?m:^#{1,6} +)|(?m:^> ?)")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]{1,500})>")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~<>])")
_RULE = re.compile(r"[\s_\-–—=*.·…]*")
PAGE_NUMBER = re.compile(
    r"(?:[-–—]\s*)?(?:(?:trang|page)\s+)?\d{1,4}(?:\s*/\s*\d{1,4})?(?:\s*[-–—])?", re.IGNORECASE
)
_PIPE_ROW = re.compile(r"\|.*\|")
_PIPE_RULE = re.compile(r"\|[\s:|-]+\|")

_UNFINISHED = re.compile(r"[\w,(“\"&/%-]$|\b(?:v\.v|tp|q|p)\.$", re.IGNORECASE)
MARK = re.compile(
    r"(?:(?:Phần|PHẦN|Chương|CHƯƠNG|Mục|MỤC|Điều|ĐIỀU|Phụ lục|PHỤ LỤC)\s+(?:[IVXLC]+|\d+|thứ|THỨ)\b"
    r"|[IVXLC]{1,7}\s?[./)]|[IVX]{1,5}\s?-\s|\d{1,3}(?:\.\d{1,3}){0,4}\s?(?:[.)]|/(?!\d))"
    r"|\d{1,2}(?:\.\d{1,2}){1,4}\s|[a-zđ]\s?[).]\s"
    r"|[-–—+•*▪●○◦►➢✓✔·]\s*(?=[^\W\d_]|[“\"(\d]))"
)
_NUMBERED = re.compile(
    r"(?:Số|SỐ)\b\s?:?\s?\d*\s?[-/]\s?\S{2,40}"
)  # "Số 55-CV/ĐU": below it stands the subject
_BEFORE_NUMBER = re.compile(r"\b(?:ngày|tháng|năm|số|đến|Số|từ)$")
OPENING = re.compile(
    r"(?:Kính gửi|Nơi nhận|Căn cứ|Thực hiện\s|Số\s*:|V/v|Về việc|Lưu\s*:|TM\.|KT\.|TL\.|TUQ\.|Q\.\s"
    r"|Trên đây|KÍNH GỬI|NƠI NHẬN"
    r"|Theo đề nghị|Xét đề nghị|Độc lập)"
)


def normalise(raw: str) -> str:
    """NFC, one paragraph a line, no empty lines."""
    raw = raw[:LONGEST].replace("\r\n", "\n")
    if _HALVES.search(raw):
        raw = raw.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = mended(unicodedata.normalize("NFC", raw.translate(_LIGATURES)))
    text = _ESCAPE.sub(r"\1", _EMPHASIS.sub("", _AUTOLINK.sub(r"\1", text)))
    raw_lines = (line for line in text.split("\n") if not _PIPE_RULE.fullmatch(line.strip()))
    lines = [_clean(part) for line in raw_lines for part in _side_by_side(line)]
    lines = _without_margins(rows_of(_unboxed(lines)))
    return "\n".join(_paragraphs(lines))


# Boxes of Nghị định 30/2020 that a page prints side by side, and a text file so on one line.
_MOTTO = r"CỘNG H[ÒO][ÀA]? X[ÃA] HỘI CHỦ NGHĨA VIỆT NAM|ĐẢNG CỘNG SẢN VIỆT NAM|Độc lập\s?[-–]\s?Tự do"
_SIDES = re.compile(
    rf"(?<=\S)\s+(?=(?:{_MOTTO})|(?:TM|KT|TL|TUQ|Q)\.\s?[A-ZĐÀ-Ỹ]{{2}})|\s{{3,}}(?=[^\W\d_])", re.UNICODE
)
_BLANK = re.compile(
    r"(?<=:) +(?=[/-])|(?<=ngày) +(?=tháng)|(?<=tháng) +(?=năm)"
)  # a number or day not given yet
_FAR_RIGHT = 15  # blanks before what stands in the right column alone, or in the middle
_COLUMNS = re.compile(r"(?<=\S) {4,}(?=\S)")
_NUMBER_AND_PLACE = re.compile(r"(Số\b.{0,40}?/\S{0,40}.*?)\s+([^\W\d_][^,\d]{1,40}\d{0,2}, ngày\b.{1,40})")
IN_BOX = re.compile(rf"(?:{_MOTTO}|Số\s*:?\s*\d*\s*[-/]|Nơi nhận|NƠI NHẬN|(?:TM|KT|TL|TUQ|Q)\.\s?[A-ZĐ])")


def _side_by_side(line: str) -> list[str]:
    """The boxes on one line, each for itself."""
    if "\t" in line or len(line) > 250:
        return [line]
    right = len(line) - len(line.lstrip(" ")) >= _FAR_RIGHT
    line = ("\t" if right else "") + _COLUMNS.sub("\t", _BLANK.sub(" ", line.strip(" ")))
    if "\t" in line:
        return [line]
    if found := _NUMBER_AND_PLACE.fullmatch(line):
        return [found[1], found[2]]
    if IN_BOX.search(line) or line.isupper():
        return _SIDES.split(line)
    return [line]


def _unboxed(lines: list[str]) -> list[str]:
    """A table that only places boxes side by side, one column below the other; a row of it may have its left side only."""
    out: list[str] = []
    rows: list[str] = []
    boxed, said = False, 0  # what the rows are; how many lines with text came before them
    for line in [*lines, ""]:
        beside = boxed and line and len(line) < 120
        if ("\t" in line or beside) and not (rows and _AFTER_BOXES.match(line.strip())):
            rows.append(line)
            if len(rows) <= 3:
                boxed = _in_boxes(rows, said < 3)
            continue
        placed = [*_placed(rows, boxed), line.strip("\t")]
        said += sum(map(bool, placed))
        out += placed
        rows, boxed = [], False
    return out[:-1]


def _placed(rows: list[str], boxed: bool) -> list[str]:
    if boxed and max(row.count("\t") for row in rows) <= _MOST_BOXES:
        columns = zip_longest(*(row.split("\t") for row in rows), fillvalue="")
        return [cell.strip() for column in columns for cell in column]
    return [row.strip("\t") if row.startswith("\t") and row.count("\t") == 1 else row for row in rows]


_MOST_BOXES = 5  # side by side
_AFTER_BOXES = re.compile(
    r"(?:Kính gửi|KÍNH GỬI|Căn cứ|Thực hiện|KẾ HOẠCH|QUYẾT ĐỊNH|BÁO CÁO|HƯỚNG DẪN|THÔNG BÁO|TỜ TRÌNH"
    r"|CHỈ THỊ|CHƯƠNG TRÌNH|NGHỊ QUYẾT)\b"
)


def _in_boxes(rows: list[str], first: bool) -> bool:
    """Where boxes stand side by side: they say so, or capitals do at the very head (``first``)."""
    cells = [cell.strip() for row in rows[:3] for cell in row.split("\t")]
    heads = first and len(cells) > 1 and all(c.isupper() or not c.strip("* -_") for c in cells)
    return heads or any(IN_BOX.match(cell) for cell in cells)


def _clean(line: str) -> str:
    """Single spaces; a table's row keeps its tabs, and pipes become such."""
    line = line.strip(" ")
    if _PIPE_ROW.fullmatch(line):
        line = "\t".join(line.strip("|").split("|"))
    if line.startswith("\t") or "\t" in line.strip("\t"):
        return "\t".join(" ".join(cell.split()) for cell in line.split("\t"))
    return " ".join(line.split())


def _without_margins(lines: list[str]) -> list[str]:
    """Page numbers alone on a line, rules, and what stands at the head of several pages."""
    kept: list[str] = []
    counts = Counter(line for line in lines if 8 < len(line) <= 100 and "\t" not in line)
    seen: set[str] = set()
    for at, line in enumerate(lines):
        alone = (at == 0 or not lines[at - 1]) or (at + 1 == len(lines) or not lines[at + 1])
        if line and _RULE.fullmatch(line.replace("\t", "")):
            line = "" if "\t" not in line else line
        if line and PAGE_NUMBER.fullmatch(line) and (alone or _between_sentences(lines, at)):
            line = ""
        if counts[line] >= 3 and line in seen and _is_running_header(line):
            line = ""
        seen.add(line)
        kept.append(line)
    return kept


def _between_sentences(lines: list[str], at: int) -> bool:
    """A number alone among lines of running text: the text goes on behind it."""
    before = lines[at - 1] if at else ""
    after = lines[at + 1] if at + 1 < len(lines) else ""
    return "\t" not in before + after and (len(before) > 40 or len(after) > 40)


def _is_running_header(line: str) -> bool:
    return not MARK.match(line) and line[-1] not in ".;:,"


def _paragraphs(lines: list[str]) -> list[str]:
    wrapped = _width(lines)
    out: list[list[str]] = []  # the lines of each paragraph, with what stands between them
    last, gap = "", False  # the line before, and whether empty lines stood between
    for line in lines:
        if not line:
            gap = True
            continue
        titled = len(out) > 1 and gap and len(out[-2]) == 1 and _TITLE.fullmatch(out[-2][0])
        if out and not (titled and line[0].isupper()) and _goes_on(last, line, gap, wrapped):
            join(out[-1], line)
        else:
            out.append([line])
        last, gap = line, False
    return ["".join(parts) for parts in out]


def join(parts: list[str], line: str) -> None:
    """Add the line that goes on with a paragraph: a word, a number or an address cut by the line's end becomes whole."""
    last = parts[-1]
    word = last.rsplit(" ", 1)[-1]
    following = line.split(" ", 1)[0]
    if _is_address_cut(last[-100:], word, following):
        if len(last) < LONGEST_LINE:
            parts[-1] += line
            return
    elif _CUT.search(word) and line[0].isalnum():
        cut = _LETTERS.search(word[:-1]), _LETTERS.match(line)
        if word[-1] == "-" and all(part and part[0].isascii() and part[0].islower() for part in cut):
            parts[-1] = last[:-1]  # "inter-" / "net"; a Vietnamese syllable is never cut
    else:
        parts.append(" ")
    parts.append(line)


_CUT = re.compile(r"\w[-/]$")
_LETTERS = re.compile(r"[^\W\d_]+$|^[^\W\d_]+")
_MAIL_BEGUN = re.compile(r"mail\s?:?\s[\w.-]*[._-]$", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"[a-z0-9/?=&%#_-]*[./_=?&%#0-9]", re.IGNORECASE)


def _is_address_cut(last: str, word: str, following: str) -> bool:
    if "://" in word or word.startswith("www."):
        return (
            word[-1] not in ",;)>"
            and following.isascii()
            and bool(word[-1] in "-/_=&?" or _IN_ADDRESS.match(following))
        )
    return "@" in following and bool(_MAIL_BEGUN.search(last))


_TITLE = re.compile(
    r"[A-ZĐÀ-Ỹ]{2,}(?: [A-ZĐÀ-Ỹ]{2,}){1,3}"
)  # a kind: below it stands the subject, a paragraph of its own


def _width(lines: list[str]) -> int:
    """How long a full line is where lines are broken by the page's width; 0 where each line is a paragraph."""
    running = [(a, b) for a, b in pairwise(lines) if a and b and "\t" not in a + b and len(a) > 30]
    broken = [len(a) for a, b in running if len(a) <= 160 and _UNFINISHED.search(a) and b[0].islower()]
    return int(median(broken)) if len(broken) >= max(3, len(running) // 12) else 0


def _goes_on(last: str, line: str, gap: bool, width: int) -> bool:
    """Whether a line goes on with the sentence of the line before it."""
    if "\t" in last or "\t" in line or MARK.match(line) or OPENING.match(line):
        return False
    unfinished = bool(_UNFINISHED.search(last))
    if _NUMBERED.fullmatch(last):
        return False
    if _BEFORE_NUMBER.search(last) and line[0].isdigit():
        return True
    if line[0].islower() or (line[0] in "(,;" and len(last) > 40 and not last.isupper()):
        full = bool(width) and not gap and len(last) >= width * 0.85 and last[-1] in ";,"
        return unfinished or full
    heading = MARK.match(last) and len(last) < 180 and not width
    if last.isupper() or line.isupper() or heading:
        return False
    if width and not gap:
        return len(last) >= width * 0.88
    return unfinished and len(last) >= 80 and last[-1] != ":" and not OPENING.match(last)
