"""The next turn of what recurs: its days, and its words where they name a day or a period. Plain arithmetic."""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from hoctap.obligations.enums import Frequency

MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}
# Days before its deadline by which a round is there at the latest, however late in its period it would begin.
LEAD = {Frequency.MONTHLY: 7, Frequency.QUARTERLY: 15, Frequency.YEARLY: 30}
LAST_DAY = 31
_DAY = timedelta(days=1)
_ROMAN = ("I", "II", "III", "IV")
_AT_THE_END = re.compile(r"\bcuối (?:tháng|quý|năm)\b|\bngày cuối\b", re.IGNORECASE)


def moved(day: date, months: int, stated: int = 0) -> date:
    """So many months later, on the ``stated`` day of the month (default: the same); in a shorter month its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(stated or day.day, monthrange(year, month + 1)[1]))


def stated_day(on: date, text: str, kept: int | None = None) -> int:
    """The day of the month a deadline means: "cuối tháng" the last; ``kept``: that of a month which had no such day."""
    return kept or (LAST_DAY if _AT_THE_END.search(text) else on.day)


def moved_end(day: date, months: int) -> date:
    """As ``moved`` for the end of a period: the last day of a month stays the last."""
    return moved(day, months, LAST_DAY if (day + _DAY).day == 1 else day.day)


def opens_on(
    frequency: Frequency,
    first_due: date | None,
    period_from: date | None,
    period_to: date | None,
    opened: date,
) -> date:
    """When the next round opens: with its period, or with the year, quarter or month its deadline falls into; LEAD days
    before that at the latest, and never before this round's own period (without one: its first deadline) is over."""
    months = MONTHS[frequency]
    anchor = first_due or period_to or opened
    due = moved(anchor, months)
    start = (
        moved(period_from, months)
        if period_from
        else due.replace(month=due.month - _within(due, months), day=1)
    )
    if first_due:
        start = min(start, due - timedelta(days=LEAD[frequency]))
    return max(start, (period_to or anchor) + _DAY)


def _within(day: date, months: int) -> int:
    """How many months after the first of its year, quarter or month."""
    return (day.month - 1) % months


def next_name(name: str, frequency: Frequency, near: date, later: date, longest: int = 250) -> str:
    """The round's name a turn later: the month, quarter or year it names moves on; one that names none gets it.

    ``near`` lies in the period now or a turn after it (its deadline), ``later`` in the next."""
    moved_on = _PATTERN[frequency].sub(
        lambda found: _turned(found.groupdict(), found[0], frequency, near), name
    )
    if moved_on != name:
        return moved_on[:longest]
    period = f" – {_period(frequency, later)}"
    return name[: longest - len(period)] + period


def _period(frequency: Frequency, day: date) -> str:
    if frequency == Frequency.YEARLY:
        return f"năm {day.year}"
    if frequency == Frequency.QUARTERLY:
        return f"quý {_ROMAN[(day.month - 1) // 3]} năm {day.year}"
    return f"tháng {day.month:02} năm {day.year}"


_YEAR = r"(?:(?P<join>\s*/\s*|,?\s+năm\s+)(?P<of>\d{4}))?(?!\d)"
_ALONE = r"|(?P<word>\bnăm )(?P<year>\d{4})(?!\d|\s*[-–]\s*\d)"
_SCHOOL = r"(?P<school>\bnăm học )(?P<first>\d{4})(?P<dash>\s*[-–]\s*)(?P<second>\d{4})(?!\d)"
_PATTERN = {
    Frequency.YEARLY: re.compile(_SCHOOL + _ALONE, re.IGNORECASE),
    Frequency.QUARTERLY: re.compile(
        rf"(?P<head>\bquý )(?P<part>IV|I{{1,3}}|[1-4])\b{_YEAR}{_ALONE}", re.IGNORECASE
    ),
    Frequency.MONTHLY: re.compile(
        rf"(?P<head>\btháng )(?P<part>\d{{1,2}})(?!\d){_YEAR}{_ALONE}", re.IGNORECASE
    ),
}


def _turned(found: Mapping[str, str | None], whole: str, frequency: Frequency, near: date) -> str:
    """One place in a name, a turn later; as it is where it names something long past or still to come."""
    if first := found.get("first"):
        turns = near.year - int(first) in (0, 1)
        return (
            f"{found['school']}{int(first) + 1}{found['dash']}{int(found['second'] or 0) + 1}"
            if turns
            else whole
        )
    if year := found["year"]:
        now = near.year - int(year) in (0, 1) if frequency == Frequency.YEARLY else False
        later = moved(near, MONTHS[frequency]).year if int(year) == near.year else int(year)
        return f"{found['word']}{int(year) + 1 if now else later}" if now or later != int(year) else whole
    return _part_turned(found, whole, 12 // MONTHS[frequency], near)


def _part_turned(found: Mapping[str, str | None], whole: str, parts: int, near: date) -> str:
    """A month or a quarter (``parts`` in a year), with or without its year."""
    head, part, join, of = (found[name] or "" for name in ("head", "part", "join", "of"))
    number = _number(part)
    now = near.year * parts + (near.month - 1) * parts // 12
    named = int(of or near.year) * parts + number - 1
    if not of and named > now:
        named -= parts
    if now - named not in (0, 1) or number > parts:
        return whole
    year, index = divmod(named + 1, parts)
    written = f"{index + 1:0{len(part)}}" if part.isdecimal() else _ROMAN[index]
    return f"{head}{written}{join}{year if of else ''}"


_SLASHED = (
    r"(?<![\d/])(?P<d>\d{1,2})(?P<s1>\s?[/.-]\s?)(?P<m>\d{1,2})(?:(?P<s2>\s?[/.-]\s?)(?P<y>\d{4}))?(?![\d/])"
)
_SPELT = r"(?P<day>\bngày )(?P<d>\d{1,2})(?P<s1> tháng )(?P<m>\d{1,2})(?:(?P<s2> năm )(?P<y>\d{4}))?(?!\d)"
_IN_MONTH = r"(?P<day>\btháng )(?P<m>\d{1,2})(?:(?P<s2>\s?/\s?| năm )(?P<y>\d{4}))?(?!\d|\s*(?:,|và)\s*\d)"
_IN_QUARTER = r"(?P<day>\bquý )(?P<q>IV|I{1,3}|[1-4])\b(?:(?P<s2>\s?/\s?| năm )(?P<y>\d{4}))?(?!\d|\s*(?:,|và)\s*[\dIV])"
_IN_YEAR = r"(?P<day>\bnăm )(?P<y>\d{4})(?!\d)"
_STATED = [re.compile(p, re.IGNORECASE) for p in (_SPELT, _SLASHED, _IN_MONTH, _IN_QUARTER, _IN_YEAR)]
_SEVERAL = re.compile(r"(?<![\d/])\d{1,2}\s?/\s?\d{1,2}(?![\d/])")


def next_due_text(text: str, on: date, new: date) -> str:
    """The document's words for a deadline, where they state its day: ``on`` becomes ``new``.

    Words that hold for every turn stay: "chậm nhất vào cuối tháng 10 hằng năm", "trước 10/3, 10/6, 10/9, 10/12"."""
    if len(_SEVERAL.findall(text)) > 1:
        return text
    for stated in _STATED:
        written = stated.sub(lambda found: _restated(found.groupdict(), found[0], on, new), text)
        if written != text:
            return written
    return text


def _restated(found: Mapping[str, str | None], whole: str, on: date, new: date) -> str:
    quarter = found.get("q")
    says = [
        (found.get("y"), on.year),
        (found.get("m"), on.month),
        (found.get("d"), on.day),
        (quarter and str(_number(quarter)), (on.month + 2) // 3),
    ]
    if any(said and int(said) != old for said, old in says):
        return whole  # another day
    digits = {name: found.get(name) for name in ("d", "m")}
    written = {
        name: f"{value:0{len(digits[name] or '')}}" for name, value in (("d", new.day), ("m", new.month))
    }
    middle = f"{written['d']}{found.get('s1')}" if digits["d"] else ""
    middle += written["m"] if digits["m"] else ""
    if quarter:
        middle = str((new.month + 2) // 3) if quarter.isdecimal() else _ROMAN[(new.month - 1) // 3]
    year = f"{found.get('s2') or ''}{new.year}" if found.get("y") else ""
    return f"{found.get('day') or ''}{middle}{year}"


def _number(part: str) -> int:
    return int(part) if part.isdecimal() else _ROMAN.index(part.upper()) + 1
