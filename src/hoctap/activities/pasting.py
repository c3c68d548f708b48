"""A message of Zalo or a piece of news → what it says of an activity. Pure. What it does not say for sure stays out.

Folded text has a character for each of the text, so that what is found in one is taken from the other: messages come with
diacritics and without.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from hoctap.activities.sorting import kind_in
from hoctap.directives.reading.dates import When, dates_in

LONGEST = 20_000


@dataclass(frozen=True)
class Pasted:
    """``asks``: what a person has to say, in words; ``with_whom``: bodies as the text names them."""

    name: str = ""
    kind: str = ""
    day: date | None = None
    start: time | None = None
    place: str = ""
    people: int | None = None
    with_whom: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


@dataclass
class _Text:
    plain: str
    folded: str
    asks: list[str] = field(default_factory=list)


def read(text: str, today: date) -> Pasted:
    """``today``: the day it is pasted on, for years left out and for "sáng mai"."""
    plain = unicodedata.normalize("NFC", text[:LONGEST]).replace("\u00a0", " ")
    said = _Text(plain, "".join(map(_folded, plain)))
    name, sure = _name(said)
    start, near = _start(said)
    day = _day(said, today, near)
    kind, place = (kind_in(name) if sure else "") or kind_in(plain), _place(said)
    people, with_whom = _people(said), tuple(_with_whom(said))
    found: dict[str, object] = {
        "Tên hoạt động": name,
        "Loại": kind,
        "Ngày": day,
        "Giờ bắt đầu": start,
        "Nơi tổ chức": place,
    }
    if day and day <= today:
        found["Số người"] = people is not None
    missing = [words for words, value in found.items() if not value]
    asks = [words for words in missing if not any(asked.startswith(words) for asked in said.asks)]
    return Pasted(name, kind, day, start, place, people, with_whom, (*asks, *said.asks))


def _folded(character: str) -> str:
    base = unicodedata.normalize("NFD", character.lower())[:1] or " "
    return {"đ": "d"}.get(base, base)


# ---- day ----
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
_NUMBERED = re.compile(r"\b(?:thu|pho|phuong|quan|to|so|lop|khoi|tang|lau|p|q|kp)\s?$")
MANY_DAYS = "Ngày (tin nêu nhiều ngày)"
_TODAY = re.compile(r"\b(?:hom nay|(?:sang|trua|chieu|toi|dem) nay)\b")
_TOMORROW = re.compile(r"\b(?:ngay mai|(?:sang|trua|chieu|toi) mai)\b")
_YESTERDAY = re.compile(r"\b(?:hom qua|(?:sang|trua|chieu|toi) qua)\b")
_DAY_NAMES = {
    "hai": 0, "2": 0, "ba": 1, "3": 1, "tu": 2, "4": 2, "nam": 3, "5": 3, "sau": 4, "6": 4, "bay": 5, "7": 5
}  # fmt: skip
_WEEKDAY = re.compile(
    r"\b(?:(?:thu|t)\s?(hai|ba|tu|nam|sau|bay|[2-7])|(chu nhat|cn))\s+(?:tuan\s+)?(nay|toi|sau)\b"
)


def _day(said: _Text, today: date, near: int | None) -> date | None:
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
    said.asks.append(MANY_DAYS)
    return None


def _written_days(said: _Text, today: date) -> Iterator[tuple[int, date]]:
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
            row = _ROW.search(text[: when.start])
            if row and _NUMBERED.search(said.folded[: row.start()]):
                row = None  # "khu phố 5, 11/9", "thứ 7, ngày 28 tháng 11"
            if day and row and 1 <= int(row[1]) < day.day:
                said.asks.append(MANY_DAYS)
                day = day.replace(day=int(row[1]))
            if day:
                yield when.start, day


def _is_day(said: _Text, start: int, end: int, first: int, second: int) -> bool:
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


# ---- hour ----
# Minutes after a space only where nothing else can be meant: "18h 25 học viên", "8h 15, 16/10".
_HOUR = re.compile(
    r"(?<![\d:/.,])(\d{1,2})(?:\s?(?:h|gio|g)(?:(?P<near>\d{2})(?!\d|/\d{1,2}(?:/\d{4})?(?![\d/]))|\s?(?P<half>ruoi)\b"
    r"|\s(?P<apart>\d{2})(?=\s?phut|,? (?:ngay|thu [2-7hbtns]|sang|trua|chieu|toi|tai|hom)\b|\s?[-–]\s?\d{1,2}\s?(?:h|g)"
    r"|\s?(?:\)|\n|$|\.\s))|(?=\d{1,2}/\d))?|:(?P<colon>\d{2})(?![\d/]))(?:\s?phut)?(?:\s?(?P<half_day>[ap])\.?m\b)?"
    r"(?![a-z_]|:\d|\d(?!\d?/\d))(?!\s?/\s?(?:buoi|ngay|tuan|tiet|lan)\b)"
)
_MINUTES_MAYBE = re.compile(r"\skem\b|\s\d{2}(?!\d|[/.]\d| thang\b)")
_PART = re.compile(r"\b(sang|trua|chieu|toi|dem)\b(?! (?:da|thieu|uu|tao|kien)\b)")
_PART_AS_WRITTEN = {"sang": "sáng", "trua": "trưa", "chieu": "chiều", "toi": "tối", "dem": "đêm"}
_PART_DAY = re.compile(r"\s*(?:nay|mai|qua|hom|thu|t\d|cn|chu nhat|ngay|mung|cac|\d{1,2}/|[,.;)\n]|$)")
_COMING = re.compile(r"\b(?:tuan|thang|sap|ngay|thu \S+|t\d|cn|chu nhat)\s$")  # "tuan toi" without diacritics
_TIME_WORDS = re.compile(
    r"(?:[\s\d/.,:()–-]|\b(?:nay|mai|qua|hom|thu|t\d|cn|chu nhat|hai|ba|tu|nam|sau|bay|ngay|thang|luc|vao|hoi|tuan)\b)*"
)
_LASTING = re.compile(r"(?:trong|keo dai|suot)\s+(?:vong\s+)?$")
_UNTIL = re.compile(r"(?:den|-|–|—|toi)\s*$")
_MEET_AFTER = re.compile(r"^\s*(?:tap trung|co mat|don tiep|don khach|diem danh)")
_MEET = re.compile(r"(?:tap trung|co mat|don tiep|don khach|diem danh)[^.,\n]{0,25}$")


def _start(said: _Text) -> tuple[time | None, int | None]:
    """When it begins, and where that stands in the text."""
    found: list[tuple[time | None, int, bool]] = []
    for match in _HOUR.finditer(said.folded):
        before = said.folded[: match.start()][-40:]
        if (
            _LASTING.search(before)
            or _UNTIL.search(before)
            or said.folded[match.end() :].startswith(" dong ho")
        ):
            continue
        if int(match[1]) < 24:
            moment, after = _moment(said, match), said.folded[match.end() :][:30]
            found.append((moment, match.start(), bool(_MEET.search(before) or _MEET_AFTER.search(after))))
    first = [one for one in found if not one[2]] or found
    if len({moment for moment, _at, _meet in first}) > 1:
        said.asks.append("Giờ bắt đầu (tin nêu nhiều giờ)")
        return None, None
    return (first[0][0], first[0][1]) if first else (None, None)


def _moment(said: _Text, match: re.Match[str]) -> time | None:
    """None where the text leaves open which one is meant."""
    hour, minutes = int(match[1]), match["near"] or match["apart"] or match["colon"]
    minute = 30 if match["half"] else int(minutes or 0)
    unclear = not (minutes or match["half"]) and _MINUTES_MAYBE.match(said.folded, match.end())
    if minute > 59 or (unclear and not _COUNT.match(said.folded, match.end() + 1)):
        return None
    if match["half_day"]:
        part, sure = "chieu" if match["half_day"] == "p" else "sang", True
    else:
        part, sure = _part(said, match)
    late = hour < 12 and (part in ("chieu", "toi", "dem") or (part == "trua" and hour < 3))
    if hour < 5 and not late and part != "sang":
        return None  # nothing begins at 2 at night
    if (late and (not sure or part == "dem")) or (hour == 12 and part in ("toi", "dem", "sang")):
        return None
    return time(hour + 12 * late, minute)


def _part(said: _Text, match: re.Match[str]) -> tuple[str, bool]:
    """The part of the day beside an hour, and whether it is surely that hour's: "Tối 5/12, lúc 7h30"."""
    text, (start, end) = said.folded, match.span()
    after = re.split(r"[.,;!\n]", text[end : end + 25])[0]
    parts = [one for one in _PART.finditer(text, end, end + len(after)) if _is_part(said, one)]
    if parts:  # of "7h đến 9h tối" the morning may be meant
        gap = text[end : parts[0].start()]
        return parts[0][1], not _HOUR.search(gap)
    near = max(0, start - 25)
    parts = [one for one in _PART.finditer(text, near, start) if _is_part(said, one)]
    if not parts:
        return "", True
    gap = text[parts[-1].end() : start]
    if re.search(r"[;!\n]|\.\s", gap):
        return "", True
    return parts[-1][1], ("," not in gap and not _HOUR.search(gap)) or bool(_TIME_WORDS.fullmatch(gap))


def _is_part(said: _Text, part: re.Match[str]) -> bool:
    """No "tới", "tôi", "sang"; without diacritics only where a day or an hour stands beside it."""
    word = said.plain[slice(*part.span())].lower()
    if word == _PART_AS_WRITTEN[part[1]]:
        return True
    if word != part[1] or (part[1] == "toi" and _COMING.search(said.folded[: part.start()][-12:])):
        return False
    if part[1] == "sang" and said.plain.lower() != said.folded:
        return False
    if _PART_DAY.match(said.folded, part.end()):
        return True
    from_to = re.search(r"\d\s?(?:h|g|gio|:)\s?\d{0,2}\s$", said.folded[: part.start()][-9:])
    return not from_to and bool(_HOUR.match(said.folded, part.end() + 1))


# ---- people ----
_WHO = (
    "nguoi|ba con|hoc vien|doan vien|hoi vien|cong doan vien|em|chau|ban(?! sach)|dai bieu|giao vien|cong nhan|hoc sinh|"
    "cbcnv|thieu nhi|phu huynh|anh chi em|anh em|chi em|thanh vien|can bo|sinh vien|cu|thi sinh|khach|nhan dan|cu dan|"
    "van dong vien|nguoi lao dong|doc gia|lao dong|vien chuc|cong chuc|thanh nien|phu nu|chien si|"
    "co chu|co bac|chu bac|ky thu|vdv|cnv|cbvc|cbnv|hv|hs|gv|cnld|nld|cbgvnv|cbgv|cbccvc|cbcc|cdv|dvcd"
)
_WHO_AS_WRITTEN = {"ban": "bạn", "cu": "cụ"}  # no "300 bản sách", no "5 củ"
_COUNT = re.compile(
    rf"(?<![\d./:,])(\d{{1,3}}(?:\.\d{{3}})+|\d{{1,6}})\s?(?:luot\s+)?(?:nu\s+|nam\s+)?({_WHO})\b"
)
_ABOUT = re.compile(r"\b(gan|khoang|hon|tren|du kien(?: co)?|it nhat|chung|uoc tinh|co)\s*$")
_NOT_THERE = re.compile(
    r"\b(?:toi da|gioi han|chi nhan|moi (?:don vi|phuong|to|khu pho|truong|lop|doi|nguoi|"
    r"cong doan)[^.\n]{0,15}|cu|can|con|nhan|it nhat|tuyen|(?:lan|buoi|ky|nam|tuan|thang) (?:truoc|ngoai)[^.\n]{0,15})\s*$"
)
# Who teaches or leads it, who only said that they would come, who is of each unit.
_NOT_COUNTED = re.compile(
    r"^(?:[^.,;:\n]{0,25}?\b(?:huong dan|dung lop|phu trach|bao cao vien|giang day|truyen dat)\b| day\b"
    r"|\s(?:da |se )?dang ky\b|\s?/|\s(?:cho )?moi (?:don vi|phuong|to|khu pho|chi (?:hoi|doan)|truong|lop|doi)\b)"
)
_NUMBER_BEFORE = re.compile(r"(?<![\d/:.hg])\d{1,5}\s?[-–]\s?$|\btu \d{1,5} den $")
_ATTENDED = re.compile(
    r"^[^.\n;]{0,40}?\b(?:tham du|tham gia|du|theo hoc|co mat|den du|hoc(?! vien)|du thi)\b"
)
_TOTAL = re.compile(
    r"\b(?:tong (?:so|cong)|tat ca|thu hut|si so|so nguoi[^.\n]{0,12}|voi su (?:tham gia|tham du) cua)\s*:?\s*$"
)
_LABELLED = re.compile(
    r"\b(?:so (?:luong|nguoi)(?: tham (?:du|gia))?|si so)\s*:\s*(\d{1,6})\b(?!\s*(?:cho|suat))"
)


def _people(said: _Text) -> int | None:
    labelled = _LABELLED.search(said.folded)
    if labelled:
        return int(labelled[1])
    counts: list[tuple[int, bool]] = []  # how many, and whether the text says that they came
    end = 0
    for match in _COUNT.finditer(said.folded):
        before, after = said.folded[: match.start()][-50:], said.folded[match.end() :][:60]
        who = said.plain[slice(*match.span(2))].lower()
        number = int(match[1].replace(".", ""))
        if _NOT_THERE.search(before) or who not in (match[2], _WHO_AS_WRITTEN.get(match[2], who)):
            continue
        if _is_led(said, match, before, after) or (number <= 12 and _NUMBERED.search(before)):
            continue  # "Lớp 5 em An"
        about = _ABOUT.search(before) or _NUMBER_BEFORE.search(before)
        if about and _NUMBERED.search(before[: about.start()]):
            about = None  # "Phường 5 - 40 người"
        if about and about[0].strip() != "co":
            said.asks.append(
                f"Số người (tin ghi “{said.plain[match.start() - len(about[0]) : match.end()].strip()}”)"
            )
            continue
        came = bool(_ATTENDED.search(after) or _TOTAL.search(before))
        if counts and said.folded[end : match.start()].strip() == "va":  # "250 học sinh và 12 giáo viên"
            others, they_came = counts.pop()
            number, came = number + others, came or they_came
        counts.append((number, came))
        end = match.end()
    chosen = {number for number, came in counts if came} or {number for number, _came in counts}
    if len(chosen) > 1:
        said.asks.append("Số người (tin nêu nhiều số)")
    return chosen.pop() if len(chosen) == 1 else None


def _is_led(said: _Text, match: re.Match[str], before: str, after: str) -> bool:
    """As of "do 2 cán bộ hướng dẫn"; who comes to be taught leads nothing: "cho 40 cán bộ phụ trách"."""
    if re.search(r"\bdo\s*$", before):
        return True
    found = _NOT_COUNTED.search(after)
    if not found or (found[0] == " day" and said.plain[match.end() :][1:4].lower() not in ("dạy", "day")):
        return False
    return not re.search(r"\bcho\s*$", before) and not _ATTENDED.search(re.split("[,;]", after)[0])


# ---- place ----
_HEADS = (
    r"hoi truong|ho boi|cung (?:van hoa|thieu nhi|the thao)|nha van hoa|nvh|truong|tthtcd|trung tam|"
    r"tt|ubnd|uy ban|tru so|phong hop|phong|san|"
    r"cong vien|thu vien|bao tang|khu pho"
    r"|van phong|chua|dinh|so \d|cong ty|quan|chung cu|hem|to dan pho|nha|khu luu tru|khu nha tro|"
    r"duong|cau lac bo|di tich|dia dao"
    r"|benh vien|xuong|nha may|cho|sanh|tang|lau|ht|hoi quan|nha sinh hoat|diem|tram|toa nha|"
    r"duong sach|thao cam vien|ben|dinh doc lap|xi nghiep|vp|can tin|kcn|kcx|khu cong nghiep|khu che xuat"
)
# A dot that ends nothing: "P.5", "TP. Huế", "phòng 2.1".
_SHORTENED = r"(?:(?<=\b[pq])|(?<=\b[tk]p))\.(?=\s?\w)|(?<=\d)\.(?=\d)"
_LABEL = re.compile(r"\b(?:dia diem|noi to chuc|noi hoc|dia chi|noi sinh hoat)(?: to chuc)?\s*:\s*([^\n;]+)")
_AT = re.compile(rf"(?:\b(?:tai|o|toi|den)\s+|📍\s*)((?:{_HEADS})\b(?:[^\n;.(]|{_SHORTENED})*)")
_NOT_AT = re.compile(r"^(?:nha\b(?! (?:van|sinh|may|an|thieu|truyen|thi dau|hat))|truong hoc\b)")
_LABELLED_ENDS = re.compile(
    r"(?<!\b[pq])(?<!\b[tk]p)[.!]\s|[.!]$|\s+(?:luc|vao|ngay|thoi gian)\b|,\s*(?=\d{1,2}\s?(?:h|g|gio|:)\s?\d{0,2}\b)"
)
_PLACE_ENDS = re.compile(
    r"\s+(?:vao|luc|ngay|voi|do|cho|tu|de|nham|cung|thu hut|co|da|se|nhan|tham gia|nhe|nghe|xem|"
    r"nha(?= (?:ba con|cac|moi|anh|chi|ca nha)|,|$)|sang|chieu|toi|hom|trong|dien ra|to chuc|bat dau"
    r"|khai mac|khai giang|be giang|phat dong|ra quan"
    r"|va (?:phat|trao|to chuc))\b"
    r"|,(?!\s*(?:(?:so(?= \d| nha)|duong|phuong|quan(?! doan)|p|q|xa|huyen|tp|khu pho|to|lau|tang)\b|"
    rf"[pq]?\d+(?!\s(?:hoc|{_WHO})\b)(?!\d|\s?(?:h|g|gio|:)\s?\d{{0,2}}\b)))|"
    r"\s+[-–]\s|!|…"
)
_ONLINE = [
    re.compile(rf"\b(?:{words})\b")
    for words in ("zoom|google meet|ms teams|microsoft teams|teams|zavi", "livestream|facebook")
]


def _place(said: _Text) -> str:
    labelled = _LABEL.search(said.folded)
    if labelled:
        return _cut(said, *labelled.span(1), ends=_LABELLED_ENDS)
    places = []
    for found in _AT.finditer(said.folded):
        if not _NOT_AT.search(found[1]) and not said.plain.startswith("chỗ", found.start(1)):
            places.append(_cut(said, *found.span(1), ends=_PLACE_ENDS))
    if places:
        return max(places[:2], key=len) if places[0] and places[0] in places[-1] else places[0]
    online = next(filter(None, (pattern.search(said.folded) for pattern in _ONLINE)), None)
    return f"Trực tuyến ({said.plain[slice(*online.span())]})" if online else ""


def _cut(said: _Text, start: int, end: int, ends: re.Pattern[str]) -> str:
    stop = ends.search(said.folded, start, end)
    return said.plain[start : stop.start() if stop else end].strip(" ,.:-–*_")[:250]


# ---- name ----
_NOUNS = (
    r"lop|buoi|hoi thi|cuoc thi|toa dam|le|chuyen de|hoi thao|ngay hoi|chuong trinh|tap huan|"
    r"sinh hoat|trien lam|hoi nghi|hoi sach|giai"
    r"|chuyen tham quan|doi thoai|khoa hoc|khoa|tham quan|giao luu|hoi dien|noi chuyen|quyen gop|"
    r"trao tang|dot|phien|hanh trinh|ngay sach"
    r"|san choi|hoi thao|truc quan|xe loa|phat thanh|trung bay|thi|boi duong|clb|cau lac bo|hoi trai|dem van nghe"
)
_ACT = re.compile(
    rf"\b(?:to chuc(?: thanh cong)?|khai giang|khai mac|phat dong|mo|dien ra|"
    rf"moi[^.\n:]{{0,40}}?(?:tham du|tham gia|du)|tham gia|den du|thong bao|v/v|ve viec"
    rf"|ra mat|be giang|tham du|thuc hien|hoan thanh)\s+((?:{_NOUNS})\b[^\n.;!]*)"
)
_LINE = re.compile(
    rf"^[^\w\n]*(?:(?:thong bao|thu moi|moi|tin nhanh|tin|kinh moi)\s*[:.\-–]?\s*)?((?:{_NOUNS})\b[^\n]{{3,140}})",
    re.MULTILINE,
)
_NAME_ENDS = re.compile(
    r"\s+(?:tai\s|vao\b|luc\b|ngay (?:\d|mung \d)|ngay hom|hom (?:nay|qua)|hoc (?:buoi|vao)\b|dien ra\b|voi su\b|"
    r"voi \d|do\s|thu hut\b|nham\b|se\b|da\b|sang (?:nay|mai|thu|t\d|cn|\d|ngay)|chieu (?:nay|mai|"
    r"thu|t\d|\d|ngay)|toi (?:nay|mai|thu|t\d|\d|ngay)"
    r"|o\s|co \d|bat dau\b|hop\b(?= |$)|(?<!lop\s)(?<!khoi\s)\d{1,2}\s?(?:h|gio|g|:|/)(?![a-z])\d?|"
    r"thu (?:[2-7]|hai|ba|tu|nam|sau|bay)\b|t[2-7]\b|cn\b|theo (?:ke hoach|chi dao|cong van|van ban|quyet dinh|tinh than)|"
    r"duoc to chuc|kinh moi|phoi hop|trong (?:2|hai|ba|3) ngay|tu \d|tu ngay"
    r"|cho \d+ (?:cnld|nld|cnv|nguoi)\b|(?:truc tuyen )?qua (?:zoom|google|ms |teams|facebook)"
    r"|(?<!le )khai (?:giang|mac)(?=\s+(?:\d|(?:luc|ngay|vao|tai|sang|chieu|toi)\b)))"
    r"|[,;(]|\s[-–|]\s|\.\s|\.$|:\s|!"
)
# Said twice by these letters: "do" and "đồ", "đã" and "đá", "sẽ" and "sẻ". Only without
# diacritics is either taken for an end.
_ENDING_AS_WRITTEN = {"do": "do", "da": "đã", "se": "sẽ"}
_ANYWHERE = re.compile(
    r"\b((?:lop (?!\d|hoc\b$)|buoi (?!thu\b|sang|trua|chieu|toi|\d)|hoi thi |cuoc thi |ngay hoi |"
    r"toa dam |hoi thao |le khai mac |hoi nghi |giai (?=bong|cau|co|chay))[^\n.;!]{3,})"
)
_DEED = re.compile(
    r"\b((?:ra quan|phat loa|phat thanh|tuyen truyen|quan triet|pho bien|tap huan|boi duong|noi chuyen|sinh hoat|"
    r"tham quan|luan chuyen|trao tang|tang sach|quyen gop|trung bay|khai mac|khai giang|phat dong|giao luu|hop mat|"
    r"ky niem|ke chuyen|trao|kem cap) [^\n.;!]{5,})"
)
_QUOTED = re.compile(r"[“\"«]([^”\"»\n]{3,120})[”\"»]")


def _name(said: _Text) -> tuple[str, bool]:
    """What it is called, and whether by a word that says what it is ("lớp", "hội thi")."""
    found = _LINE.search(said.folded)
    spot = found.span(1) if found and found.start() < 400 else None
    act = _ACT.search(said.folded)
    if act and (spot is None or act.start() < spot[0]):
        spot = act.span(1)
    if spot is None and (anywhere := _ANYWHERE.search(said.folded)):
        spot = anywhere.span(1)
    sure = spot is not None
    if spot is None and (deed := _DEED.search(said.folded)):
        spot = deed.span(1)
    if spot is None:
        return "", False
    start, end = spot
    quotes = _QUOTED.finditer(said.plain, start)
    end = next((m.end() for m in quotes if m.start() < end < m.end()), end)  # “Cha mẹ thời 4.0”
    stop = _ends(said, start, end)
    name = " ".join(said.plain[start:stop].split()).strip(" ,.:-–*_")
    if not sure and len(name.split()) < 3:
        return "", False  # "Sinh hoạt": a verb alone
    return _shown(name)[:250], sure


def _ends(said: _Text, start: int, end: int) -> int:
    """Where the name ends; what is quoted in it is never cut."""
    at = start
    quoted = [m.span() for m in _QUOTED.finditer(said.plain, start, end)]
    while stop := _NAME_ENDS.search(said.folded, at, end):
        word = said.plain[slice(*stop.span())].strip().lower()
        written = _ENDING_AS_WRITTEN.get(stop[0].strip())
        if written and word != written and said.plain.lower() != said.folded:
            at = stop.end()
            continue
        inside = next((span for span in quoted if span[0] <= stop.start() < span[1]), None)
        if inside is None:
            return stop.start()
        at = inside[1]
    return end


def _shown(name: str) -> str:
    """A shouted title in ordinary letters; a capital to begin with."""
    letters = [c for c in name if c.isalpha()]
    if letters and sum(c.isupper() for c in letters) > 0.8 * len(letters) and len(letters) > 8:
        name = name.lower()
    return name[:1].upper() + name[1:]


# ---- with whom ----
_WITH = re.compile(
    r"\b(?:phoi hop(?: (?:voi|cung))?|cung(?: voi)?(?=\s+(?:hoi|ubnd|phong|lien doan|ldld|doan|"
    r"cong doan|truong|trung tam|mttq|uy ban|ban|thu vien)\b)|don vi phoi hop:|"
    r"lien ket voi)\s+([^\n.;:!(]+)"
)
_WITH_ENDS = re.compile(
    r"\s+(?:to chuc|mo|khai giang|thuc hien|trien khai|tai\s|vao\b|luc\b|ngay \d|trao|phat dong|"
    r"tuyen truyen|huong dan|cho\s|nham|da\b|se\b|sang\b|chieu\b|toi\b|de\s|ra mat|ve\s|boi duong|"
    r"tap huan|quyen gop|tang\s)"
)


def _with_whom(said: _Text) -> list[str]:
    phrases = []
    for found in _WITH.finditer(said.folded):
        phrase = _cut(said, *found.span(1), ends=_WITH_ENDS)
        if 4 <= len(phrase) <= 160:
            phrases.append(phrase)
    return list(dict.fromkeys(phrases))[:6]
