"""At which hour it begins."""

import re
from datetime import time

from hoctap.activities.pasting.people import COUNT
from hoctap.activities.pasting.text import Text

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


def start_in(said: Text) -> tuple[time | None, int | None]:
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


def _moment(said: Text, match: re.Match[str]) -> time | None:
    """None where the text leaves open which one is meant."""
    hour, minutes = int(match[1]), match["near"] or match["apart"] or match["colon"]
    minute = 30 if match["half"] else int(minutes or 0)
    unclear = not (minutes or match["half"]) and _MINUTES_MAYBE.match(said.folded, match.end())
    if minute > 59 or (unclear and not COUNT.match(said.folded, match.end() + 1)):
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


def _part(said: Text, match: re.Match[str]) -> tuple[str, bool]:
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


def _is_part(said: Text, part: re.Match[str]) -> bool:
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
