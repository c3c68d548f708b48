"""Số liệu minh họa: invented figures for one unit, drawn from a seeded generator.

They look like an officer's: blanks where the line is not the unit's business, zeros where nothing was held,
sub-lines that add up; ``cli.demo.deeds`` records the activities they come from. Kinds: "office" (the consolidator's own
schools), "ward", "agency", "school" (a training school or centre), "below" (a small body under a ward). Three units send
something else the first time: the story needs it.
"""

import random
from collections.abc import Mapping

from hoctap.cli.demo.units import WARD_CODES
from hoctap.forms.spec import FormSpec

Figures = list[int | None]
Amounts = dict[tuple[str, str], int | None]  # by line number and printed column

# Lines of classes each kind may have; on the others it reports nothing.
_CLASSES = {
    "office": ("1.1", "1.2", "1.3", "1.7", "1.8", "1.9", "1.10", "1.11"),
    "ward": ("1.1", "1.3", "1.4", "1.6", "1.7", "1.8", "1.10", "1.11", "1.12", "1.13"),
    "agency": ("1.1", "1.2", "1.3", "1.4", "1.7", "1.8", "1.13"),
    "school": ("1.1", "1.4", "1.7", "1.8", "1.9", "1.13"),
    "below": ("1.7", "1.8", "1.12"),
}
_READING = ("5.1", "5.2", "5.3", "5.4", "5.5")
_CULTURE = ("6.1", "6.2", "6.3")
_PEOPLE_IN_EVENTS = ("5.3", "5.4", "5.5", *_CULTURE)


def invent(spec: FormSpec, rng: random.Random, kind: str) -> Figures:
    """A vector in cell order that passes every check of the form without a reason."""
    amounts: Amounts = {}
    _classes(amounts, rng, kind)
    _events(amounts, rng)
    _counts(amounts, rng, kind)
    return [
        None if cell.derived else amounts.get((line.number, cell.column))
        for line in spec.lines
        for cell in line.cells
    ]


def _classes(amounts: Amounts, rng: random.Random, kind: str) -> None:
    people = []
    for line in _CLASSES[kind]:
        count = rng.choice((None, 0, 1, 1, 2, 3))
        amounts[line, "count"] = count
        amounts[line, "people"] = count and sum(rng.randint(15, 55) for _ in range(count))
        people.append(amounts[line, "people"])
    if all(given is None for given in people):  # whoever reports says at least that there was none
        amounts["1.8", "count"] = amounts["1.8", "people"] = 0
    amounts["1T", "people"] = sum(given or 0 for given in people)


def _events(amounts: Amounts, rng: random.Random) -> None:
    for lead, lines, extra in (("5", _READING, 2), ("6", _CULTURE, 1)):
        for line in lines:
            count = rng.choice((None, 0, 0, 1, 1, 2))
            amounts[line, "count"] = count
            if line in _PEOPLE_IN_EVENTS:
                amounts[line, "people"] = count and sum(rng.randint(30, 90) for _ in range(count))
        amounts[lead, "count"] = sum(amounts[line, "count"] or 0 for line in lines) + rng.randint(0, extra)


def _counts(amounts: Amounts, rng: random.Random, kind: str) -> None:
    amounts["2", "count"] = rng.randint(3, 34)
    amounts["3", "count"] = 5 * rng.randint(6, 200)
    amounts["4.1", "count"] = rng.randint(0, 14)
    amounts["4.1", "people"] = rng.randint(0, 119)
    amounts["4.2", "count"] = rng.randint(200, 1500)
    amounts["8", "count"] = rng.randint(0, 2)
    amounts["9.1", "count"] = rng.randint(0, 2)
    amounts["9.2", "people"] = rng.randint(0, 6)
    amounts["10.1", "count"] = 500_000 * rng.randint(4, 40)
    amounts["10.2", "count"] = rng.choice((None, 0, 500_000 * rng.randint(1, 20)))
    if kind == "office":  # the district's opening ceremony was held by the office; 37 schools held their own
        amounts["7.1", "count"], amounts["7.2", "count"] = 1, 37
    elif kind in ("ward", "school"):
        amounts["7.2", "count"] = 1


def changed(spec: FormSpec, figures: Figures, changes: Mapping[tuple[str, str], int]) -> Figures:
    """The vector with so much added to some cells, named by line number and column."""
    result = list(figures)
    for (number, column), difference in changes.items():
        cell = next(cell for cell in spec.line(number).cells if cell.column == column)
        result[cell.position] = (result[cell.position] or 0) + difference
    return result


def position(spec: FormSpec, number: str, column: str) -> int:
    return next(cell.position for cell in spec.line(number).cells if cell.column == column)


def kind_of(code: str) -> str:
    """Which figures a unit is given (figures.invent)."""
    if code == "pgd-q3":
        return "office"
    if code in WARD_CODES:
        return "ward"
    return "school" if code in ("gdnn-gdtx-q3", "nhandao-q3") else "agency"


def sent(spec: FormSpec, code: str, figures: Figures, time: int) -> tuple[Figures, dict]:
    """What a unit makes of its figures the first, second, third ``time`` (0, 1, 2), and the words that go with it."""
    return _TWISTS[code](spec, figures, time) if code in _TWISTS else (figures, {})


def _vothisau(spec: FormSpec, figures: Figures, time: int) -> tuple[Figures, dict]:
    """Eighteen persons attended two classes; 24 more are found in a handwritten book after the signing."""
    persons, own = 388 + (24 if time == 2 else 0), list(figures)
    count, people = position(spec, "1.7", "count"), position(spec, "1.7", "people")
    own[count], own[people] = 4, persons
    own = changed(spec, own, {("1T", "people"): persons - (figures[people] or 0) - 18})
    reason = "Theo sổ theo dõi." if time == 0 else "18 người học hai lớp, có danh sách kèm theo."
    return own, {"reasons": {"1T-more": reason}, "notes": {"1T": "18 người học hai lớp"}}


def _ldld(spec: FormSpec, figures: Figures, time: int) -> tuple[Figures, dict]:
    """The first time, with a class already counted by the ward."""
    extra = {("1.7", "count"): 1, ("1.7", "people"): 32, ("1T", "people"): 32}
    return (figures if time else changed(spec, figures, extra)), {}


def _vhtt(spec: FormSpec, figures: Figures, time: int) -> tuple[Figures, dict]:
    """The first time, with three cells typed wrong."""
    wrong = {("2", "count"): 11, ("3", "count"): 100, ("4.2", "count"): 40}
    return (figures if time else changed(spec, figures, wrong)), {}


_TWISTS = {"vothisau-q3": _vothisau, "ldld-q3": _ldld, "vhtt-q3": _vhtt}
