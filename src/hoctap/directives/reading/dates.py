"""Days, months and spans as Vietnamese official writing says them. Pure.

A year the text leaves out is taken from the document's own date and marked ``inferred``; a day it leaves out stays out.
Months go first nowhere in Vietnamese: 10/25/2023 is no date.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from hoctap.directives.reading.said import Said

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_ON = r"(?:(?:các|những)\s+)?(?:ngày|mùng|mồng|hôm)"
_WORDS = (  # a page copied may glue them: "ngày22 tháng11 năm 2013"
    rf"(?:{_ON}\s*)?(?<!\d)(?P<d1>{_DAY})\s*tháng\s*(?P<m1>{_MONTH})(?!\d)(?:,?\s*năm\s*(?P<y1>{_YEAR})(?!\d)"
    rf"|\s?[/.]\s?(?P<y1b>{_YEAR})(?!\d))?"
)
_FULL = rf"(?:{_ON}\s*)?(?<![\d/.])(?P<d2>{_DAY})\s?(?P<sep>[/.-])\s?(?P<m2>{_MONTH})\s?(?P=sep)\s?(?P<y2>{_YEAR})(?![\d/])"
_SHORT = rf"(?:{_ON}\s+)?(?<![\d/])(?P<d3>{_DAY})\s?/\s?(?P<m3>{_MONTH})(?![\d/%])(?:\s+năm\s+(?P<y3>{_YEAR})(?!\d))?"
_DAY_ONLY = rf"{_ON}\s+(?P<d4>{_DAY})(?![\d/%.]|\s?[/-]\s?\d|\s+tháng)"
_MONTH_ONLY = rf"tháng\s+(?P<m5>{_MONTH})(?!\d)(?:(?:\s*/\s*|\s+năm\s+)(?P<y5>{_YEAR})(?!\d))?(?!\s?/\d)"
_QUARTER = rf"quý\s+(?P<q6>I{{1,3}}V?|IV|[1-4])(?![\w])(?:(?:\s*/\s*|\s+năm\s+)(?P<y6>{_YEAR})(?!\d))?"
_ANY = re.compile("|".join([_WORDS, _FULL, _SHORT, _MONTH_ONLY, _QUARTER, _DAY_ONLY]), re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:đến(?:\s+hết)?|tới|[-–]|cho\s+đến)\s*", re.IGNORECASE)
_FROM = re.compile(r"(?:\btừ|\bbắt đầu(?:\s+từ)?|\btrong các ngày)\s*:?\s*$", re.IGNORECASE)
_JOINED = re.compile(
    rf"(?:{_ON}\s+)?(?<![\d/])(?P<d>{_DAY})\s?(?:[-–]|đến)\s?(?={_DAY}(?:\s?[/.]|\s+tháng))", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True)
class When:
    """A point in time as precisely as it is said; ``start`` and ``end`` in the text."""

    start: int
    end: int
    day: int | None = None
    month: int | None = None
    year: int | None = None
    quarter: int | None = None
    inferred: tuple[int, int] | None = None  # where the year was taken from

    @property
    def on(self) -> date | None:
        if not (self.day and self.month and self.year):
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None

    @property
    def said(self) -> Said | None:
        """The day as a value."""
        return Said(self.on.isoformat(), self.start, self.end, self.inferred) if self.on else None


@dataclass(frozen=True)
class Span:
    """From one day to another."""

    start: int
    end: int
    first: When
    last: When


def dates_in(text: str, start: int = 0, end: int | None = None, year: Said | None = None) -> Iterator[When]:
    """Every point in time between two places of the text; ``year``, the document's own, stands in for years left out."""
    for found in _ANY.finditer(text, start, len(text) if end is None else end):
        when = _when(found)
        if when is None:
            continue
        if when.year is None and year is not None and when.month:
            when = replace(when, year=int(year.value), inferred=(year.start, year.end))
        if when.day and when.month and when.year and when.on is None:
            continue  # 31/02
        yield when


def _when(found: re.Match[str]) -> When | None:
    said = found.groupdict()
    place = found.span()
    for day, month, years in (("d1", "m1", ("y1", "y1b")), ("d2", "m2", ("y2",)), ("d3", "m3", ("y3",))):
        if said[day]:
            year = next((int(said[name]) for name in years if said[name]), None)
            return When(*place, int(said[day]), int(said[month]), year)
    if said["m5"]:
        return When(*place, None, int(said["m5"]), _number(said["y5"]))
    if said["q6"]:
        quarter = _QUARTERS.get(said["q6"].lower()) or _number(said["q6"])
        return When(*place, None, None, _number(said["y6"]), quarter) if quarter in (1, 2, 3, 4) else None
    if said["d4"]:
        return When(*place, int(said["d4"]))
    return None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def spans_in(text: str, start: int = 0, end: int | None = None, year: Said | None = None) -> Iterator[Span]:
    """Every "từ … đến …", "02 - 08/10/2023": the first day borrows month and year from the last where it says none."""
    end = len(text) if end is None else end
    if not _DIGIT.search(text, start, end):
        return
    points = list(dates_in(text, start, end))
    for first, last in pairwise(points):
        if last.day and last.month and first.day and _BETWEEN.fullmatch(text, first.end, last.start):
            span = _span(first, last, year)
            if span:
                yield span
    starts = [point.start for point in points]
    for found in _JOINED.finditer(text, start, end):
        ends = _point_at(points, starts, found.end())
        before = _point_at(points, starts, found.start("d"))
        inside = before and before is not ends and before.start < found.start("d") < before.end
        if ends and ends.day and ends.month and not inside and ends.end > found.end():
            whole = replace(ends, start=found.end())
            span = _span(When(found.start(), found.end("d"), int(found["d"])), whole, year)
            if span:
                yield span


def _point_at(points: list[When], starts: list[int], place: int) -> When | None:
    """The point in time whose words begin at this place or hold it; no two overlap."""
    at = bisect_right(starts, place) - 1
    return points[at] if at >= 0 and place <= points[at].end else None


def _span(first: When, last: When, year: Said | None) -> Span | None:
    if last.year is None and first.year is None and year:
        last = replace(last, year=int(year.value), inferred=(year.start, year.end))
        first = replace(first, inferred=last.inferred)
    elif last.year is None:
        last = replace(last, year=first.year)
    first = replace(first, month=first.month or last.month, year=first.year or last.year)
    if first.on and last.on and first.on > last.on and first.year == last.year:
        first = replace(first, year=(last.year or 0) - 1)  # 25/12 to 05/01/2024
    if first.on and last.on and first.on <= last.on and (last.on - first.on).days < 400:
        return Span(first.start, last.end, first, last)
    return None
