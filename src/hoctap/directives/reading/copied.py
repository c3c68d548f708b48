"""What copying from a web page or a PDF does to a document, undone before it is read. Pure.

A table's cells come with stray pipes, the motto and "Số:" broken over lines, and sometimes all on one line.
"""

import re

from hoctap.directives.reading.outline import CAPITAL, Line
from hoctap.directives.reading.persons import POST, is_name
from hoctap.kernel.vietnamese import fold

_MOTTO = re.compile(r"C[ỘO]NG\s{1,3}H\S{2}\s{1,3}X\S{1,2}\s?HỘI\s{1,3}CHỦ\s{1,3}NGHĨA\s{1,3}VIỆT\s{1,3}NAM\b")
_BROKEN = [
    (_MOTTO, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (re.compile(r"(?m)^( {0,60}Kính)\s{1,3}(gửi)\b"), r"\1 \2"),
    (re.compile(r"(?m)^( {0,60}Nơi)\s{1,3}(nhận)\b"), r"\1 \2"),
    (re.compile(r"(?m)^([A-ZĐ]\w{1,8})\n(?=[A-ZĐ]\w{1,8},? ngày \d)"), r"\1 "),
    (re.compile(r"(?m)^( {0,60}Số ?:)\s{1,9}(?=\d{1,5} ?[A-Za-z]? ?[/-])"), r"\1 "),
]
_FLAT = 250  # characters: no letterhead's line is as long
_DAY = r"ngày [\d.… ]{0,6} ?tháng ?[\d.… ]{0,6} ?năm ?(?:19|20)\d\d"
_BREAKS = [
    re.compile(r" +(?=CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM|Độc lập ?[-–] ?Tự do|Số ?: ?\d|V/v |Kính gửi ?:)"),
    re.compile(r"(?<=CHỦ NGHĨA VIỆT NAM) +|(?<=Hạnh phúc) +"),
    re.compile(r"(?<=\d/)(?P<code>\S{2,40}) +(?=[^\W\d_][^,\d]{1,40}, ?" + _DAY + ")"),
    re.compile(r"(?P<day>, ?" + _DAY + ") +"),
    re.compile(r" +(?=(?:Nơi nhận|NƠI NHẬN) ?:|(?:TM|KT|TL|TUQ)\. ?[A-ZĐ]{2})"),
    re.compile(r"(?<=[.;:/]) +(?=[-+] ?[^\W\d_]|\d{1,2}(?:\.\d{1,2})?\. ?[^\W\d_]|[a-zđ]\) )"),
    re.compile(r" +(?=[IVX]{1,4}\. ?[A-ZĐÀ-Ỹ]{2})"),
    re.compile(r"(?<=[.;,]) +(?=(?:Thực hiện|Căn cứ|Vừa qua|Theo|Nhằm|Để)\b)"),
]


_LISTED = re.compile(r"(?m)^( {0,60}(?:[-•▪●○◦►➢✓✔·*+]|[\da-zđ]{1,2}[.)]))\t+(?=[^\t\n]+$)")
# Nơi nhận and the signature side by side, read across: "- Như trên; CHỦ TỊCH", "- Lưu: VT. Lê Văn A".
_ACROSS = re.compile(
    r"(?!.*\S {3})(?P<left> {0,60}(?:[-•+][^\n\t]{2,90}?[;.,]|(?:Nơi nhận|NƠI NHẬN) ?:)) {1,2}"
    rf"(?P<right>[{CAPITAL}][^;:\d\n\t]{{5,60}})"
)


def mended(text: str) -> str:
    for pattern, whole in _BROKEN:
        text = pattern.sub(whole, text)
    text = _LISTED.sub(r"\1 ", text)
    return "\n".join(_uncrossed(_unflattened(_without_pipes(line))) for line in text.split("\n"))


def _uncrossed(line: str) -> str:
    found = _ACROSS.fullmatch(line.rstrip()) if len(line) < _FLAT else None
    if not found:
        return line
    right = found["right"]
    signs = right.isupper() and (POST.search(fold(right)) or re.match(r"T/?[ML]|K/?T|TUQ", right))
    named = (
        "Lưu" in line
        and found["left"].endswith(".")
        and len(right.split()) > 2
        and is_name(Line(0, 0, right))
    )
    return f"{found['left']}\n{right}" if signs or named else line


def _without_pipes(line: str) -> str:
    """ "A | B |" is a row of two cells, "A |" and "|" what is left of one; "| A | B |" is a table's and stays."""
    bare = line.strip()
    if not bare.endswith("|"):
        return line
    cells = [cell.strip() for cell in bare.strip("|").split("|")]
    return line if bare.startswith("|") and len(cells) > 1 else "\t".join(cells)


def _unflattened(line: str) -> str:
    """A whole document on one line, parted where its boxes and numbered points begin."""
    if len(line) <= _FLAT or not _MOTTO.search(line[:_FLAT]):
        return line
    for pattern in _BREAKS:
        line = pattern.sub(lambda found: (found[0].rstrip(" ") if found.groups() else "") + "\n", line)
    return line
