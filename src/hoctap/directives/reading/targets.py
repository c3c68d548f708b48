"""Targets: percentages and least numbers that are to be reached. Pure."""

import re
from collections.abc import Iterator
from itertools import islice

from hoctap.directives.reading.outline import Line
from hoctap.directives.reading.parties import clauses
from hoctap.directives.reading.said import Said, quoted, stated
from hoctap.directives.reading.work import sentences
from hoctap.kernel.vietnamese import fold

_PERCENT = re.compile(r"(?<![\d.,])(?P<n>\d{1,3}(?:[.,]\d{1,2})?)\s?%(?:\s+trở lên)?")
_NUMBER = re.compile(
    r"(?P<word>ít nhất|tối thiểu|không dưới|trên|đạt|phấn đấu(?:\s+(?:có|đạt|mở|tổ chức))?|từ)\s+(?:được\s+"
    r"|là\s+)?(?P<n>\d{1,3}(?:\.\d{3})+|\d{1,6})(?![\d%/.,]|\s?%"
    r"|\s?[-–/])\s+(?P<unit>“[^”\n]{2,60}”|[^\W\d_][^\W\d_]*(?:\s[^\W\d_]+){0,3})",
    re.IGNORECASE,
)
_AIMS = re.compile(
    r"phấn đấu|mục tiêu|chỉ tiêu|bảo đảm|đảm bảo|ít nhất|tối thiểu|phải|đạt|trở lên|khuyến khích|được|có"
    r"|đưa|tham gia|duy trì|hoàn thành|không dưới|thực hiện|biết|sử dụng|tốt nghiệp|xếp loại",
    re.IGNORECASE,
)
_PREDICATE = re.compile(
    r",?\s+(?:phải|được|có(?!\s+(?:nhu cầu|từ \d|trên \d|tổ chức (?:công đoàn|đảng|hội)))|tham gia|đạt|đưa"
    r"|thực hiện|xây dựng|tổ chức(?! (?:công đoàn|đảng|hội|chính))"
    r"|phối hợp|hoàn thành|đăng ký|biết|hiểu|sử dụng|triển khai|duy trì|hưởng ứng|là|nắm|ký|phấn đấu|sẽ|đều"
    r"|nơi|vào (?=lớp|học)|ra lớp|tiếp cận|hằng|hàng|đọc|mượn|viết|tặng|thành lập|hoạt động|bố trí|lập|mở"
    r"|trở thành|xếp loại|tốt nghiệp"
    r"|cam kết|học (?:nghề|xong|trực tuyến)|tự học|tự|qua (?=đào tạo|bồi dưỡng)|cài đặt|truy cập|khai thác|nhận|được)\b"
    r"|(?<!công dân)(?<!gia đình)(?<!dòng họ)(?<!cộng đồng)(?<!đơn vị)(?<!trung tâm)(?<!xã hội)(?<!thành phố)(?<!huyện)"
    r"(?<!tỉnh)(?<!xã)(?<!phường)\s+học tập\b"
)
_BY = re.compile(
    r"\b(?:đến|trước|hết|trong|cuối|phấn đấu)\s+(?:hết\s+|cuối\s+)?năm\s+(?P<year>(?:19|20)\d\d)"
    r"|\bđến\s+(?P<year2>(?:19|20)\d\d)\b|\bgiai đoạn\s+\d{4}\s*[-–]\s*(?P<year3>(?:19|20)\d\d)"
    r"|^năm\s+(?P<year4>(?:19|20)\d\d)(?=\s*[,:])",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"(?:(?:vượt|đạt) (?:chỉ tiêu|kế hoạch)|đã (?:mở|xây dựng|bố trí|trao|vận động|đạt|có|tổ chức|thực hiện"
    r"|hoàn thành|được)|kết quả|chiếm|so với|tăng|giảm)\b",
    re.IGNORECASE,
)
_AFTER_UNIT = re.compile(
    r"\s+(?:cho|trong|tại|về|được|có|đạt|ở|với|để|trở lên|mỗi|theo|của|trên|từ|và|dành|tham gia|/|do|khi|là"
    r"|nhằm|hỗ trợ|mua|tặng|giúp|ủng hộ|phục vụ|để dự|trước|sau|hoặc|đến|vào)\b|[;.“”(/]|,(?! (?:bài|ảnh"
    r"|chiến sĩ|công chức|viên chức|hội viên|đoàn viên"
    r"|người|giáo viên|học sinh|học viên)\b)"
)
_DRAWS = re.compile(r"(?:thu hút|huy động|vận động|phấn đấu)(?:\s(?:được|có|đạt))?\s+$", re.IGNORECASE)


NEAR = 1000  # characters around a figure in which the words that speak of it stand
MOST = 100  # pieces of one paragraph that may hold a target each
_SHARE = r"(?:(?:có\s+)?(?:ít nhất|tối thiểu|trên|đạt|từ|khoảng|hơn)\s+)?\d{1,3}(?:[.,]\d+)?\s?%"


def targets(text: str, body: list[Line], year: Said | None, tells: bool = False) -> Iterator[dict]:
    """A percentage, or a least number, of something that is to be reached; what was reached before ``year`` is no target.

    ``tells``: of what was done (a report), so that only what it says it aims at is one.
    """
    for line in body:
        if line.is_row:
            continue
        headings = " ".join(fold(above.said[:NEAR]) for above in _above(line))
        aimed, by_heading = _is_aimed_at(line), _by_heading(text, line)
        told = (tells or bool(_TOLD.search(headings))) and not _AHEAD.search(headings)
        for piece, clause, sentence in islice(_parts(text, line, told, year), MOST):
            yield from _targets_in(text, aimed, by_heading, *piece, clause, sentence)


def _parts(
    text: str, line: Line, told: bool, year: Said | None
) -> Iterator[tuple[tuple[int, int], tuple[int, int], tuple[int, int]]]:
    """(piece that may hold one target, its clause, its sentence)."""
    for start, end in sentences(text, line.said_at, line.end):
        if (told and not _STRIVES.search(text, start, end)) or not _DIGIT.search(text, start, end):
            continue
        for low, high in clauses(text, start, end):
            if not _tells_of_past(text, (start, end), low, high, year):
                for piece in _pieces(text, low, high):
                    yield piece, (low, high), (start, end)


_DIGIT = re.compile(r"\d")


_TOLD = re.compile(
    r"ket qua|danh gia|thuc trang|tinh hinh|uu diem|han che|dac diem|thuan loi|kho khan|nguyen nhan|su can thiet"
)
_AHEAD = re.compile(r"phuong huong|nhiem vu|muc tieu|chi tieu|giai phap|ke hoach|to chuc thuc hien")
_STRIVES = re.compile(r"phấn đấu|mục tiêu|(?<!vượt )(?<!đạt )chỉ tiêu(?! đề ra)", re.IGNORECASE)


def _above(line: Line) -> Iterator[Line]:
    above = line.above
    while above:
        yield above
        above = above.above


def _tells_of_past(text: str, sentence: tuple[int, int], start: int, end: int, year: Said | None) -> bool:
    """ "Năm 2017, có 92 % nhà giáo …" in a plan of 2018; "Sau 5 năm thực hiện, toàn tỉnh có …"."""
    whole = text[start:end].strip("() ")
    clause = re.sub(r"\([^()]*\)|“[^“”]*”", "", whole) or whole
    if _STRIVES.search(clause):
        return False
    if _LOOKS_BACK.match(text, *sentence) or _PAST.search(clause):
        return True
    said = [int(found[1]) for found in _SAID_YEAR.finditer(clause)] or [
        int(found[1]) for found in _SAID_YEAR.finditer(whole[: whole.find("%") + 1])
    ]
    return bool(year and said and max(said) < int(year.value))


_SAID_YEAR = re.compile(r"\b[Nn]ăm (?:học )?((?:19|20)\d\d)")
_LOOKS_BACK = re.compile(
    r"\W*(?:Sau (?:hơn |gần )?\d+ năm|Qua \d+ năm|(?:Trong )?(?:những năm|thời gian) qua|Đến nay|Hiện (?:nay|có)|Tính đến"
    r"|Trong \d+ năm qua|Nhìn chung|Tuy nhiên)\b",
    re.IGNORECASE,
)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Parted where one percentage's words end and the next one's begin."""
    at = start
    for found in re.finditer(
        rf",\s+(?={_SHARE})|\s+và\s+(?={_SHARE})",
        text[start:end],
        re.IGNORECASE,
    ):
        yield at, start + found.start()
        at = start + found.end()
    yield at, end


def _by_heading(text: str, line: Line) -> Said | None:
    for above in _above(line):
        if above.is_heading and (by := _by(text, above.said_at, above.end) or _for_year(text, above)):
            return by
    return None


def _for_year(text: str, heading: Line) -> Said | None:
    """ "IV. PHƯƠNG HƯỚNG NĂM 2024"."""
    found = _YEAR_OF_HEADING.search(text, heading.said_at, heading.end) if heading.is_heading else None
    return Said(found["year"], *found.span("year")) if found and _AHEAD.search(fold(heading.said)) else None


_YEAR_OF_HEADING = re.compile(r"\bnăm\s+(?P<year>(?:19|20)\d\d)\s*:?$", re.IGNORECASE)


def _targets_in(
    text: str,
    aimed: bool,
    by_heading: Said | None,
    start: int,
    end: int,
    clause: tuple[int, int],
    sentence: tuple[int, int],
) -> Iterator[dict]:
    by = (
        _by(text, start, end)
        or _by(text, max(clause[0], start - NEAR), min(clause[1], end + NEAR))
        or _by(text, max(sentence[0], start - NEAR), start)
        or by_heading
    )
    if share := _PERCENT.search(text, start, end):
        aims = (
            (share.end(), min(sentence[1], share.end() + NEAR)),
            (max(sentence[0], share.start() - NEAR), share.start()),
        )
        if aimed or any(_AIMS.search(text, *place) for place in aims):
            yield from _percent(text, start, end, share, by)
        return
    for found in _NUMBER.finditer(text, start, end):
        if found["word"].lower() in ("từ", "trên", "đạt") and not _DRAWS.search(text, start, found.start()):
            continue
        if _NO_UNIT.match(found["unit"]):
            continue
        unit = quoted(text, found.start("unit"), _unit_end(text, found.start("unit"), end))
        n_int = int(found["n"].replace(".", ""))
        yield {
            "percent": None, "number": Said(n_int, *found.span("n")), "unit": unit,
            "subject": stated(text, start, found.start()), "by": by, "text": stated(text, start, end),
        }  # fmt: skip
        return


_NO_UNIT = re.compile(r"(?:ngày|tháng|năm|tuần|phút|giờ làm|tuổi|%|km|mét|lao động trở lên)\b", re.IGNORECASE)
_SHARE_OF = re.compile(
    r"[Tt][ỷỉ] lệ\s+(?P<of>[^;:]{3,120}?)\s+(?:đạt|là|chiếm|lên|tăng lên|trên|từ|ít nhất"
    r"|tối thiểu)(?:\s+(?:ít nhất|tối thiểu|trên|từ"
    r"|khoảng|đạt))*\s*$"
)


def _is_aimed_at(line: Line) -> bool:
    return any(re.match(r"muc tieu|chi tieu", fold(above.said[:NEAR])) for above in _above(line))


def _percent(text: str, start: int, end: int, share: re.Match[str], by: Said | None) -> Iterator[dict]:
    """ "95 % gia đình đạt …", or "tỷ lệ người biết chữ đạt 97,2 %"."""
    n = float(share["n"].replace(",", "."))
    named = _SHARE_OF.search(text[start : share.start()])
    counts = re.match(r"\s*(?:số\s+|các\s+)?[^\W\d_]{2}", text[share.end() : min(end, share.end() + 20)])
    if n > 100 or not (named or counts) or text.endswith(("dưới ", "còn ", "chiếm "), start, share.start()):
        return
    span = (start + named.start("of"), start + named.end("of")) if named else (share.end(), end)
    unit, subject = _unit_and_subject(text, *span)
    yield {
        "percent": Said(int(n) if n == int(n) else n, *share.span()), "number": None, "unit": unit, "subject": subject,
        "by": by, "text": stated(text, start, end),
    }  # fmt: skip


def _unit_end(text: str, start: int, end: int) -> int:
    """Of "lớp chuyên đề cho …": before what is said of it."""
    if text[start] == "“":
        return text.index("”", start) + 1
    stop = _AFTER_UNIT.search(text, start, min(end, start + 60))
    return stop.start() if stop else min(end, start + 60)


def _by(text: str, start: int, end: int) -> Said | None:
    """The year it is to be reached by; a programme's name in quotation marks says nothing of this target."""
    for found in _BY.finditer(text[start:end]):
        here = start + found.start()
        if all(
            text.count(opened, start, here) <= text.count(closed, start, here)
            for opened, closed in ("“”", "()")
        ):
            name = next(name for name, year in found.groupdict().items() if year)
            return Said(found[name], start + found.start(name), start + found.end(name))
    return None


def _unit_and_subject(text: str, start: int, end: int) -> tuple[Said | None, Said | None]:
    first = re.compile(r"\s*\w+").match(text, start, end)
    found = _PREDICATE.search(text, first.end() if first else start, end)
    if found is None:
        return stated(text, start, min(end, start + 120)), None
    at = found.end() - len(found[0].lstrip(" ,"))
    return stated(text, start, found.start()), stated(text, at, end)
