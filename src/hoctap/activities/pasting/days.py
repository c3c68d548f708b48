"""On which day: written, or spoken of from the day the message is pasted on."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from hoctap.activities.pasting.text import NUMBERED, Text
from hoctap.directives.reading.dates import When, dates_in

_ACCENTED = {"ngay": "ngày", "thang": "tháng", "nam": "năm", "mung": "mùng", "mong": "mồng", "den": "đến"}
_PLAIN_WORDS = re.compile(r"\b(?:ngay|thang|mung|mong|den|nam(?=\s*(?:19|20)\d\d))\b")
_TWO_DIGITS = re.compile(r"(?<![\d/h])(\d{1,2})/(\d{1,2})/(\d{2})(?![\d/])")
_OTHER_DAY = re.compile(
    r"(?:truoc|han(?: chot| cuoi)?|dang ky|cong van|ke hoach|quyet dinh|so \S+|van ban|thanh lap|"
    r"ky niem|chao mung|nhan(?= dip| le|\s*$| ngay)|ket qua|(?<!hoc )(?<!thi )(?<!duong )(?<!ve )sinh(?=\s*$| ngay)|chi thi"
    r"|nghi quyet|cham nhat|den het)(?: \S+){0,3}\s*:?\s*(?:ngay\s*)?$"
)
_FEAST = re.compile(
    r"\b(?:(?:phu nu|nha giao|gia dinh|phap luat|thay thuoc) (?:viet nam|vn)|quoc te (?:phu nu|thieu nhi|lao dong))"
    r"\s*\(?(?:ngay\s*)?$"
)
# A number of a house, a street or a park called by a day, a class of a school, a fraction: written as a day is.
_HOUSE = re.compile(
    r"(?:\b(?:tai|o|so|nha|hem|ngo|kiet|duong|pho|cong vien|ben|lop|khoi|to|kp|phong|can|ho|"
    r"(?:(?<!hoi )(?<!san )(?<!nha )(?<!cong )truong|benh vien|nvh|nha van hoa|mam non|tieu hoc|thcs|thpt)"
    r"(?: (?:mam non|tieu hoc|thcs|thpt|mn|th))?)|\bdia (?:chi|diem)\s?:|📍)\s*$"
)
_PART_OF = re.compile(
    r"\s*(?:so\s|ho\b|chuong trinh|khu pho|chi (?:hoi|doan)|don vi|noi dung|thoi luong|bai\b|hoc vien|hoc sinh|"
    r"doan vien|hoi vien|thanh vien|giao vien|can bo|nguoi|em\b)"
)
_STREET = re.compile(r"\s+(?!(?:Hội|Trường|Quận|Phường|Liên|Ban|Chi|Khu|Tổ|Nhà)\s)[^\W\d_]\w*\s+[^\W\d_]\w*")
_DAY_SAID = re.compile(r"\b(?:ngay|mung|mong|hom|sang|trua|chieu|toi|dem)\s*$")
_TIME_SAID = re.compile(r"\b(?:nay|mai|qua|thu \S+|t\d|cn|chu nhat|\d{1,2}\s?(?:h|g|gio)\d{0,2}),?\s*$")
_ROW = re.compile(r"(?<![\d/:.])(\d{1,2})(?:\s?,\s?\d{1,2})*\s?(?:,|-|–|(?:và|va|đến|den)(?: ngày)?)\s?$")
_MANY_DAYS = "Ngày (tin nêu nhiều ngày)"
_TODAY = re.compile(r"\b(?:hom nay|(?:sang|trua|chieu|toi|dem) nay)\b")
_TOMORROW = re.compile(r"\b(?:ngay mai|(?:sang|trua|chieu|toi) mai)\b")
_YESTERDAY = re.compile(r"\b(?:hom qua|(?:sang|trua|chieu|toi) qua)\b")
_DAY_NAMES = {
    "hai": 0, "2": 0, "ba": 1, "3": 1, "tu": 2, "4": 2, "nam": 3, "5": 3, "sau": 4, "6": 4, "bay": 5, "7": 5
}  # fmt: skip
_WEEKDAY = re.compile(
    r"\b(?:(?:thu|t)\s?(hai|ba|tu|nam|sau|bay|[2-7])|(chu nhat|cn))\s+(?:tuan\s+)?(nay|toi|sau)\b"
)


def day_in(said: Text, today: date, near: int | None) -> date | None:
    written = [*_written_days(said, today)]
    spoken = [
        (at, day)
        for at, day in _spoken_days(said.folded, today)
        if not any(at < its_date < at + len("chiều hôm nay, ngày ") for its_date, _day in written)
    ]  # "chiều nay 12/10", pasted on the 13th
    found = written + spoken
    days = list(dict.fromkeys(day for _at, day in found))
    if len(days) <= 1:
        return days[0] if days else None
    if near is not None:
        beside = {day for at, day in found if abs(at - near) < 45}
        if len(beside) == 1:
            return beside.pop()
    said.asks.append(_MANY_DAYS)
    return None


def _written_days(said: Text, today: date) -> Iterator[tuple[int, date]]:
    """Of several days in a row the first, and a person is asked."""
    text = said.folded
    for found in _TWO_DIGITS.finditer(text):
        day = _made(int(found[1]), int(found[2]), 2000 + int(found[3]))
        if day and _is_day(said, *found.span(), first=int(found[1]), second=int(found[2])):
            yield found.start(), day
    text = _PLAIN_WORDS.sub(lambda m: _ACCENTED[m[0]], text)
    for when in dates_in(text):
        if when.day and when.month and _is_day(said, when.start, when.end, when.day, when.month):
            day = _made(when.day, when.month, when.year) if when.year else _nearest(when, today)
            before = text[max(0, when.start - 60) : when.start]
            row = _ROW.search(before)
            if row and NUMBERED.search(before[: row.start()]):
                row = None  # "khu phố 5, 11/9", "thứ 7, ngày 28 tháng 11"
            if day and row and 1 <= int(row[1]) < day.day:
                said.asks.append(_MANY_DAYS)
                day = day.replace(day=int(row[1]))
            if day:
                yield when.start, day


def _is_day(said: Text, start: int, end: int, first: int, second: int) -> bool:
    """Of the activity: neither another day that the text names, nor a house, a class or a fraction."""
    before, written = said.folded[:start][-60:], said.folded[start:end]
    if _OTHER_DAY.search(before) or _FEAST.search(before) or before.endswith("chao "):
        return False
    if said.plain[start:end].lower().startswith("mừng"):
        return False  # "mừng 20/11", read as "mùng"
    if re.search(r"\d{4}$", written):
        return True
    if _HOUSE.search(before):
        return written.startswith(("ngay", "mung", "mong"))
    if not written[0].isdigit() or _DAY_SAID.search(before):
        return True
    if re.match(r"[A-Z]\b", said.plain[end:]):
        return False  # "12/5B"
    if first <= second and _PART_OF.match(said.folded, end) and not _TIME_SAID.search(before):
        return False  # "3/4 học viên"
    street = _STREET.match(said.plain, end)
    return not (street and all(word[0].isupper() and not word.isupper() for word in street[0].split()))


def _nearest(when: When, today: date) -> date | None:
    """The year that brings it closest to today."""
    years = (today.year - 1, today.year, today.year + 1)
    days = [day for year in years if (day := _made(when.day or 0, when.month or 0, year))]
    return min(days, key=lambda day: abs((day - today).days), default=None)


def _made(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _spoken_days(folded: str, today: date) -> Iterator[tuple[int, date]]:
    for pattern, by in ((_TODAY, 0), (_TOMORROW, 1), (_YESTERDAY, -1)):
        if found := pattern.search(folded):
            yield found.start(), today + timedelta(days=by)
    for found in _WEEKDAY.finditer(folded):
        number = 6 if found[2] else _DAY_NAMES[found[1]]
        monday = today - timedelta(days=today.weekday())
        yield found.start(), monday + timedelta(days=number + (7 if found[3] in ("toi", "sau") else 0))
