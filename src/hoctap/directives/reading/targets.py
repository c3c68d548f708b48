"""Targets: percentages and least numbers that are to be reached. Pure."""

import re
from collections.abc import Iterator

from hoctap.directives.reading.outline import Line
from hoctap.directives.reading.said import Said, quoted, stated
from hoctap.directives.reading.work import sentences

_PERCENT = re.compile(r"(?<![\d.,])(?P<n>\d{1,3}(?:[.,]\d{1,2})?)\s?%")
_NUMBER = re.compile(
    r"(?P<word>ít nhất|tối thiểu|không dưới|trên|đạt|phấn đấu(?:\s+(?:có|đạt|mở|tổ chức))?|từ)\s+(?:được\s+"
    r"|là\s+)?(?P<n>\d{1,3}(?:\.\d{3})+|\d{1,6})(?![\d%/.,]|\s?%"
    r"|\s?[-–/])\s+(?P<unit>[^\W\d_][^\W\d_]*(?:\s[^\W\d_]+){0,3})",
    re.IGNORECASE,
)
_AIMS = re.compile(
    r"phấn đấu|mục tiêu|chỉ tiêu|bảo đảm|đảm bảo|ít nhất|tối thiểu|phải|đạt|trở lên|khuyến khích|được|có"
    r"|đưa|tham gia|duy trì|hoàn thành|không dưới|thực hiện",
    re.IGNORECASE,
)
_PREDICATE = re.compile(
    r",?\s+(?:phải|được|có(?!\s+(?:nhu cầu|từ \d|trên \d))|tham gia|đạt|đưa|thực hiện|xây dựng|tổ chức"
    r"|phối hợp|hoàn thành|đăng ký|biết|hiểu|sử dụng|triển khai|duy trì|hưởng ứng|là|nắm|ký|phấn đấu|sẽ|đều"
    r"|nơi|tiếp cận|học tập|hằng|hàng|đọc|mượn|viết|tặng)\b"
)
_BY = re.compile(
    r"\b(?:đến|trước|hết|trong)\s+(?:hết\s+|cuối\s+)?năm\s+(?P<year>(?:19|20)\d\d)|\bđến\s+(?P<year2>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_UNITS = re.compile(
    r"(?:người|lớp|buổi|cuộc|đơn vị|hoạt động|chuyên đề|mô hình|tủ sách|quyển|cuốn|bài|tin|lượt|đoàn viên"
    r"|hội viên|học sinh|giáo viên|gia đình|dòng họ|cộng đồng|suất|học bổng|sản phẩm|hội thi|trường|tiết"
    r"|giờ|đầu sách|câu lạc bộ|phường|xã|thôn|công trình|đợt|lần|thành viên|bản|góc|tủ|giải|sáng kiến|điểm"
    r"|triệu|đồng|tấm gương|gương|cơ sở|video|clip|trung tâm|công nhân|cán bộ|người lao động|đồng chí)\b"
)
_PAST = re.compile(
    r"(?:vượt (?:chỉ tiêu|kế hoạch)|đã (?:đạt|có|tổ chức|thực hiện|hoàn thành|được)|kết quả|chiếm|so với|tăng|giảm)\b",
    re.IGNORECASE,
)
_AFTER_UNIT = re.compile(
    r"\s+(?:cho|trong|tại|về|được|có|đạt|ở|với|để|trở lên|mỗi|theo|của|trên|từ|và|dành|tham gia|/|do|khi|là"
    r"|nhằm|trước|sau|hoặc|đến|vào)\b|[;.“”(/]|,(?! bài)"
)


def targets(text: str, body: list[Line], year: int | None) -> Iterator[dict]:
    """A percentage, or a least number, of something that is to be reached; what was reached before ``year`` is no target."""
    for line in body:
        if line.is_row:
            continue
        for start, end in sentences(text, line.said_at, line.end):
            if _tells_of_past(text[start:end], year):
                continue
            if not _DIGIT.search(text, start, end):
                continue
            by = _by(text, start, end)
            for piece_start, piece_end in _pieces(text, start, end):
                yield from _targets_in(text, piece_start, piece_end, by)


_DIGIT = re.compile(r"\d")


def _tells_of_past(sentence: str, year: int | None) -> bool:
    """ "Năm 2017, có 92 % nhà giáo …" in a plan of 2018."""
    sentence = re.sub(r"\([^()]*\)|“[^“”]*”", "", sentence.strip("() ")) or sentence
    if re.search(r"phấn đấu|mục tiêu|(?<!vượt )chỉ tiêu|đến năm", sentence, re.IGNORECASE):
        return False
    said = [int(found[1]) for found in re.finditer(r"\b[Nn]ăm (?:học )?((?:19|20)\d\d)", sentence)]
    return bool(_PAST.search(sentence)) or bool(year and said and max(said) < year)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Parted where one percentage's words end and the next one's begin."""
    at = start
    for found in re.finditer(
        r";\s*|,\s*(?=(?:ít nhất\s+|trên\s+)?\d{1,3}(?:[.,]\d+)?\s?%)|\s+và\s+(?=(?:ít nhất\s+|trên\s+)?\d{1,3}\s?%)",
        text[start:end],
    ):
        yield at, start + found.start()
        at = start + found.end()
    yield at, end


def _targets_in(text: str, start: int, end: int, by: Said | None) -> Iterator[dict]:
    """``by``: the year that the whole sentence names."""
    by = _by(text, start, end) or by
    percents = list(_PERCENT.finditer(text, start, end))
    for found in percents[:1]:
        if not _AIMS.search(text, found.end(), end) and not _AIMS.search(text, start, found.start()):
            continue
        n = float(found["n"].replace(",", "."))
        if n > 100 or text.endswith(("dưới ", "còn ", "chiếm "), 0, found.start()):
            continue
        unit, subject = _unit_and_subject(text, found.end(), end)
        yield {
            "percent": Said(int(n) if n == int(n) else n, *found.span()), "number": None, "unit": unit, "subject": subject,
            "by": by, "text": stated(text, start, end),
        }  # fmt: skip
    if percents:
        return
    for found in _NUMBER.finditer(text, start, end):
        if found["word"].lower() in ("từ", "trên", "đạt") or not _UNITS.match(found["unit"].lower()):
            continue
        unit = quoted(text, found.start("unit"), _unit_end(text, found.start("unit"), end))
        n_int = int(found["n"].replace(".", ""))
        yield {
            "percent": None, "number": Said(n_int, *found.span("n")), "unit": unit,
            "subject": stated(text, start, found.start()), "by": by, "text": stated(text, start, end),
        }  # fmt: skip
        return


def _unit_end(text: str, start: int, end: int) -> int:
    """Of "lớp chuyên đề cho …": before what is said of it."""
    stop = _AFTER_UNIT.search(text, start, min(end, start + 60))
    return stop.start() if stop else min(end, start + 60)


def _by(text: str, start: int, end: int) -> Said | None:
    """The year it is to be reached by; a programme's name in quotation marks says nothing of this target."""
    for found in _BY.finditer(text, start, end):
        if text.count("“", start, found.start()) == text.count("”", start, found.start()):
            name = "year" if found["year"] else "year2"
            return Said(found[name], *found.span(name))
    return None


def _unit_and_subject(text: str, start: int, end: int) -> tuple[Said | None, Said | None]:
    first = re.compile(r"\s*\w+").match(text, start, end)
    found = _PREDICATE.search(text, first.end() if first else start, end)
    if found is None:
        return stated(text, start, min(end, start + 120)), None
    at = found.end() - len(found[0].lstrip(" ,"))
    return stated(text, start, found.start()), stated(text, at, end)
