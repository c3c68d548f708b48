"""Ceremonies, meetings and rounds with a day of their own. Pure."""

import re
from collections.abc import Iterator

from hoctap.directives.reading.dates import dates_in, spans_in
from hoctap.directives.reading.outline import Line
from hoctap.directives.reading.said import Said, quoted, stated
from hoctap.directives.reading.work import sentences
from hoctap.kernel.vietnamese import fold

_EVENT = re.compile(
    r"\b(?:buổi\s+)?(?:[Cc]hương trình(?= “)|Lễ|(?<![Tt]uần )lễ|Hội nghị|hội nghị|Hội thảo|hội thảo|Tọa đàm"
    r"|tọa đàm|Lớp tập huấn"
    r"|lớp tập huấn|Ngày hội|ngày hội|Hội thi"
    r"|hội thi|Vòng|vòng|Chung kết|chung kết|Đêm|Đại hội|(?<!Lễ )(?<!lễ )Khai mạc|Bế mạc|Ra quân|Cuộc thi"
    r"|Hội diễn|Hội trại|Giao lưu|Họp mặt|Cuộc họp|cuộc họp)\s"
)
_BEFORE_DAY = re.compile(
    r"(?:[\s,:]|được tổ chức|dự kiến|diễn ra|sẽ|tổ chức|vào|trong|lúc|\d{1,2}\s?(?:giờ"
    r"|h)\s?\d{0,2}(?:\s?phút)?|sáng|chiều|tối|thứ\s\S{1,5}|chủ nhật)*$"
)
_NO_EVENT = re.compile(r"báo cáo|gửi|trước|\bsố\b|ký\b|\btừ$|\bđến$")
_PLACE = re.compile(
    r"\btại\s+(?P<place>[^\W\d_][^;.\n]{3,200}?)(?=\s*(?:[;.\n)]|$|,\s*(?:thời gian|với|do|có|gồm|thành phần)"
    r"|\s+với\s|\s+vào\s))"
)
_LONGEST_NAME = 200
_DAY = re.compile(r"\bngày\s+(?=\d)")
_LONGEST_DAY = 60


def events(text: str, subject: Said | None, body: list[Line], year: Said | None) -> list[dict]:
    """A ceremony, a meeting, a contest's round with its day; the place where one is named."""
    found: list[dict] = []
    for line in body:
        held = _in_row(text, line, year) if line.is_row else _in_sentences(text, line, year)
        for name, day, place in held:
            known = next(
                (
                    event
                    for event in found
                    if event["date"].value == day.value and _alike(event["name"], name)
                ),
                None,
            )
            if known:
                known["place"] = known["place"] or place
            else:
                found.append({"name": name, "date": day, "place": place})
    return found or _invited(text, subject, body, year)


def _in_sentences(text: str, line: Line, year: Said | None) -> Iterator[tuple[Said, Said, Said | None]]:
    for start, end in sentences(text, line.said_at, line.end):
        if not _EVENT.search(text, start, end):
            continue
        for found in _DAY.finditer(text, start, end):
            at = found.start()
            day = _full_day(text, at, min(end, at + _LONGEST_DAY), year)
            name = _event_before(text, start, at) if day and day.start <= at + 1 else None
            if name and day:
                place = _PLACE.search(text, day.end, end)
                yield name, day, quoted(text, *place.span("place")) if place else None


def _in_row(text: str, line: Line, year: Said | None) -> Iterator[tuple[Said, Said, Said | None]]:
    """A row of a timetable: one cell the day, another what is held."""
    at, name, day = line.start, None, None
    for cell in line.text.split("\t"):
        end = at + len(cell)
        if day is None and len(cell) < 40:
            day = _full_day(text, at, end, year)
        if name is None and _EVENT.match(text, at, end):
            name = quoted(text, at, end)
        at = end + 1
    if name and day:
        yield name, day, None


def _invited(text: str, subject: Said | None, body: list[Line], year: Said | None) -> list[dict]:
    """An invitation: what its subject names, with the lines "Thời gian: …", "Địa điểm: …"."""
    held = _EVENT.search(text, subject.start, subject.end) if subject else None
    if held is None or subject is None:
        return []
    day = place = None
    for line in body:
        if (
            day is None
            and re.match(r"Thời gian\b[^:]{0,30}:", line.said)
            and not list(spans_in(text, line.start, line.end, year))
        ):
            day = _full_day(text, line.start, line.end, year)
        if place is None and (named := re.match(r"Địa điểm\b[^:]{0,30}:\s*(?:[Tt]ại\s+)?", line.said)):
            place = stated(text, line.said_at + named.end(), line.end)
    name = quoted(text, held.start(), subject.end)
    return [{"name": name, "date": day, "place": place}] if day and name else []


def _full_day(text: str, start: int, end: int, year: Said | None) -> Said | None:
    when = next((w for w in dates_in(text, start, end, year) if w.on), None)
    return when.said if when else None


def _alike(one: Said, other: Said) -> bool:
    """The first words agree: "Lễ Khai mạc Tuần lễ …", "Lễ khai mạc của quận"."""
    first, second = (set(fold(str(name.value)).split()[:3]) for name in (one, other))
    return len(first & second) >= 2


def _event_before(text: str, start: int, day: int) -> Said | None:
    """What is held on the day that begins here: named in the same clause, from "Lễ …" up to the words before the day."""
    low = max(start, day - _LONGEST_NAME)
    clause = max([low, *(low + found.end() for found in re.finditer(r"[;.()\n]", text[low:day]))])
    named = list(_EVENT.finditer(text, clause, day))
    held = named[-1] if named else None
    for earlier in reversed(named[:-1]):  # "Vòng chung kết hội thi cấp tỉnh" is one
        if held and re.fullmatch(r"(?:\s?[^\W\d_]+){0,3}\s?", text[earlier.end() : held.start()]):
            held = earlier
    before = _BEFORE_DAY.search(text[clause:day])
    if held is None or before is None:
        return None
    name = quoted(text, held.start(), max(held.start() + 1, clause + before.start()))
    return (
        name if name and len(str(name.value).split()) >= 3 and not _NO_EVENT.search(str(name.value)) else None
    )
